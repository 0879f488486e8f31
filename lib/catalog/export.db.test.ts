import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced } from '../../tests/support/catalog'
import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase } from '../db/in-tenant'
import { exportCatalog } from './export'
import type { CatalogFilter, CatalogOrder } from './schema'
import { searchCatalog } from './search'

let server: TestRegistry
let admin: Actor

beforeAll(async () => {
  server = await startTestRegistry()
  for (const name of ['alpha', 'beta', 'delta', 'gamma', 'omega'])
    await pushPack(server, {
      ...{ name, version: '1.0.0', layer: name === 'beta' ? 'cni' : 'addon' },
      rest: { annotations: { description: 'A Greek letter' } },
    })
  ;({ admin } = await newTenant())
  await addSynced(admin, server.url)
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})

async function namesOf(filter: CatalogFilter, order: CatalogOrder, limits = {}) {
  const { pages, ...head } = await exportCatalog(admin, filter, order, limits)
  const names: string[] = []
  for await (const rows of pages) names.push(...rows.map((row) => row.name))
  return { ...head, names }
}

test('an export holds what the list shows, in its order, whatever the size of its pages', async () => {
  const searches: [CatalogFilter, CatalogOrder][] = [
    [{}, [{ field: 'name', descending: false }]],
    [{ layers: ['addon'] }, [{ field: 'displayName', descending: true }]],
    [{ text: 'greek' }, []],
    [{ text: 'gamm' }, []],
  ]
  for (const [filter, order] of searches)
    for (const page of [1, 2, 500]) {
      const { rows, count } = await searchCatalog(admin, filter, order, { from: { offset: 0 }, limit: 50 })
      const names = rows.map((row) => row.name)
      expect(await namesOf(filter, order, { page })).toEqual({ names, count, isCut: false })
    }
})

test('an export that is cut says so, and holds the first of the list', async () => {
  const byName: CatalogOrder = [{ field: 'name', descending: false }]
  expect(await namesOf({}, byName, { most: 3, page: 2 })).toEqual({
    ...{ count: 3, isCut: true },
    names: ['alpha', 'beta', 'delta'],
  })
  expect((await namesOf({}, byName, { most: 5 })).isCut).toBe(false)
})

test('who reads no further asks the database no further', async () => {
  const { pages } = await exportCatalog(admin, {}, [{ field: 'name', descending: false }], { page: 1 })
  expect((await pages.next()).value).toHaveLength(1)
  await pages.return(undefined)
  expect((await pages.next()).done).toBe(true)
})
