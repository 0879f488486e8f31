import { randomBytes } from 'node:crypto'

import { afterAll, beforeEach, expect, test } from 'vitest'

import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, inTenant, sqlInTenant } from '../db/in-tenant'
import { sign } from '../pack-format/notification'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { pauseRegistry } from '../registries/pause'
import { readRuns } from '../sync/history'
import { runSync } from '../sync/run'
import { newUid } from '../uid'
import { endHook, makeHook } from './change'
import { readHook } from './read'
import { receiveHook } from './receive'

const never = new AbortController().signal
const servers: TestRegistry[] = []
let server: TestRegistry
let world: Awaited<ReturnType<typeof newTenant>>
let id: string
let secret: string
/** Each test comes from an address of its own. */
let address: string

beforeEach(async () => {
  server = await startTestRegistry()
  servers.push(server)
  world = await newTenant()
  ;({ id } = await addRegistry(world.admin, registryInput(server.url)))
  await run()
  secret = await makeHook(world.admin, id)
  address = `2001:db8::${randomBytes(2).toString('hex')}`
})
afterAll(async () => {
  for (const one of servers) await one.close()
  await closeDatabase()
})

const run = () => runSync(world.tenantId, id, adapterOf, never)
const bodyOf = (rest = {}) =>
  Buffer.from(
    JSON.stringify({
      ...{
        id: '1',
        event: 'changed',
        at: new Date().toISOString(),
        revision: 'r',
        packs: ['a'],
        more: false,
      },
      ...rest,
    }),
  )
const notify = (uid = id, by = secret, body: Uint8Array = bodyOf(), now = new Date()) =>
  receiveHook(uid, { signature: sign(by, body, now), body, address })
const row = () =>
  inTenant(world.tenantId).registry.findFirstOrThrow({
    where: { id },
    select: {
      requestedBy: true,
      dueAt: true,
      runId: true,
      hookHeardAt: true,
      lastOutcome: true,
      waitUntil: true,
    },
  })
const triggers = async () => (await readRuns(world.admin, id)).map((one) => one.trigger)

test('a signed notification has the registry read at once, and a burst of them once', async () => {
  await pushPack({ url: server.url }, { name: 'a', version: '1.0.0' })
  expect(await run()).toBe(false)
  for (let i = 0; i < 20; i++) await notify()
  expect(await run()).toBe(true)
  expect(await run()).toBe(false)
  expect((await readRuns(world.admin, id))[0]).toMatchObject({ trigger: 'webhook', added: 1 })
  expect(await readHook(world.viewer, id)).toMatchObject({ heardAt: expect.any(Date) })
})

test('notifications while a sync runs have it run once more', async () => {
  await notify()
  let told = false
  const running = runSync(
    world.tenantId,
    id,
    async (...of) => {
      const adapter = await adapterOf(...of)
      for (let i = 0; i < 5; i++) await notify()
      told = true
      return adapter
    },
    never,
  )
  expect([await running, told, await run(), await run()]).toEqual([true, true, true, false])
  expect((await triggers()).filter((one) => one === 'webhook')).toHaveLength(2)
})

test('who does not know the secret learns nothing, not even whether there is a registry', async () => {
  const other = await addRegistry(world.admin, registryInput(server.url))
  const before = await row()
  const refused = await Promise.all(
    [
      notify(id, 'another secret'),
      notify(newUid()),
      notify(other.id),
      notify(id, secret, bodyOf(), new Date(Date.now() - 301_000)),
      receiveHook(id, { signature: '', body: bodyOf(), address }),
      receiveHook(id, { signature: sign(secret, bodyOf(), new Date()), body: bodyOf({ id: '2' }), address }),
    ].map((one) => one.then(() => 'taken').catch(({ code, message }) => `${code} ${message}`)),
  )
  expect(new Set(refused).size).toBe(1)
  expect(refused[0]).toContain('unauthenticated')
  expect(await row()).toEqual(before)
})

