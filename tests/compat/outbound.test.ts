import { afterEach, expect, test } from 'vitest'

import { createOutbound, type Outbound, type OutboundLimits } from '@/lib/outbound/client'
import { readEgressPolicy } from '@/lib/outbound/policy'
import { createTurns, type Turns } from '@/lib/outbound/turns'

import { startWeb, type TestServer } from '../support/servers'

let server: TestServer
let outbound: Outbound
afterEach(async () => {
  await outbound.close()
  await server.close()
})

async function start(
  answer: Parameters<typeof startWeb>[0],
  limits: Partial<OutboundLimits> = {},
  turns?: Turns,
) {
  server = await startWeb(answer)
  const origin = `http://127.0.0.1:${server.port}`
  const tls = { ca: '', insecureSkipVerify: false }
  outbound = createOutbound({
    origin,
    auth: { type: 'none' },
    tls,
    policy: readEgressPolicy(''),
    limits,
    turns,
  })
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

test('a server that asks for a second of patience is left alone for it by everybody, and asked again', async () => {
  const seen: number[] = []
  const origin = await start(
    (_, response) => {
      seen.push(Date.now())
      if (seen.length <= 2) response.writeHead(seen.length === 1 ? 429 : 503, { 'retry-after': '1' }).end()
      else response.end('done')
    },
    {},
    createTurns({ atOnce: 1, perSecond: 0 }),
  )
  const asked = ['one', 'two'].map(async (path) =>
    (await outbound.request('GET', `${origin}/${path}`)).text(),
  )
  expect(await Promise.all(asked)).toEqual(['done', 'done'])
  expect(seen).toHaveLength(4)
  expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThanOrEqual(950)
  expect((seen[2] ?? 0) - (seen[1] ?? 0)).toBeGreaterThanOrEqual(950)
})

test('a server that asks for longer, or a fourth time, is not waited for', async () => {
  let requests = 0
  const origin = await start(
    ({ url }, response) => {
      requests++
      response.writeHead(429, url === '/hour' ? { 'retry-after': '3600' } : { 'retry-after': '0' }).end()
    },
    {},
    createTurns({ atOnce: 4, perSecond: 0 }),
  )
  expect((await outbound.request('GET', `${origin}/hour`)).status).toBe(429)
  expect(requests).toBe(1)
  expect((await outbound.request('GET', `${origin}/always`)).status).toBe(429)
  expect(requests).toBe(5)
})

test('requests over the bound of one host wait for an answer to end, and not for one that was given up', async () => {
  let [open, most] = [0, 0]
  const origin = await start(
    (_, response) => {
      most = Math.max(most, ++open)
      response.once('close', () => open--)
      setTimeout(() => response.end('x'), 20)
    },
    {},
    createTurns({ atOnce: 3, perSecond: 0 }),
  )
  const read = async () => (await outbound.request('GET', origin)).discard()
  await Promise.all(Array.from({ length: 12 }, read))
  expect(most).toBe(3)
  const stop = new AbortController()
  const given = Array.from({ length: 3 }, () => outbound.request('GET', origin, { signal: stop.signal }))
  stop.abort(new Error('Enough'))
  await Promise.allSettled(given)
  await read()
})
