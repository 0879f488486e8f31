import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { deletePack, PNG, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase } from '../db/in-tenant'
import { listVersions, readPack, readPackInRegistry } from './detail'
import type { CatalogFilter, CatalogOrder } from './schema'
import { countFacets, searchCatalog } from './search'

let first: TestRegistry
let second: TestRegistry
let admin: Actor
let ids: [string, string]

/** Two registries that share one pack; between them each layer once, and one pack of each state. */
beforeAll(async () => {
  ;[first, second] = [await startTestRegistry(), await startTestRegistry()]
  const gone = await pushPack(first, { name: 'gone', version: '1.0.0' })
  const put = (server: TestRegistry, name: string, version: string, rest = {}, layer = 'addon') =>
    pushPack(server, { name, version, layer, rest, logo: name === 'shown' ? PNG : undefined })
  await put(first, 'calico', '3.9.0', { displayName: 'Calico', cloudTypes: ['all'] }, 'cni')
  await put(first, 'calico', '3.10.0', { displayName: 'Calico', cloudTypes: ['all'] }, 'cni')
  await put(second, 'calico', '3.10.1', { displayName: 'Calico', cloudTypes: ['all'] }, 'cni')
  await put(first, 'rocky', '9.6', { displayName: 'A Linux', cloudTypes: ['aws'] }, 'os')
  const annotations = { description: 'Draws 100 % of your metrics' }
  await put(first, 'shown', '1.0.0', { displayName: 'Shown', addonType: 'monitoring', annotations })
  await put(second, 'plain', '2.0.0', { displayName: 'Plain_one' })
  await put(second, 'old', '1.0.0', { annotations: { system_state: 'deprecated' } })
  await put(second, 'off', '1.0.0', { annotations: { disabled: 'true' } })
  ;({ admin } = await newTenant())
  ids = [await addSynced(admin, first.url), await addSynced(admin, second.url)]
  await deletePack(first, 'gone', gone)
  await syncAgain(admin, ids[0])
})
afterAll(async () => {
  await Promise.all([first.close(), second.close()])
  await closeDatabase()
})

const PAGE = { from: { offset: 0 }, limit: 50 }
const search = async (filter: CatalogFilter, order: CatalogOrder = [], page = PAGE) => {
  const { rows, count } = await searchCatalog(admin, filter, order, page)
  return [count, ...rows.map((row) => row.name)]
}

test('a pack is listed once, with its newest version in each registry that carries it', async () => {
  const { rows } = await searchCatalog(admin, { name: { eq: 'calico', ignoreCase: false } }, [], PAGE)
  expect(rows).toMatchObject([
    {
      ...{ name: 'calico', displayName: 'Calico', layer: 'cni', versions: 3 },
      sources: [
        { registryId: ids[1], version: '3.10.1' },
        { registryId: ids[0], version: '3.10.0' },
      ],
    },
  ])
})

test('what is disabled or gone is not listed unless asked for, and gone never', async () => {
  expect(await search({})).toEqual([5, 'calico', 'old', 'plain', 'rocky', 'shown'])
  expect(await search({ states: ['disabled', 'deprecated'] })).toEqual([2, 'off', 'old'])
})

test('words are found in name, display name and description, in any order and case', async () => {
  expect(await search({ text: 'METRICS shown' })).toEqual([1, 'shown'])
  expect(await search({ text: 'linux' })).toEqual([1, 'rocky'])
  expect(await search({ text: 'metrics linux' })).toEqual([0])
})

test('the last word may be unfinished, the very name comes first, and accents do not matter', async () => {
  expect(await search({ text: 'metr' })).toEqual([1, 'shown'])
  expect(await search({ text: 'metr draws' })).toEqual([0])
  expect(await search({ text: 'òld' })).toEqual([1, 'old'])
  expect((await search({ text: 'calico' }))[1]).toBe('calico')
})

test('where no pack has the words, those that are spelled alike are shown as such', async () => {
  const found = await searchCatalog(admin, { text: 'calicco' }, [], PAGE)
  expect(found).toMatchObject({ isAlike: true, count: 1, rows: [{ name: 'calico' }] })
  expect(await searchCatalog(admin, { text: 'zzzzzz' }, [], PAGE)).toMatchObject({ isAlike: false, count: 0 })
})

test('what no registry lists any more is found by its state, and stays', async () => {
  expect(await search({ states: ['gone'] })).toEqual([1, 'gone'])
})

