import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { CatalogFilter, CatalogOrder } from './schema'
import { countFacet, countPacks, type FacetValue, type PackRow, searchPacks } from './store'

/** The packs that match a filter, one a name, whichever registries carry it. */
export async function searchCatalog(
  actor: Actor,
  filter: CatalogFilter,
  order: CatalogOrder,
  page: { offset: number; limit: number },
): Promise<{ rows: PackRow[]; count: number }> {
  authorize(actor, 'pack.list')
  return searchPacks(actor.tenantId, filter, order, page)
}

/** How many packs each further choice would show. */
export async function countFacets(
  actor: Actor,
  filter: CatalogFilter,
): Promise<{ total: number; registry: FacetValue[]; layer: FacetValue[]; addonType: FacetValue[] }> {
  authorize(actor, 'pack.list')
  const [total, registry, layer, addonType] = await Promise.all([
    countPacks(actor.tenantId, filter),
    countFacet(actor.tenantId, filter, 'registry'),
    countFacet(actor.tenantId, filter, 'layer'),
    countFacet(actor.tenantId, filter, 'addonType'),
  ])
  return { total, registry, layer, addonType: addonType.filter((one) => one.value !== '') }
}