test('a new secret ends the one before, and a hook that is turned off takes none', async () => {
  const second = await makeHook(world.admin, id)
  expect(second).not.toBe(secret)
  await expect(notify()).rejects.toMatchObject({ code: 'unauthenticated' })
  await notify(id, second)
  await endHook(world.admin, id)
  await expect(notify(id, second)).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(await readHook(world.admin, id)).toBeNull()
  await expect(makeHook(world.viewer, id)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(endHook(world.viewer, id)).rejects.toMatchObject({ code: 'forbidden' })
  const foreign = (await newTenant()).admin
  for (const verb of [makeHook, endHook, readHook])
    await expect(verb(foreign, id)).rejects.toMatchObject({ code: 'not_found' })
})

test('a secret is kept sealed for its own row', async () => {
  const { rows } = await sqlInTenant(world.tenantId).query('SELECT * FROM registry WHERE id = $1', [id])
  expect(JSON.stringify(rows[0])).not.toContain(secret)
  const { id: other } = await addRegistry(world.admin, registryInput(server.url))
  await inTenant(world.tenantId).registry.updateMany({
    where: { id: other },
    data: { sealedHook: rows[0].sealed_hook },
  })
  await expect(notify(other)).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('a paused or stalled registry is not read for a notification, and one that asked to wait not before', async () => {
  const set = (columns: string) =>
    sqlInTenant(world.tenantId).query(`UPDATE registry SET ${columns} WHERE id = $1`, [id])
  await pauseRegistry(world.admin, id, true)
  await notify()
  expect(await row()).toMatchObject({ requestedBy: '', dueAt: null, hookHeardAt: expect.any(Date) })
  await pauseRegistry(world.admin, id, false)
  await run()
  await set(`last_outcome = 'stalled', due_at = NULL`)
  await notify()
  expect(await row()).toMatchObject({ requestedBy: '', dueAt: null })
  await set(`last_outcome = 'failed', failures = 3, due_at = now() + interval '2 hours',
    wait_until = now() + interval '1 hour'`)
  await notify()
  const { dueAt, waitUntil } = await row()
  expect(dueAt).toEqual(waitUntil)
  await set(`wait_until = NULL`)
  await notify()
  expect((await row()).dueAt?.getTime()).toBeLessThanOrEqual(Date.now())
})

test('a run that the registry refuses is not repeated because of notifications', async () => {
  await notify()
  await runSync(
    world.tenantId,
    id,
    async (...of) => {
      const adapter = await adapterOf(...of)
      await notify()
      await server.close()
      return adapter
    },
    never,
  )
  servers.pop()
  const after = await row()
  expect(after).toMatchObject({ lastOutcome: 'failed', requestedBy: '' })
  expect(after.dueAt?.getTime()).toBeGreaterThan(Date.now() + 10_000)
})

test('no body and no signature, however odd, is more than refused', async () => {
  const odd: Uint8Array[] = [
    Buffer.alloc(0),
    Buffer.from('null'),
    Buffer.from('[]'),
    Buffer.from('{"id":{}}'),
    Buffer.from('{"__proto__":{"event":"changed"}}'),
    Buffer.from('['.repeat(60_000)),
    Buffer.from([0xff, 0xfe, 0x00]),
    bodyOf({ packs: 'x' }),
    bodyOf({ packs: Array(101).fill('a') }),
    bodyOf({ packs: ['../a'] }),
    bodyOf({ at: 'yesterday' }),
    bodyOf({ event: 'x'.repeat(60_000) }),
    ...Array.from({ length: 200 }, () => randomBytes(1 + Math.floor(Math.random() * 300))),
  ]
  const began = Date.now()
  for (const body of odd) await expect(notify(id, secret, body)).rejects.toMatchObject({ code: 'invalid' })
  expect(Date.now() - began).toBeLessThan(odd.length * 50)
  const signatures = ['t=,v1=', 't=1,v1=\u0000', `t=${'9'.repeat(100)},v1=00`, ','.repeat(30_000), '💥']
  for (const [i, signature] of signatures.entries()) {
    const one = { signature, body: bodyOf(), address: `${address}${i}` }
    await expect(receiveHook(id, one)).rejects.toMatchObject({ code: 'unauthenticated' })
  }
  expect((await row()).requestedBy).toBe('')
})

test('who sends many wrong signatures has to wait, and others do not', async () => {
  const wrong = () => notify(id, 'another secret').catch((error) => error.code)
  const codes = []
  for (let i = 0; i < 35; i++) codes.push(await wrong())
  expect(codes.slice(0, 30)).toEqual(Array(30).fill('unauthenticated'))
  expect(codes.at(-1)).toBe('too_many')
  address = '2001:db8::ffff'
  await notify()
})
