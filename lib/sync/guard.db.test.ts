import { afterAll, beforeEach, expect, test } from 'vitest'

import { deletePack, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, inTenant, sqlInTenant } from '../db/in-tenant'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { readRegistry } from '../registries/read'
import { stateOf } from '../registries/state'
import { applyHeld, discardHeld, readHeld } from './held'
import { readFailures, readRuns } from './history'
import { requestSync } from './request'
import { runSync } from './run'
import { inTransaction, whileOurs } from './store/fence'
import { keepListed } from './store/listed'
import { startRun } from './store/run'
import { settleCatalog } from './store/settle'

const servers: TestRegistry[] = []
let server: TestRegistry
let world: Awaited<ReturnType<typeof newTenant>>
let id: string
/** What stands in the registry, by version of the pack `dex`. */
let digests: Map<string, string>

const COUNT = 15
const never = new AbortController().signal

/** A registry with fifteen versions of one pack, synced. */
beforeEach(async () => {
  server = await startTestRegistry()
  servers.push(server)
  world = await newTenant()
  digests = new Map()
  const all = Array.from({ length: COUNT }, (_, i) => `1.0.${i}`)
  await Promise.all(all.map((version) => add(version)))
  ;({ id } = await addRegistry(world.admin, registryInput(server.url)))
  expect(await sync()).toMatchObject({ added: COUNT })
})
afterAll(async () => {
  await Promise.all(servers.map((one) => one.close()))
  await closeDatabase()
})

const add = async (version: string, readme?: string) =>
  digests.set(version, await pushPack({ url: server.url }, { name: 'dex', version, readme }))
async function drop(...which: string[]) {
  for (const version of which) await deletePack({ url: server.url }, 'dex', digests.get(version) ?? '')
}
const first = (count: number) => Array.from({ length: count }, (_, i) => `1.0.${i}`)
async function sync() {
  await requestSync(world.admin, id)
  await runSync(world.tenantId, id, adapterOf, never)
  return (await readRuns(world.admin, id))[0]
}
const state = async () => stateOf(await readRegistry(world.admin, id))
const present = () => inTenant(world.tenantId).packVersion.count({ where: { registryId: id, goneAt: null } })
const tagsOf = async (version: string) =>
  (
    await inTenant(world.tenantId).packTag.findMany({ where: { registryId: id, packVersion: { version } } })
  ).map((one) => one.tag)
const held = async () => (await readHeld(world.admin, id)).held

/** Syncs; a person decides when it has been seen what is missing, and nothing of it is written yet. */
async function syncWhile(decide: () => Promise<unknown>) {
  await requestSync(world.admin, id)
  await runSync(
    world.tenantId,
    id,
    async (...args) => {
      const adapter = await adapterOf(...args)
      const content = adapter.content.bind(adapter)
      adapter.contents = undefined
      adapter.content = async (...asked) => {
        await decide()
        return content(...asked)
      }
      return adapter
    },
    never,
  )
}

test('a sync that would remove many versions holds them, and writes everything else', async () => {
  await drop(...first(12))
  await add('2.0.0')
  await add('3.0.0', 'x'.repeat(6 * 1024 * 1024))
  const run = await sync()
  expect(run).toMatchObject({ outcome: 'completed', removed: 0, added: 1, failed: 1 })
  expect(run?.message).toBe(
    'The registry no longer lists 12 of 15 versions. They stay until a person decides.',
  )
  expect(await state()).toBe('held')
  expect(await present()).toBe(COUNT + 1)
  expect((await readFailures(world.admin, id)).map((one) => one.version)).toEqual(['3.0.0'])
  expect(await tagsOf('1.0.0')).toEqual(['1.0.0'])
  expect(await held()).toMatchObject({ count: 12, of: 15, since: expect.any(Date) })
  expect((await held()).versions.map((one) => one.version).sort()).toEqual(first(12).sort())
  // A later run comes to the same, and no list grows.
  await sync()
  expect([await state(), await present(), (await held()).count]).toEqual(['held', COUNT + 1, 12])
})

