import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { deletePack, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { changeRegistry } from '../registries/change'
import { conditionsOf, freshUntil } from '../registries/conditions'
import { pauseRegistry } from '../registries/pause'
import { readRegistry } from '../registries/read'
import { applyHeld } from './held'
import { readRun, readRuns } from './history'
import { requestSync } from './request'
import { runSync } from './run'

let server: TestRegistry
let world: Awaited<ReturnType<typeof newTenant>>
let id: string
const target = () => ({ url: server.url })

beforeAll(async () => {
  server = await startTestRegistry()
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})
beforeEach(async () => {
  world = await newTenant()
  ;({ id } = await addRegistry(world.admin, registryInput(server.url, { paused: true })))
  await pauseRegistry(world.admin, id, false)
})

/** Syncs, and reads what the run did to which version. */
async function sync() {
  await requestSync(world.admin, id)
  expect(await runSync(world.tenantId, id, adapterOf, new AbortController().signal)).toBe(true)
  const [run] = await readRuns(world.admin, id)
  const read = await readRun(world.admin, id, run?.id ?? '')
  return { ...read, told: read.items.map(({ kind, name, version }) => `${kind} ${name} ${version}`) }
}
const conditions = async (now = new Date()) => {
  const all = conditionsOf(await readRegistry(world.admin, id), now)
  return Object.fromEntries(
    all.map(({ type, status, reason, since, observedRevision }) => [
      type,
      { status, reason, since: since.getTime(), observedRevision },
    ]),
  )
}

test('each run tells by name what it did to which version: added, changed, failed and why, removed, listed again', async () => {
  await pushPack(target(), { name: 'stays', version: '1.0.0' })
  const goes = await pushPack(target(), { name: 'goes', version: '1.0.0' })
  expect(await sync()).toMatchObject({
    run: { trigger: 'manual', actor: 'tenant-admin', added: 2 },
    told: ['added goes 1.0.0', 'added stays 1.0.0'],
  })
  expect((await sync()).told).toEqual([])

  const replacing = { ...target(), force: true }
  await pushPack(replacing, { name: 'stays', version: '1.0.0', values: 'pack: {other: 1}\n' })
  await pushPack(target(), { name: 'huge', version: '1.0.0', readme: 'x'.repeat(6 * 1024 * 1024) })
  await deletePack(target(), 'goes', goes)
  const { run, items, told } = await sync()
  expect(run).toMatchObject({ changed: 1, failed: 1, removed: 1 })
  expect(told).toEqual(['failed huge 1.0.0', 'removed goes 1.0.0', 'changed stays 1.0.0'])
  expect(items[0]).toMatchObject({ step: 'fetch', reason: expect.stringMatching(/./) })

  await pushPack(target(), { name: 'goes', version: '1.0.0' })
  expect(await sync()).toMatchObject({
    run: { returned: 1 },
    told: ['failed huge 1.0.0', 'returned goes 1.0.0'],
  })
  for (const name of ['stays', 'huge', 'goes']) await empty(name)
})

test('what a run held is told by name, and no more than 1,000 versions of a run with how many are left out', async () => {
  await pushPack(target(), { name: 'alone', version: '1.0.0' })
  await sync()
  await empty('alone')
  const { run, told } = await sync()
  expect([run.held, run.removed, told]).toEqual([1, 0, ['held alone 1.0.0']])
  await sqlInTenant(world.tenantId).query(`UPDATE sync_run SET held = 7 WHERE id = $1`, [run.id])
  expect((await readRun(world.admin, id, run.id)).more).toMatchObject({ held: 6, added: 0 })
  await expect(readRun(world.viewer, id, 'f'.repeat(24))).rejects.toMatchObject({ code: 'not_found' })
})

test('since when a condition holds is the time of its change, not of the last sync', async () => {
  const began = Date.now()
  expect(await conditions()).toMatchObject({
    Ready: { status: 'Unknown', observedRevision: 0 },
    Fresh: { status: 'Unknown', reason: 'NeverRead' },
  })
  const pushed = await pushPack(target(), { name: 'alone', version: '1.0.0' })
  await sync()
  const first = await conditions()
  expect(first).toMatchObject({
    ...{ Ready: { status: 'True', observedRevision: 1 }, Fresh: { status: 'True' } },
    ...{ Held: { status: 'False' }, Stalled: { status: 'False' } },
  })
  expect(first.Ready?.since).toBeGreaterThanOrEqual(began)

  await sync()
  const second = await conditions()
  expect([second.Ready, second.Fresh]).toEqual([first.Ready, first.Fresh])
  expect(second.Syncing?.since).toBeGreaterThan(first.Syncing?.since ?? Number.POSITIVE_INFINITY)

  await deletePack(target(), 'alone', pushed)
  await sync()
  const third = await conditions()
  expect(third).toMatchObject({ Held: { status: 'True' }, Ready: first.Ready })
  expect(third.Held?.since).toBeGreaterThan(second.Held?.since ?? Number.POSITIVE_INFINITY)
  await applyHeld(world.admin, id, { list: 'held', proposal: null })
  expect((await conditions()).Held?.since).toBeGreaterThan(third.Held?.since ?? Number.POSITIVE_INFINITY)
})

test('a catalog that became too old and is read again is fresh since it was read again', async () => {
  await sync()
  const { Fresh } = await conditions()
  await sqlInTenant(world.tenantId).query(
    `UPDATE registry SET last_synced_at = last_synced_at - interval '1 hour', fresh_since = now() - interval '1 day'
     WHERE id = $1`,
    [id],
  )
  const { lastSyncedAt } = await readRegistry(world.admin, id)
  expect(await conditions()).toMatchObject({
    Fresh: { status: 'False', reason: 'TooOld', since: freshUntil(lastSyncedAt as Date, 15).getTime() },
  })
  await sync()
  const again = await conditions()
  expect(again.Fresh?.status).toBe('True')
  expect(again.Fresh?.since).toBeGreaterThan(Fresh?.since ?? Number.POSITIVE_INFINITY)
})

test('the database and the console agree until when a catalog is fresh', async () => {
  for (const minutes of [1, 7, 15, 10_080]) {
    const { rows } = await sqlInTenant(world.tenantId).query('SELECT packyard_fresh_until($1, $2) AS until', [
      ...[new Date(0), minutes],
    ])
    expect(rows[0].until).toEqual(freshUntil(new Date(0), minutes))
  }
})

test('conditions are about the settings that the last sync knew until the next has ended', async () => {
  await sync()
  await changeRegistry(world.admin, id, registryInput(server.url, { name: `renamed-${id}` }))
  expect(await conditions()).toMatchObject({
    ...{ Ready: { observedRevision: 1 }, Syncing: { reason: 'Queued', observedRevision: 2 } },
  })
  const { run } = await sync()
  expect(run).toMatchObject({ trigger: 'changed', actor: 'tenant-admin' })
  expect(await conditions()).toMatchObject({ Ready: { observedRevision: 2 } })
  await changeRegistry(world.admin, id, registryInput(server.url, { name: `renamed-${id}`, paused: true }))
  expect(await readRegistry(world.admin, id)).toMatchObject({ pausedBy: 'tenant-admin' })
  const other = { ...world.admin, name: 'Somebody else' }
  await changeRegistry(other, id, registryInput(server.url, { name: `renamed-${id}`, paused: true }))
  expect(await readRegistry(world.admin, id)).toMatchObject({ pausedBy: 'tenant-admin' })
})

/** Takes every version of a pack out of the server. */
async function empty(name: string): Promise<void> {
  const answer = await fetch(`${server.url}/v1/_packyard/catalog`)
  for (const line of (await answer.text()).trim().split('\n')) {
    const one = JSON.parse(line)
    if (one.name === name) await deletePack(target(), name, one.digest)
  }
}
