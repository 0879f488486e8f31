import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, pushCatalog } from '../../tests/support/catalog'
import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { searchCatalog } from '../catalog/search'
import { closeDatabase, inTenant } from '../db/in-tenant'
import { adapterOf } from '../registries/adapter'
import { changeRegistry } from '../registries/change'
import { readRegistry } from '../registries/read'
import { PackFilter } from '../registries/schema'
import { readHeld } from './held'
import { readRuns } from './history'
import { previewFilter } from './preview'
import { requestSync } from './request'
import { runSync } from './run'
import { explainVersion } from './why'

let registry: TestRegistry
let admin: Actor
let id: string

beforeAll(async () => {
  registry = await startTestRegistry()
  await pushCatalog(registry.url)
  ;({ admin } = await newTenant())
  id = await addSynced(admin, registry.url)
})
afterAll(async () => {
  await registry.close()
  await closeDatabase()
})

const filter = (rest: Partial<PackFilter>) => PackFilter.parse(rest)
const sync = async () => {
  await runSync(admin.tenantId, id, adapterOf, new AbortController().signal)
  const [run] = await readRuns(admin, id)
  if (run?.outcome === 'failed') throw new Error(run.message)
  return run
}
const save = async (rest: Partial<PackFilter>) => {
  const { name } = await readRegistry(admin, id)
  await changeRegistry(admin, id, registryInput(registry.url, { name, filter: filter(rest) }))
  return sync()
}
const here = async () => {
  const rows = await inTenant(admin.tenantId).packVersion.findMany({
    where: { registryId: id, goneAt: null },
  })
  return rows.map((row) => `${row.name} ${row.version}`).sort()
}
const ALL = [
  ...[
    'calico 3.30.0',
    'dash 2.7.0',
    'kubernetes 1.33.1',
    'kubernetes 1.33.2',
    'kubernetes 1.34.0',
    'nfs 4.11.0',
  ],
  ...['off 1.0.0', 'old 1.0.0', 'rocky 9.6.0'],
]

test.each([
  { include: ['k*', 'calico'] },
  { exclude: ['o*'], newest: 1 },
  { versions: '1.33.x || 9.x' },
  { layers: ['k8s' as const, 'os' as const] },
  { addonTypes: ['monitoring'] },
  {},
])(
  'what a preview of %j takes is what the next run takes, and nobody is asked about what goes',
  async (rest) => {
    const preview = await previewFilter(admin, { id }, filter(rest))
    expect(preview).toMatchObject({ total: 9, unread: 0 })
    const taken = preview.items
      .filter((one) => one.leftOutBy === null)
      .map((one) => `${one.name} ${one.version}`)
    const before = await here()
    expect(await save(rest)).toMatchObject({ outcome: 'completed', failed: 0, held: 0 })
    expect(await here()).toEqual(taken.sort())
    expect(before.filter((one) => !taken.includes(one))).toHaveLength(preview.goes)
    expect((await readHeld(admin, id)).held.count).toBe(0)
  },
)

test('what was left out by its files is not fetched again, and comes back without being fetched', async () => {
  await save({ layers: ['cni'] })
  expect(await here()).toEqual(['calico 3.30.0'])
  await requestSync(admin, id, true)
  expect(await sync()).toMatchObject({ added: 0, changed: 0, requests: 1 })
  expect(await save({})).toMatchObject({ added: 0, changed: 0, returned: 8 })
  expect(await here()).toEqual(ALL)
})

test('a new version that its files leave out is read once, and never shown', async () => {
  await save({ layers: ['cni'] })
  await pushPack({ url: registry.url }, { name: 'fresh', version: '1.0.0' })
  await requestSync(admin, id)
  await sync()
  expect(await here()).toEqual(['calico 3.30.0'])
  const page = { from: { offset: 0 }, limit: 10 }
  expect(
    (await searchCatalog(admin, { states: ['gone', 'active'] }, [], page)).rows.map((row) => row.name),
  ).toEqual(['calico'])
  await requestSync(admin, id, true)
  expect(await sync()).toMatchObject({ added: 0, requests: 1 })
})

test('why a version is not here names the rule that leaves it out', async () => {
  await save({ include: ['calico'] })
  expect(await explainVersion(admin, id, { name: 'dash', version: '2.7.0' })).toMatchObject({
    state: 'filtered',
    message: expect.stringContaining('packs of this name are not taken'),
  })
  expect(await explainVersion(admin, id, { name: 'never', version: '1.0.0' })).toMatchObject({
    state: 'filtered',
  })
  await save({})
  expect(await explainVersion(admin, id, { name: 'dash', version: '2.7.0' })).toMatchObject({ state: 'here' })
})

test('a preview of what is not saved yet asks the registry with what was entered, and says what is not known', async () => {
  const { kind, endpoint, auth, tls } = registryInput(registry.url)
  const preview = await previewFilter(
    admin,
    { kind, endpoint, auth, tls },
    filter({ include: ['k*'], layers: ['k8s'] }),
  )
  expect(preview).toMatchObject({ taken: 3, takenPacks: 1, unread: 3, goes: 0 })
  const wrong = previewFilter(admin, { kind, endpoint: 'http://127.0.0.1:1', auth, tls }, filter({}))
  await expect(wrong).rejects.toMatchObject({ code: 'check_failed' })
})
