import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { deletePack, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { changeRegistry } from '../registries/change'
import { removeRegistry } from '../registries/remove'
import { PackFilter } from '../registries/schema'
import { announceEnds } from './announce'
import { applyHeld } from './held'
import { deleteOldEvents } from './store/events'

let server: TestRegistry
let admin: Actor
let id: string
const digests = new Map<string, string>()

const put = async (name: string, version: string, rest = {}, force = false) => {
  const digest = await pushPack({ url: server.url, force }, { name, version, rest })
  digests.set(`${name}@${version}`, digest)
  return digest
}

/** What was noted since the last look, in order. */
let seen = 0n
async function news(): Promise<[kind: string, version: string, was: string, became: string][]> {
  const { rows } = await sqlInTenant(admin.tenantId).query(
    'SELECT * FROM catalog_event WHERE tenant_id = $1 AND id > $2 ORDER BY id',
    [admin.tenantId, seen],
  )
  seen = BigInt(rows.at(-1)?.id ?? seen)
  return rows.map((one: Record<string, string>) => [
    one.kind,
    `${one.name}@${one.version}`,
    one.was,
    one.became,
  ])
}

beforeAll(async () => {
  server = await startTestRegistry()
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await put('dex', version)
  await put('oak', '1.0.0')
})
beforeEach(async () => {
  ;({ admin } = await newTenant())
  id = await addSynced(admin, server.url)
  seen = 0n
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})

test('all that comes with a new registry is one entry, and a sync that finds nothing new adds none', async () => {
  const { rows } = await sqlInTenant(admin.tenantId).query(
    'SELECT kind, versions, packs, run_id FROM catalog_event',
  )
  expect(rows).toMatchObject([
    { kind: 'arrived', versions: 4, packs: 2, run_id: expect.stringMatching(/^.{24}$/) },
  ])
  await news()
  await syncAgain(admin, id)
  expect(await news()).toEqual([])
})

test('a new version, other content, another state and another end of life are noted once each', async () => {
  await news()
  const before = digests.get('dex@1.0.0')
  const rest = { eol: '2031-01-31', annotations: { system_state: 'deprecated' } }
  const [after, added] = [await put('dex', '1.0.0', rest, true), await put('dex', '1.3.0')]
  await syncAgain(admin, id)
  expect((await news()).sort()).toEqual([
    ['added', 'dex@1.3.0', '', added],
    ['deprecated', 'dex@1.0.0', 'active', 'deprecated'],
    ['eolSet', 'dex@1.0.0', '', '2031-01-31'],
    ['repushed', 'dex@1.0.0', before, after],
  ])
  await put('dex', '1.0.0', { annotations: { disabled: 'true' } }, true)
  await syncAgain(admin, id)
  expect(
    (await news()).map(([kind, , was, became]) => [kind, was.slice(0, 12), became.slice(0, 12)]),
  ).toEqual([
    ['repushed', after.slice(0, 12), expect.any(String)],
    ['disabled', 'deprecated', 'disabled'],
    ['eolSet', '2031-01-31', ''],
  ])
  await put('dex', '1.0.0', {}, true)
  await syncAgain(admin, id)
  expect((await news()).map(([kind]) => kind)).toEqual(['repushed', 'reinstated'])
})

test('what the registry lists no more is noted as gone, and as returned when it comes back', async () => {
  await news()
  await deletePack(server, 'oak', digests.get('oak@1.0.0') ?? '')
  await syncAgain(admin, id)
  expect(await news()).toEqual([['gone', 'oak@1.0.0', '', '']])
  await put('oak', '1.0.0')
  await syncAgain(admin, id)
  expect(await news()).toEqual([['returned', 'oak@1.0.0', '', '']])
})

test('what a filter leaves out, and takes in again, is noted with its rule and not as gone or new', async () => {
  await news()
  const change = (filter: Partial<PackFilter>) =>
    changeRegistry(admin, id, registryInput(server.url, { name: id, filter: PackFilter.parse(filter) }))
  await change({ exclude: ['oak'] })
  await syncAgain(admin, id)
  expect(await news()).toEqual([['leftOut', 'oak@1.0.0', '', 'name']])
  await change({})
  await syncAgain(admin, id)
  expect(await news()).toEqual([['takenIn', 'oak@1.0.0', 'name', '']])
})

test('removals that a person confirms are noted, without a run', async () => {
  await news()
  await sqlInTenant(admin.tenantId).query(
    `INSERT INTO held_removal (tenant_id, registry_id, pack_version_id, of_versions)
     SELECT tenant_id, registry_id, id, 4 FROM pack_version WHERE tenant_id = $1 AND name = 'oak'`,
    [admin.tenantId],
  )
  await applyHeld(admin, id, { list: 'held', proposal: null })
  expect(await news()).toEqual([['gone', 'oak@1.0.0', '', '']])
})

test('very many versions that go at once are one entry', async () => {
  await sqlInTenant(admin.tenantId).query(
    `INSERT INTO pack_version (id, tenant_id, registry_id, name, version, version_key, display_name, layer, cloud_types,
       digest, revision_id)
     SELECT lpad(to_hex(n + 1000), 24, 'b'), tenant_id, registry_id, 'many' || n % 10, '1.0.' || n, '', 'many', 'addon', '{}', digest, ''
     FROM pack_version, generate_series(1, 600) AS n WHERE tenant_id = $1 AND name = 'oak'`,
    [admin.tenantId],
  )
  await sqlInTenant(admin.tenantId).query(
    `INSERT INTO held_removal (tenant_id, registry_id, pack_version_id, of_versions)
     SELECT tenant_id, registry_id, id, 604 FROM pack_version WHERE tenant_id = $1 AND name LIKE 'many%'`,
    [admin.tenantId],
  )
  await news()
  await applyHeld(admin, id, { list: 'held', proposal: null })
  expect(await news()).toEqual([['gone', '@', '', '']])
  const { rows } = await sqlInTenant(admin.tenantId).query(
    `SELECT versions, packs FROM catalog_event WHERE kind = 'gone'`,
  )
  expect(rows).toEqual([{ versions: 600, packs: 10 }])
})

test('an end of life is told when it is near and when it has come, once for each date', async () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const set = (version: string, eol: string) =>
    sqlInTenant(admin.tenantId).query(
      `UPDATE pack_version SET eol = $3 WHERE tenant_id = $1 AND name = 'dex' AND version = $2`,
      [admin.tenantId, version, eol],
    )
  await news()
  await Promise.all([set('1.0.0', day(20)), set('1.1.0', day(-1)), set('1.2.0', day(200))])
  for (let i = 0; i < 2; i++) await announceEnds()
  expect(await news()).toEqual([
    ['eolReached', 'dex@1.1.0', '', day(-1)],
    ['eolNear', 'dex@1.0.0', '', day(20)],
  ])
  await set('1.0.0', day(10))
  await announceEnds()
  expect(await news()).toEqual([['eolNear', 'dex@1.0.0', '', day(10)]])
})

test('events are forgotten by age and number, with their registry, and changed by nobody', async () => {
  const tenant = sqlInTenant(admin.tenantId)
  const add = (days: number, times: number) =>
    tenant.query(
      `INSERT INTO catalog_event (tenant_id, registry_id, kind, at)
       SELECT $1, $2, 'gone', now() - make_interval(days => $3) FROM generate_series(1, $4)`,
      [admin.tenantId, id, days, times],
    )
  const left = async () => (await tenant.query('SELECT count(*)::int AS n FROM catalog_event')).rows[0].n
  await add(400, 5)
  await add(3, 1_005)
  await deleteOldEvents(365, 1_000_000)
  expect(await left()).toBe(1_006)
  await expect(tenant.query(`UPDATE catalog_event SET kind = 'added'`)).rejects.toThrow(/permission denied/)
  await expect(tenant.query('DELETE FROM catalog_event')).rejects.toThrow(/permission denied/)
  await deleteOldEvents(365, 1_000)
  expect(await left()).toBe(1_000)
  await removeRegistry(admin, id)
  expect(await left()).toBe(0)
})