test('a list that comes back empty takes nothing away', async () => {
  await drop(...first(COUNT))
  await sync()
  expect([await state(), await present(), (await held()).count]).toEqual(['held', COUNT, COUNT])
})

test('what is listed again is held no more, by itself', async () => {
  await drop(...first(12))
  await sync()
  await Promise.all(first(12).map((version) => add(version)))
  expect(await sync()).toMatchObject({ removed: 0, message: '' })
  expect([await state(), await present(), (await held()).count]).toEqual(['healthy', COUNT, 0])
  expect(await sync()).toMatchObject({ outcome: 'unchanged' })
})

test('what stays away goes by itself once so few are left that nobody has to be asked', async () => {
  await drop(...first(12))
  await sync()
  await Promise.all(first(9).map((version) => add(version)))
  expect(await sync()).toMatchObject({ removed: 3 })
  expect([await state(), await present(), (await held()).count]).toEqual(['healthy', COUNT - 3, 0])
})

test('what was added meanwhile does not let removals through that wait', async () => {
  await drop(...first(5))
  expect(await sync()).toMatchObject({ removed: 5 })
  await drop(...first(COUNT).slice(5))
  await sync()
  expect(await held()).toMatchObject({ count: 10, of: 10 })
  await add('2.0.0')
  expect(await sync()).toMatchObject({ added: 1, removed: 0 })
  expect([await state(), await present(), (await held()).count]).toEqual(['held', 11, 10])
})

test('a person applies the removal: the versions are gone, with their tags', async () => {
  await drop(...first(12))
  await sync()
  await applyHeld(world.admin, id, { list: 'held', proposal: (await held()).proposal })
  expect([await state(), await present(), (await held()).count]).toEqual(['healthy', COUNT - 12, 0])
  expect(await tagsOf('1.0.0')).toEqual([])
  expect(await tagsOf('1.0.14')).toContain('1.0.14')
  expect(await sync()).toMatchObject({ removed: 0, message: '' })
  const event = await inTenant(world.tenantId).auditEvent.findFirst({
    where: { resourceId: id },
    orderBy: { at: 'desc' },
    skip: 1,
  })
  expect(event).toMatchObject({ message: 'Removed 12 versions no longer listed', actorId: world.admin.id })
})

test('a person keeps the versions: they stay through later syncs, until the person lets them go', async () => {
  await drop(...first(12))
  await sync()
  await discardHeld(world.admin, id, null)
  expect([await state(), await present()]).toEqual(['healthy', COUNT])
  expect(await sync()).toMatchObject({ removed: 0, message: '' })
  expect(await sync()).toMatchObject({ outcome: 'unchanged' })
  expect([await state(), await present()]).toEqual(['healthy', COUNT])
  expect(await tagsOf('1.0.0')).toEqual(['1.0.0'])
  // One more that goes is an ordinary removal.
  await drop('1.0.14')
  expect(await sync()).toMatchObject({ removed: 1 })
  // One of them that is listed again is like every other one.
  await add('1.0.0')
  await sync()
  const { kept } = await readHeld(world.admin, id)
  expect(kept).toMatchObject({ count: 11 })
  await applyHeld(world.admin, id, { list: 'kept', proposal: kept.proposal })
  expect(await present()).toBe(3)
})

test('a decision is about the list that was shown, and about no other', async () => {
  await drop(...first(12))
  await sync()
  const { proposal } = await held()
  await drop('1.0.12')
  await sync()
  await expect(applyHeld(world.admin, id, { list: 'held', proposal })).rejects.toMatchObject({
    code: 'conflict',
  })
  await expect(discardHeld(world.admin, id, proposal)).rejects.toMatchObject({ code: 'conflict' })
  expect([await present(), (await held()).count]).toEqual([COUNT, 13])
})