test('pages that follow each other by their keys show every pack once, in each order', async () => {
  const fields = ['name', 'displayName', 'layer', 'addonType', 'changed'] as const
  for (const field of fields)
    for (const descending of [false, true]) {
      const order: CatalogOrder = [{ field, descending }]
      const whole = await search({}, order)
      const names: string[] = []
      let from: Parameters<typeof searchCatalog>[3]['from'] | null = { offset: 0 }
      while (from) {
        const { rows, next } = await searchCatalog(admin, {}, order, { from, limit: 2 })
        names.push(...rows.map((row) => row.name))
        from = next
      }
      expect([5, ...names], `${field} ${descending}`).toEqual(whole)
    }
})

test('signs that mean something to the database are plain characters in a search', async () => {
  expect(await search({ text: '100 %' })).toEqual([1, 'shown'])
  expect(await search({ text: 'a_n' })).toEqual([0])
  expect(await search({ displayName: { contains: 'n_o', ignoreCase: true } })).toEqual([1, 'plain'])
  expect(await search({ text: "'; DROP TABLE pack_version; --" })).toEqual([0])
  expect(await search({ text: '\\' })).toEqual([0])
})

test('filters narrow the list together, and an empty add-on type means packs without one', async () => {
  expect(await search({ layers: ['cni', 'os'] })).toEqual([2, 'calico', 'rocky'])
  expect(await search({ layers: ['cni', 'os'], registryIds: [ids[1]] })).toEqual([1, 'calico'])
  expect(await search({ layers: ['addon'], addonTypes: ['monitoring'] })).toEqual([1, 'shown'])
  expect(await search({ layers: ['addon'], addonTypes: [''] })).toEqual([2, 'old', 'plain'])
  // Packs that name no cloud, or all, are for each.
  expect(await search({ cloudTypes: ['azure'] })).toEqual([4, 'calico', 'old', 'plain', 'shown'])
})

test('the list is sorted, by layer as the stack stands, and paged with the whole count', async () => {
  const byLayer: CatalogOrder = [{ field: 'layer', descending: false }]
  expect(await search({}, byLayer)).toEqual([5, 'rocky', 'calico', 'old', 'plain', 'shown'])
  expect(await search({}, [{ field: 'displayName', descending: true }])).toEqual([
    ...[5, 'shown', 'plain', 'old', 'calico', 'rocky'],
  ])
  expect(await search({}, byLayer, { from: { offset: 1 }, limit: 2 })).toEqual([5, 'calico', 'old'])
  expect(await search({}, [], { from: { offset: 50 }, limit: 2 })).toEqual([5])
})

test('a facet counts packs, not versions, and leaves its own choice out', async () => {
  const facets = await countFacets(admin, { layers: ['cni'] })
  expect(facets.total).toBe(1)
  expect(facets.registry.map((one) => [one.value, one.count]).sort()).toEqual(ids.map((id) => [id, 1]).sort())
  expect(facets.layer.map((one) => [one.value, one.count])).toEqual([
    ['addon', 3],
    ['cni', 1],
    ['os', 1],
  ])
})

test('versions of a pack in one registry come newest first, and the gone ones with them', async () => {
  const read = (name: string) => readPackInRegistry(admin, { name, registryId: ids[0], states: [] })
  expect((await read('calico')).versions.map((one) => one.version)).toEqual(['3.10.0', '3.9.0'])
  expect((await read('gone')).versions[0]?.goneAt).toBeInstanceOf(Date)
  await expect(read('plain')).rejects.toMatchObject({ code: 'not_found' })
})

test('a version is read by its uid with values and README', async () => {
  const { details } = await listVersions(admin, { name: 'shown' }, { skip: 0, take: 1 })
  const id = details[0]?.version.id ?? ''
  expect(await readPack(admin, id)).toMatchObject({
    readme: '# shown\n',
    values: 'pack:\n  version: "1.0.0"\n',
  })
})

test("another tenant's catalog is empty, and its packs are not there by uid", async () => {
  const { details } = await listVersions(admin, { name: 'shown' }, { skip: 0, take: 1 })
  const { admin: stranger } = await newTenant()
  expect((await searchCatalog(stranger, {}, [], PAGE)).count).toBe(0)
  expect((await countFacets(stranger, {})).total).toBe(0)
  await expect(readPack(stranger, details[0]?.version.id ?? '')).rejects.toMatchObject({ code: 'not_found' })
  const there = { name: 'calico', registryId: ids[0], states: [] }
  await expect(readPackInRegistry(stranger, there)).rejects.toMatchObject({ code: 'not_found' })
})
