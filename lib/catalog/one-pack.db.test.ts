import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { deletePack, packFiles, push, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { toOciPack } from '../pack-format/oci'
import { createProfile } from '../profiles/save'
import { listProfilesOfPack } from '../profiles/used-by'
import { newUid } from '../uid'
import { listDependents, readConstraints } from './constraints'
import { listVersionsOf, readPackByName } from './one-pack'

let first: TestRegistry
let second: TestRegistry
let admin: Actor
let viewer: Actor
let ids: [string, string]

const dependency = (packName: string, rest: object = {}) => ({
  constraints: { dependencies: [{ packName, layer: 'k8s', type: 'required', ...rest }] },
})

beforeAll(async () => {
  ;[first, second] = [await startTestRegistry(), await startTestRegistry()]
  for (const version of ['1.32.1', '1.33.1', '1.33.2', '1.34.0-rc.1'])
    await pushPack(first, { name: 'kubernetes', version, layer: 'k8s' })
  await pushPack(second, { name: 'kubernetes', version: '1.34.1', layer: 'k8s' })
  const gone = await pushPack(first, { name: 'kubernetes', version: '1.31.0', layer: 'k8s' })
  await pushPack(first, {
    name: 'needs',
    version: '1.0.0',
    rest: dependency('kubernetes', { maxVersion: '1.32' }),
  })
  await pushPack(first, {
    ...{ name: 'needs', version: '2.0.0' },
    rest: dependency('kubernetes', { minVersion: '1.33', maxVersion: '1.34' }),
  })
  await pushPack(second, { name: 'also', version: '1.0.0', rest: dependency('kubernetes') })
  await pushPack(second, { name: 'lost', version: '1.0.0', rest: dependency('nowhere', { minVersion: '1' }) })
  ;({ admin, viewer } = await newTenant())
  ids = [await addSynced(admin, first.url), await addSynced(admin, second.url)]
  await deletePack(first, 'kubernetes', gone)
  await syncAgain(admin, ids[0])
})
afterAll(async () => {
  await Promise.all([first.close(), second.close()])
  await closeDatabase()
})

const KUBERNETES = { name: 'kubernetes', registryId: '', text: '' }
const versionsOf = async (where = KUBERNETES) =>
  (await listVersionsOf(viewer, where, { after: null, limit: 100 })).versions
const uidOf = async (name: string, version: string) =>
  (await versionsOf({ name, registryId: '', text: version })).at(0)?.packUid ?? ''

test('a pack in two registries is one, with its newest version and its tracks in each', async () => {
  const { sources, tracks } = await readPackByName(viewer, 'kubernetes')
  expect(sources.map((one) => [one.registryId, one.version, one.versions])).toEqual([
    [ids[1], '1.34.1', 1],
    [ids[0], '1.34.0-rc.1', 4],
  ])
  const ofFirst = tracks.filter((one) => one.registryId === ids[0])
  expect(Object.fromEntries(ofFirst.map((one) => [one.tag, one.version]))).toMatchObject({
    '1.33.x': '1.33.2',
    '1.32.x': '1.32.1',
  })
  await expect(readPackByName(viewer, '__proto__')).rejects.toMatchObject({ code: 'not_found' })
})

test('versions come newest first over all registries, gone ones with them, and pages show each once', async () => {
  const all = (await versionsOf()).map((one) => one.version)
  expect(all).toEqual(['1.34.1', '1.34.0-rc.1', '1.33.2', '1.33.1', '1.32.1', '1.31.0'])
  expect((await versionsOf()).at(-1)?.goneAt).toBeInstanceOf(Date)
  const paged: string[] = []
  for (let after: [string, string] | null = null, more = true; more; more = after !== null) {
    const page: Awaited<ReturnType<typeof listVersionsOf>> = await listVersionsOf(viewer, KUBERNETES, {
      ...{ after, limit: 2 },
    })
    paged.push(...page.versions.map((one) => one.version))
    expect(page.count).toBe(6)
    after = page.next
  }
  expect(paged).toEqual(all)
  expect((await versionsOf({ ...KUBERNETES, registryId: ids[1] })).map((one) => one.version)).toEqual([
    '1.34.1',
  ])
  expect((await versionsOf({ ...KUBERNETES, text: '%' })).length).toBe(0)
})

test('a version that was pushed again with other content says how often, and when', async () => {
  await pushPack(second, { name: 'again', version: '1.0.0', values: 'a: 1\n' })
  await syncAgain(admin, ids[1])
  const [before] = await versionsOf({ name: 'again', registryId: '', text: '' })
  expect(before).toMatchObject({ repushes: 0, repushedAt: null })
  const files = packFiles({ name: 'again', version: '1.0.0', values: 'a: 2\n' })
  await push({ url: second.url, force: true }, 'again', ['1.0.0'], await toOciPack(files))
  await syncAgain(admin, ids[1])
  const [after] = await versionsOf({ name: 'again', registryId: '', text: '' })
  expect(after).toMatchObject({ repushes: 1, repushedAt: expect.any(Date) })
  expect(after?.digest).not.toBe(before?.digest)
})

test('what a version asks for is told with the versions of the catalog that are in the range', async () => {
  const { requirements } = await readConstraints(viewer, await uidOf('needs', '2.0.0'))
  expect(requirements).toMatchObject([{ name: 'kubernetes', isThere: true, count: 3, isMore: false }])
  expect(requirements[0]?.versions.map((one) => one.version)).toEqual(['1.34.0-rc.1', '1.33.2', '1.33.1'])
  const [any] = (await readConstraints(viewer, await uidOf('also', '1.0.0'))).requirements
  expect(any?.count).toBe(5)
  const [lost] = (await readConstraints(viewer, await uidOf('lost', '1.0.0'))).requirements
  expect(lost).toMatchObject({ name: 'nowhere', isThere: false, count: 0, versions: [] })
})

test('what asks for a pack is told once a pack, by its newest version that does', async () => {
  const ask = (version: string, after = '') =>
    listDependents(viewer, { name: 'kubernetes', version }, { after, limit: 1 })
  const one = await ask('1.33.2')
  expect(one).toMatchObject({ dependents: [{ name: 'also', isInRange: true }], next: 'also' })
  expect(await ask('1.33.2', 'also')).toMatchObject({
    dependents: [{ name: 'needs', version: '2.0.0', minVersion: '1.33', isInRange: true }],
    next: null,
  })
  expect((await ask('1.31.0', 'also')).dependents[0]?.isInRange).toBe(false)
})

test('the profiles that hold a pack are told with the version that they hold; another tenant sees none', async () => {
  const [registryId] = ids
  const layers = [{ name: 'needs', type: 'spectro' as const, registryUid: registryId, tag: '1.0.0' }]
  const rest = { labels: {}, annotations: {}, variables: [] }
  const save = (name: string) =>
    createProfile(
      admin,
      { ...rest, name, version: '1.0.0', type: 'add-on', cloudType: 'all', layers },
      { publish: false },
    )
  await save('shop')
  await save('wiki')
  const page = { after: null, limit: 1 }
  const one = await listProfilesOfPack(viewer, 'needs', page)
  expect(one.uses).toMatchObject([{ name: 'shop', packVersion: '1.0.0', registryId, isPublished: false }])
  const two = await listProfilesOfPack(viewer, 'needs', { ...page, after: one.next })
  expect([two.uses.map((use) => use.name), two.next]).toEqual([['wiki'], null])
  const { admin: stranger } = await newTenant()
  expect((await listProfilesOfPack(stranger, 'needs', page)).uses).toEqual([])
  expect(
    (await listDependents(stranger, { name: 'kubernetes', version: '' }, { after: '', limit: 9 })).dependents,
  ).toEqual([])
  await expect(readPackByName(stranger, 'needs')).rejects.toMatchObject({ code: 'not_found' })
})

test('ten thousand versions of one pack are paged in a moment', async () => {
  const revision = newUid()
  await sqlInTenant(admin.tenantId).query({
    text: `INSERT INTO pack_version (id, tenant_id, registry_id, name, version, version_key, display_name, layer, cloud_types,
        digest, revision_id)
      SELECT lpad(to_hex(n), 24, '0'), $1, $2, 'many', '1.' || n || '.0', '0000000001.' || lpad(n::text, 10, '0'), 'Many',
        'addon', '{}', 'sha256:' || repeat('0', 64), $3 FROM generate_series(1, 10000) AS n`,
    values: [admin.tenantId, ids[0], revision],
  })
  const where = { name: 'many', registryId: '', text: '' }
  const began = performance.now()
  const page = await listVersionsOf(viewer, where, { after: null, limit: 100 })
  await readPackByName(viewer, 'many')
  expect([page.count, page.versions[0]?.version, page.versions.length]).toEqual([10_000, '1.10000.0', 100])
  expect(performance.now() - began).toBeLessThan(1_000)
})