test('what a person decides while a run goes on stays decided', async () => {
  await drop(...first(12))
  await sync()
  await add('2.0.0')
  await syncWhile(() => discardHeld(world.admin, id, null))
  expect([await present(), (await readHeld(world.admin, id)).kept.count]).toEqual([COUNT + 1, 12])
  expect([await state(), (await held()).count]).toEqual(['healthy', 0])
  await add('2.0.1')
  await syncWhile(() => applyHeld(world.admin, id, { list: 'kept', proposal: null }))
  expect([await present(), (await readHeld(world.admin, id)).kept.count]).toEqual([5, 0])
})

test('a run that has read its list before a person decided does not undo it', async () => {
  await drop(...first(12))
  await sync()
  await requestSync(world.admin, id)
  const runId = (await startRun(world.tenantId, id))?.runId ?? ''
  const of = { tenantId: world.tenantId, registryId: id, runId }
  const listed = ['1.0.12', '1.0.13', '1.0.14'].map((version) => {
    return { name: 'dex', version, digest: digests.get(version) ?? '', tags: [version] }
  })
  expect(await keepListed(of, listed, 0)).toBe(3)
  await discardHeld(world.admin, id, null)
  expect(await settleCatalog(of, { kept: 3, changed: null, isTagByTag: false })).toMatchObject({
    removed: { count: 0 },
    held: { count: 0 },
  })
  expect([await present(), (await readHeld(world.admin, id)).kept.count, (await held()).count]).toEqual([
    ...[COUNT, 12, 0],
  ])
})

test('a list that the database lost takes nothing away: the run fails, and the next one reads it anew', async () => {
  await add('2.0.0')
  await syncWhile(() => sqlInTenant(world.tenantId).query('DELETE FROM listed_version'))
  expect((await readRuns(world.admin, id))[0]).toMatchObject({
    outcome: 'failed',
    message: 'The list of the registry was lost while the database restarted.',
  })
  expect(await present()).toBe(COUNT + 1)
  expect(await sync()).toMatchObject({ outcome: 'completed', removed: 0 })
  expect(await inTenant(world.tenantId).listedVersion.count()).toBe(0)
})

test('a viewer sees what waits and decides nothing, and another tenant does not see it', async () => {
  await drop(...first(12))
  await sync()
  expect((await readHeld(world.viewer, id)).held.count).toBe(12)
  const list = { list: 'held', proposal: null } as const
  await expect(applyHeld(world.viewer, id, list)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(discardHeld(world.viewer, id, null)).rejects.toMatchObject({ code: 'forbidden' })
  const other = await newTenant()
  await expect(readHeld(other.admin, id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(applyHeld(other.admin, id, list)).rejects.toMatchObject({ code: 'not_found' })
  expect(await inTenant(other.tenantId).heldRemoval.count()).toBe(0)
  expect(await present()).toBe(COUNT)
})

test('a registry that a run is settling is not taken up by another, however long that takes', async () => {
  await requestSync(world.admin, id)
  const runId = (await startRun(world.tenantId, id))?.runId ?? ''
  const since = (interval: string) =>
    sqlInTenant(world.tenantId).query(
      `UPDATE registry SET updated_at = clock_timestamp() - $2::interval WHERE id = $1`,
      [id, interval],
    )
  await since('1 hour')
  const of = { tenantId: world.tenantId, registryId: id, runId }
  await whileOurs(world.tenantId, id, runId, async () => {
    expect(await startRun(world.tenantId, id)).toBeNull()
  })
  // What the lease begins with is the end of settling, not its start.
  let settling: Promise<unknown> = Promise.resolve()
  let ended = 0
  await inTransaction(world.tenantId, async (query) => {
    await query('SELECT FROM registry WHERE id = $1 FOR UPDATE', [id])
    settling = settleCatalog(of, { kept: 0, changed: [], isTagByTag: false })
    await new Promise((done) => setTimeout(done, 300))
    ended = Date.now()
  })
  await settling
  const { updatedAt } = await inTenant(world.tenantId).registry.findFirstOrThrow({ where: { id } })
  expect(updatedAt.getTime()).toBeGreaterThanOrEqual(ended - 5)
})
