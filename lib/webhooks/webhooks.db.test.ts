import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { deletePack, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { isSigned } from '../pack-format/notification'
import { addWebhook, changeWebhook, pauseWebhook, removeWebhook, renewSecret } from './change'
import { deliver } from './deliver'
import { listDeliveries, listWebhooks, readWebhook } from './read'
import { WebhookBody, WebhookInput } from './schema'
import { testWebhook } from './send-test'

const CONSOLE = 'https://console.example'
let registry: TestRegistry
let admin: Actor
let viewer: Actor
let registryId: string
let version = 0

/** A receiver that answers as a test says: 204 when it says nothing. */
let receiver: Server
let url: string
let seen: { headers: Record<string, unknown>; bytes: Buffer; body: WebhookBody }[]
let answers: ([status: number, headers?: Record<string, string>] | 'hang')[]

beforeAll(async () => {
  registry = await startTestRegistry()
  await pushPack(registry, { name: 'dex', version: '0.0.1' })
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    seen.push({ headers: request.headers, bytes, body: WebhookBody.parse(JSON.parse(String(bytes))) })
    const answer = answers.shift() ?? [204]
    if (answer === 'hang') return
    response.writeHead(...answer).end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?key=hidden`
})
beforeEach(async () => {
  ;[seen, answers] = [[], []]
  ;({ admin, viewer } = await newTenant())
  registryId = await addSynced(admin, registry.url)
})
afterEach(() => sqlInTenant(admin.tenantId).query('DELETE FROM webhook'))
afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await registry.close()
  await closeDatabase()
})

const input = (rest: Partial<WebhookInput> = {}) =>
  WebhookInput.parse({ name: 'Chat', url, kinds: ['added', 'repushed', 'gone'], ...rest })
const push = (name = 'dex', rest = {}) =>
  pushPack({ url: registry.url, force: true }, { name, version: `1.0.${++version}`, ...rest })
const pushAndSync = async (name?: string) => {
  await push(name)
  await syncAgain(admin, registryId)
}
const run = () => deliver(new AbortController().signal)
const history = async (id: string) =>
  (await listDeliveries(admin, id)).map(({ state, attempts, status, changes }) => [
    state,
    attempts,
    status,
    changes,
  ])
const dueNow = () =>
  sqlInTenant(admin.tenantId).query(`UPDATE webhook_delivery SET next_at = now() WHERE state = 'waiting'`)

test('what changes is told, signed, with what it was and where people look at it', async () => {
  const { id, secret } = await addWebhook(admin, input())
  const digest = await push('oak')
  await pushAndSync()
  expect(await run()).toBe(1)
  const [told] = seen
  expect(told?.body).toMatchObject({ event: 'changes', id: expect.stringMatching(/^[0-9a-f]{24}$/) })
  expect(told?.body.changes.map((one) => [one.kind, one.name]).sort()).toEqual([
    ['added', 'dex'],
    ['added', 'oak'],
  ])
  const oak = told?.body.changes.find((one) => one.name === 'oak')
  expect(oak).toMatchObject({ registry: { uid: registryId }, became: digest, versions: 1 })
  expect(oak?.url).toContain(`/packs/oak?registry=${registryId}&version=1.0.`)
  expect(told?.headers).toMatchObject({ 'packyard-event': 'changes', 'packyard-delivery': told?.body.id })
  const signature = String(told?.headers['packyard-signature'])
  expect(isSigned(secret, signature, told?.bytes ?? Buffer.alloc(0), new Date())).toBe(true)
  expect(isSigned(`${secret}x`, signature, told?.bytes ?? Buffer.alloc(0), new Date())).toBe(false)
  expect(await history(id)).toEqual([['delivered', 1, 204, 2]])
  expect(await run()).toBe(0)
})

test('only what fits the kinds, registries and packs is told', async () => {
  const hears = async (rest: Partial<WebhookInput>) => {
    const { id } = await addWebhook(admin, input({ name: `w${++version}`, ...rest }))
    return id
  }
  const ids = [
    await hears({ packs: ['oa?'] }),
    await hears({ packs: ['elm', 'd*'] }),
    await hears({ registries: ['registry-*'], packs: ['dex'] }),
    await hears({ registries: ['other*'] }),
    await hears({ kinds: ['gone'] }),
  ]
  await push('oak')
  await pushAndSync()
  await run()
  expect(seen.map((one) => one.body.changes.map((change) => change.name).join()).sort()).toEqual([
    'dex',
    'dex',
    'oak',
  ])
  expect(await Promise.all(ids.map(async (id) => (await history(id)).length))).toEqual([1, 1, 1, 0, 0])
  const digest = await push('dex')
  await syncAgain(admin, registryId)
  await run()
  seen = []
  await deletePack(registry, 'dex', digest)
  await syncAgain(admin, registryId)
  await run()
  expect(seen.flatMap((one) => one.body.changes.map((change) => change.kind))).toContain('gone')
})

test('what fails is told again as it was, later each time, and what happened meanwhile after it', async () => {
  const { id } = await addWebhook(admin, input())
  answers = [[503, { 'retry-after': '120' }], [500]]
  await pushAndSync()
  await run()
  expect(await history(id)).toEqual([['waiting', 1, 503, 1]])
  const [first] = await listDeliveries(admin, id)
  expect(first?.nextAt.getTime()).toBeGreaterThan(Date.now() + 100_000)
  expect(first?.reason).toBe('The receiver answered 503.')
  await pushAndSync()
  expect(await run()).toBe(0)
  await dueNow()
  await run()
  await dueNow()
  await run()
  await run()
  expect(new Set(seen.slice(0, 3).map((one) => one.body.id)).size).toBe(1)
  expect(seen[2]?.bytes).toEqual(seen[0]?.bytes)
  expect(await history(id)).toEqual([
    ['delivered', 1, 204, 1],
    ['delivered', 3, 204, 1],
  ])
  expect(await readWebhook(admin, id)).toMatchObject({ failures: 0, paused: false })
})

test('what is refused is given up, and after ten failures in a row the webhook is paused with the reason', async () => {
  const { id } = await addWebhook(admin, input())
  await pushAndSync()
  answers = [[404]]
  await run()
  expect(await history(id)).toEqual([['failed', 1, 404, 1]])
  await sqlInTenant(admin.tenantId).query('UPDATE webhook SET failures = 9 WHERE id = $1', [id])
  answers = [[500]]
  await pushAndSync()
  await run()
  expect(await readWebhook(admin, id)).toMatchObject({
    paused: true,
    pausedReason: '10 attempts failed one after the other. The last: The receiver answered 500.',
  })
  await pushAndSync()
  expect(await run()).toBe(0)
  await pauseWebhook(admin, id, false)
  // What happened while it was paused is not told later.
  expect(await run()).toBe(0)
  await pushAndSync()
  expect(await run()).toBe(1)
  expect(await readWebhook(admin, id)).toMatchObject({ paused: false, pausedReason: '', failures: 0 })
})

test('a receiver that is gone for good pauses it at once; a redirect is followed nowhere', async () => {
  const { id } = await addWebhook(admin, input())
  answers = [[302, { location: 'http://127.0.0.1:1/' }], [410]]
  await pushAndSync()
  await run()
  expect((await listDeliveries(admin, id))[0]?.reason).toMatch(/leads elsewhere \(302\)/)
  expect((await readWebhook(admin, id)).paused).toBe(false)
  await pushAndSync()
  await run()
  expect((await readWebhook(admin, id)).pausedReason).toMatch(/410/)
})

test('a receiver that the egress policy forbids, or that does not answer, is told why and never with its address', async () => {
  const failsWith = async (target: string) => {
    const { id } = await addWebhook(admin, input({ name: `w${++version}`, url: target }))
    const { status, reason } = await testWebhook(admin, id, CONSOLE)
    expect(status).toBeNull()
    expect(reason).not.toContain('secret-path')
    return reason
  }
  expect(await failsWith('http://169.254.169.254/secret-path')).toBe('This address is not allowed.')
  expect(await failsWith('http://127.0.0.1:1/secret-path')).toMatch(/refused the connection/)
})

test('a test is sent at once, also to one that is paused, and stands in the history', async () => {
  const { id } = await addWebhook(admin, input())
  await pauseWebhook(admin, id, true)
  expect(await testWebhook(admin, id, CONSOLE)).toMatchObject({ status: 204, reason: '' })
  expect(seen[0]?.body).toMatchObject({ event: 'test', changes: [] })
  const secret = await renewSecret(admin, id)
  await testWebhook(admin, id, CONSOLE)
  const signature = String(seen[1]?.headers['packyard-signature'])
  expect(isSigned(secret, signature, seen[1]?.bytes ?? Buffer.alloc(0), new Date())).toBe(true)
  expect((await listDeliveries(admin, id)).map((one) => [one.event, one.state])).toEqual([
    ['test', 'delivered'],
    ['test', 'delivered'],
  ])
})

test('an attempt that a killed process left is made again a minute later, and by nobody before', async () => {
  const { id } = await addWebhook(admin, input())
  await pushAndSync()
  answers = ['hang']
  const killed = new AbortController()
  const attempt = deliver(killed.signal)
  await expect.poll(() => seen.length).toBe(1)
  expect(await run()).toBe(0)
  killed.abort()
  await attempt
  expect(await history(id)).toEqual([['waiting', 1, null, 1]])
  await dueNow()
  await run()
  expect(await history(id)).toEqual([['delivered', 2, 204, 1]])
})

test('only admins see and change webhooks, of their own tenant, and no secret comes out', async () => {
  const { id, secret } = await addWebhook(admin, input())
  const { admin: stranger } = await newTenant()
  await expect(async () => listWebhooks(viewer)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(async () => readWebhook(viewer, id)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(addWebhook(viewer, input())).rejects.toMatchObject({ code: 'forbidden' })
  expect(await listWebhooks(stranger)).toEqual([])
  for (const work of [
    () => readWebhook(stranger, id),
    () => changeWebhook(stranger, id, input()),
    () => removeWebhook(stranger, id),
    () => testWebhook(stranger, id, CONSOLE),
    () => listDeliveries(stranger, id),
  ])
    await expect(work()).rejects.toMatchObject({ code: 'not_found' })
  await expect(addWebhook(admin, input())).rejects.toMatchObject({ code: 'conflict' })
  const { rows } = await sqlInTenant(admin.tenantId).query('SELECT * FROM webhook')
  expect(JSON.stringify([rows, await listWebhooks(admin)])).not.toContain(secret.slice(4))
  await changeWebhook(admin, id, input({ name: 'Other', packs: ['a*'] }))
  expect(await readWebhook(admin, id)).toMatchObject({ name: 'Other', packs: ['a*'] })
  await removeWebhook(admin, id)
  expect(await listWebhooks(admin)).toEqual([])
})

test.each([
  ['ftp://a.example', /https:/],
  ['https://user:pw@a.example', /user name/],
  ['nothing', /https:/],
])('%s is no address of a receiver', (wrong, message) => {
  expect(WebhookInput.safeParse({ ...input(), url: wrong }).error?.issues[0]?.message).toMatch(message)
})
