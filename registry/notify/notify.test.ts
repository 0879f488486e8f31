import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'

import { isSigned, Notification, SIGNATURE_HEADER } from '@/lib/pack-format/notification'

import { Config } from '../config/schema'
import { Catalog } from '../storage/catalog'
import { notify } from './notify'

const SECRET = 'a secret of a test'

interface Told {
  headers: IncomingHttpHeaders
  body: Buffer
  notification: Notification
}

/** Something that takes notifications, with the answers that a test says: 204 when it says none. */
async function start(settings: Record<string, unknown> = {}) {
  const told: Told[] = []
  const answers: (number | 'hang')[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    told.push({ headers: request.headers, body, notification: Notification.parse(JSON.parse(String(body))) })
    const answer = answers.shift() ?? 204
    if (answer !== 'hang') response.writeHead(answer).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const endpoint = { url, secret: SECRET, timeout: '1s', backoff: '20ms', ...settings }
  const config = Config.parse({ storage: 'inmemory', notifications: { endpoints: [endpoint] } })
  const catalog = new Catalog('r0')
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) })
  const notifying = notify(config.notifications.endpoints, catalog, log)
  onTestFinished(async () => {
    await notifying.end()
    server.close()
    server.closeAllConnections()
  })
  let count = 0
  const change = (name: string) => {
    const digest = `sha256:${String(++count).padStart(64, '0')}`
    const manifest = { digest, mediaType: 'x', bytes: 1, pack: { version: `1.0.${count}`, bytes: 1 } }
    const at = new Date().toISOString()
    catalog.apply(
      { do: 'push', repository: name, manifest, tags: [`1.0.${count}`], at, by: 'x' },
      `r${count}`,
    )
  }
  const until = (number: number) => vi.waitFor(() => expect(told).toHaveLength(number), { timeout: 5_000 })
  return { told, answers, change, until, lines, notifying }
}

test('a server that began says so, and changes that come together are told once, signed', async () => {
  const { told, change, until } = await start()
  await until(1)
  expect(told[0]?.notification).toMatchObject({ event: 'started', revision: 'r0', packs: [] })
  for (const name of ['a', 'b', 'a']) change(name)
  await until(2)
  const [, second] = told
  expect(second?.notification).toMatchObject({
    event: 'changed',
    revision: 'r3',
    packs: ['a', 'b'],
    more: false,
  })
  const signature = String(second?.headers[SIGNATURE_HEADER])
  const body = second?.body ?? Buffer.alloc(0)
  expect(isSigned(SECRET, signature, body, new Date())).toBe(true)
  expect(isSigned('another secret', signature, body, new Date())).toBe(false)
  expect(isSigned(SECRET, signature, Buffer.concat([body, Buffer.from(' ')]), new Date())).toBe(false)
  expect(isSigned(SECRET, signature, body, new Date(Date.now() + 301_000))).toBe(false)
})

test('what is not taken is told again, together with what changed meanwhile, and takes one place while it waits', async () => {
  const { told, answers, change, until, lines } = await start({ threshold: 1000 })
  await until(1)
  answers.push(500, 'hang', 429)
  change('first')
  await until(2)
  for (let i = 0; i < 300; i++) change(`pack-${i}`)
  await until(5)
  expect(told[4]?.notification).toMatchObject({ event: 'changed', revision: 'r301', more: true })
  expect(told[4]?.notification.packs).toHaveLength(100)
  expect(told[4]?.notification.packs).toContain('first')
  change('last')
  await until(6)
  expect(told[5]?.notification.packs).toEqual(['last'])
  expect(lines.join('')).not.toContain(SECRET)
})

test('the log warns of an endpoint that fails as often as its threshold says, once, and of no single failure', async () => {
  const { answers, change, until, lines } = await start({ threshold: 3 })
  const warnings = () => lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40)
  await until(1)
  answers.push(500, 500, 204, 500, 500, 500, 500)
  change('a')
  await until(4)
  expect(warnings()).toEqual([])
  change('b')
  await until(9)
  expect(warnings()).toEqual([expect.objectContaining({ failures: 3, reason: expect.stringMatching(/500/) })])
})

test('a change ends a long wait for an endpoint that did not answer, and not sooner than it may be asked again', async () => {
  const { told, answers, change, until } = await start({ backoff: '300ms', threshold: 1 })
  await until(1)
  answers.push(500, 500, 500, 500)
  change('first')
  await until(5) // after 0.3, 0.6 and 1.2 s; the next would come after 2.4 s
  const began = Date.now()
  change('second')
  await until(6)
  expect(Date.now() - began).toBeGreaterThan(250)
  expect(Date.now() - began).toBeLessThan(1_500)
  expect(told[5]?.notification.packs).toEqual(['first', 'second'])
})

test('what is refused is not told again, and the next change is', async () => {
  const { told, answers, change, until, lines } = await start()
  await until(1)
  answers.push(401)
  change('a')
  await until(2)
  await new Promise((done) => setTimeout(done, 400))
  expect(told).toHaveLength(2)
  expect(lines.join('')).toContain('It answered 401')
  change('b')
  await until(3)
  expect(told[2]?.notification.packs).toEqual(['b'])
})

test('a server ends at once although nobody takes its notifications', async () => {
  const { until, notifying, answers, change } = await start({ timeout: '1m' })
  await until(1)
  answers.push('hang')
  change('a')
  await until(2)
  const began = Date.now()
  await notifying.end()
  expect(Date.now() - began).toBeLessThan(500)
})

test('a signature of another form is none, however it is written', () => {
  const body = Buffer.from('{}')
  for (const one of [
    '',
    't=1',
    'v1=00',
    `t=x,v1=${'0'.repeat(64)}`,
    `t=1,v1=${'g'.repeat(64)}`,
    't=1,v1=,'.repeat(100_000),
  ])
    expect(isSigned(SECRET, one, body, new Date(1000))).toBe(false)
})
