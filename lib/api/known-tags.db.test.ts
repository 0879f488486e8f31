import { afterAll, beforeAll, expect, test } from 'vitest'

import { asOras, pushOci, toTgz } from '../../tests/support/oci'
import { packFiles } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase, inTenant } from '../db/in-tenant'
import { createProfile } from '../profiles/save'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { PackFilter } from '../registries/schema'
import { readRuns } from '../sync/history'
import { requestSync } from '../sync/request'
import { runSync } from '../sync/run'

let registry: TestRegistry
let admin: Actor
let id: string

const push = async (name: string, version: string, values = '') => {
  const files = packFiles({ name, version, values: `pack: "${values}"\n` })
  const layer = asOras(await toTgz(`${name}-${version}`, files), `${name}-${version}`)
  await pushOci(registry, `spectro-packs/archive/${name}`, version, layer)
}
const sync = async (force = false) => {
  await requestSync(admin, id, force)
  await runSync(admin.tenantId, id, adapterOf, new AbortController().signal)
  const [run] = await readRuns(admin, id)
  if (run?.outcome === 'failed') throw new Error(run.message)
  return run
}

beforeAll(async () => {
  registry = await startTestRegistry()
  ;({ admin } = await newTenant())
  for (const name of ['one', 'two'])
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await push(name, version)
  const repositories = ['spectro-packs/archive/one', 'spectro-packs/archive/two']
  const oci = {
    providerType: 'pack' as const,
    baseContentPath: '',
    basePath: '',
    repositories,
    tokenServer: '',
  }
  ;({ id } = await addRegistry(admin, registryInput(registry.url, { kind: 'oci', oci })))
})
afterAll(async () => {
  await registry.close()
  await closeDatabase()
})

/** To come in, and the tags of two repositories. */
const WALK = 3

test('tags that were seen before are not asked for again, and a new one costs what is new of it', async () => {
  expect(await sync()).toMatchObject({ added: 6 })
  expect(await sync()).toMatchObject({ requests: WALK, changed: 0, removed: 0 })
  await push('one', '1.3.0')
  // Its digest, its manifest, its archive.
  expect(await sync()).toMatchObject({ requests: WALK + 3, added: 1 })
})

test('a tag that moved is noticed when all are looked at again: once a day, or when somebody asks for it', async () => {
  await push('two', '1.0.0', 'other')
  expect(await sync()).toMatchObject({ requests: WALK, changed: 0 })
  expect(await sync(true)).toMatchObject({ requests: WALK + 7 + 2, changed: 1 })
  await push('two', '1.0.0', 'third')
  await sync()
  const { rereadAt } = await inTenant(admin.tenantId).registry.findFirstOrThrow({ where: { id } })
  const hours = ((rereadAt?.getTime() ?? 0) - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(23)
  expect(hours).toBeLessThan(25)
  await inTenant(admin.tenantId).registry.updateMany({ where: { id }, data: { rereadAt: new Date(0) } })
  expect(await sync()).toMatchObject({ changed: 1 })
})

test('a tag that a cluster profile uses is looked at each time', async () => {
  const layer = { name: 'one', tag: '1.1.0', type: 'oci' as const, registryUid: id }
  const profile = { name: 'uses-one', version: '1.0.0', type: 'add-on' as const, cloudType: 'all' }
  await createProfile(
    admin,
    { ...profile, labels: {}, annotations: {}, variables: [], layers: [layer] },
    { publish: false },
  )
  await push('one', '1.1.0', 'mended')
  expect(await sync()).toMatchObject({ changed: 1 })
})

test('what a filter leaves out, by name, as a version or by what it is, is not asked for again either', async () => {
  const filterBy = (filter: object) =>
    inTenant(admin.tenantId).registry.updateMany({
      where: { id },
      data: { filter: PackFilter.parse(filter) },
    })
  // A profile uses one version of "one", which is looked at each time while it is taken.
  const filters: [filter: object, requests: number][] = [
    [{ exclude: ['two'] }, WALK + 1],
    [{ newest: 1 }, WALK],
    [{ layers: ['cni'] }, WALK],
  ]
  for (const [filter, requests] of filters) {
    await filterBy(filter)
    await sync()
    expect(await sync(), JSON.stringify(filter)).toMatchObject({ requests, changed: 0, added: 0 })
  }
  await filterBy({})
  const back = await sync()
  expect(back).toMatchObject({ outcome: 'completed', returned: 7 })
  expect(await inTenant(admin.tenantId).leftOutTag.count({ where: { registryId: id } })).toBe(0)
})
