import { afterEach, expect, test } from 'vitest'

import { createOutbound, type Outbound, type OutboundLimits } from '@/lib/outbound/client'
import { readEgressPolicy } from '@/lib/outbound/policy'

import { startWeb, type TestServer } from '../support/servers'

let server: TestServer
let outbound: Outbound
afterEach(async () => {
  await outbound.close()
  await server.close()
})

async function start(answer: Parameters<typeof startWeb>[0], limits: Partial<OutboundLimits> = {}) {
  server = await startWeb(answer)
  const origin = `http://127.0.0.1:${server.port}`
  const tls = { ca: '', insecureSkipVerify: false }
  outbound = createOutbound({ origin, auth: { type: 'none' }, tls, policy: readEgressPolicy(''), limits })
  return origin
}

test('the time of a request is bounded in all, from the first byte to the last, redirects included', async () => {
  let drips = true
  const origin = await start(
    ({ url }, response) => {
      const next = Number(url?.slice(1)) + 1
      if (next <= 2) return setTimeout(() => response.writeHead(302, { location: `/${next}` }).end(), 250)
      if (!drips) return response.end('done')
      const timer = setInterval(() => response.write('.'), 50)
      return response.once('close', () => clearInterval(timer))
    },
    { totalMs: 1_000 },
  )
  const began = Date.now()
  const response = await outbound.request('GET', `${origin}/0`)
  await expect(response.bytes()).rejects.toMatchObject({ code: 'timeout_total' })
  expect(Date.now() - began).toBeGreaterThan(900)
  expect(Date.now() - began).toBeLessThan(3_000)
  drips = false
  expect(await (await outbound.request('GET', `${origin}/0`)).text()).toBe('done')
})

test('a caller that aborts ends a request before and in the midst of its answer, with its own reason', async () => {
  const origin = await start(({ url }, response) => {
    if (url === '/half') response.write('half')
  })
  for (const path of ['/none', '/half']) {
    const stop = new AbortController()
    const reason = new Error('Enough')
    setTimeout(() => stop.abort(reason), 100)
    const asked = outbound.request('GET', `${origin}${path}`, { signal: stop.signal })
    await expect(asked.then((response) => response.bytes())).rejects.toSatisfy(
      (error) =>
        error === reason || (error instanceof Error && error.name === 'AbortError') || error.cause === reason,
    )
  }
  const stopped = AbortSignal.abort(new Error('Never'))
  await expect(outbound.request('GET', origin, { signal: stopped })).rejects.toThrow()
})

test('a request that ended listens to its caller no longer', async () => {
  const origin = await start((_request, response) => response.end('x'))
  const { signal } = new AbortController()
  let listening = 0
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listening++
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listening--
    remove(...args)
  }
  for (let i = 0; i < 20; i++) await (await outbound.request('GET', origin, { signal })).bytes()
  await (await outbound.request('GET', origin, { signal })).discard()
  await new Promise((done) => setTimeout(done, 50))
  expect(listening).toBe(0)
})

test('an answer that is larger than it may be is broken off, whatever it said of its length', async () => {
  const origin = await start(({ url }, response) => {
    if (url === '/said') response.setHeader('content-length', 10_000)
    response.end(Buffer.alloc(10_000))
  })
  for (const path of ['/said', '/unsaid']) {
    const response = await outbound.request('GET', `${origin}${path}`, { maxBytes: 9_999 })
    await expect(response.bytes()).rejects.toMatchObject({ code: 'too_large' })
  }
  expect(await (await outbound.request('GET', `${origin}/said`, { maxBytes: 10_000 })).bytes()).toHaveLength(
    10_000,
  )
})
