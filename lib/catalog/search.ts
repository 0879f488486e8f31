import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { countCells, narrowestOf } from './facet-counts'
import { type FacetName, toChoices } from './filter'
import type { CatalogFilter, CatalogOrder } from './schema'
import { type Cells, findCells, rememberedCells } from './store/cells'
import {
  countInOrder,
  countMatches,
  type From,
  findInOrder,
  findMatches,
  findSimilar,
  namesOfRegistries,
  type PackRow,
  RANKED,
} from './store/search'

/** So many packs that are only spelled alike are shown. */
const SIMILAR = 25
/** Shorter phrases, in characters, are like too much. */
const SIMILAR_FROM = 4
/** The longest phrase that is looked at, in characters. */
const PHRASE_MAX = 256

export interface CatalogPage {
  rows: PackRow[]
  /** How many packs fit; of a search by words 1,000 at most. */
  count: number
  /** There are more than `count`. */
  isMore: boolean
  /** No pack has these words: these are spelled alike. */
  isAlike: boolean
  /** Where the next page begins. Null: this is the last one. */
  next: From | null
}

/** The packs that match a filter, one a name, whichever registries carry it: a page of them. */
export async function searchCatalog(
  actor: Actor,
  filter: CatalogFilter,
  order: CatalogOrder,
  page: { from: From; limit: number },
): Promise<CatalogPage> {
  authorize(actor, 'pack.list')
  const remembered = await rememberedCells(actor.tenantId)
  const { version, ...found } = await findPage(actor.tenantId, remembered, filter, order, page)
  if (version === remembered.version) return found
  const { version: _, ...again } = await findPage(
    actor.tenantId,
    await findCells(actor.tenantId),
    filter,
    order,
    page,
  )
  return again
}

/** @returns with the version of the catalog that was read: where the cells are of another, all of it is to be done again */
async function findPage(
  tenantId: string,
  { cells, packs: all, version }: Cells,
  filter: CatalogFilter,
  order: CatalogOrder,
  { from, limit }: { from: From; limit: number },
): Promise<CatalogPage & { version: string }> {
  const choices = toChoices(filter)
  const { total } = countCells(cells, choices)
  const none = { rows: [], count: 0, isMore: false, isAlike: false, next: null }
  if (total === 0) return { ...none, version: (await findCells(tenantId)).version }

  const phrase = filter.text?.trim().slice(0, PHRASE_MAX) ?? ''
  const narrowest = narrowestOf(cells, choices)
  const isNamed = Boolean(filter.name || filter.displayName)
  const offset = 'offset' in from ? from.offset : 0
  const match = (text: string) =>
    findMatches(tenantId, text, filter, choices, narrowest, all, order, { offset, limit })
  const nextAt = (count: number) => (offset + limit < count ? { offset: offset + limit } : null)

  if (phrase) {
    if (!/[^\s!-/:-@[-`{-~]/.test(phrase)) return { ...none, version }
    const found = await match(phrase)
    if (found.count === 0 && offset === 0 && !isNamed && phrase.length >= SIMILAR_FROM) {
      const alike = await findSimilar(tenantId, phrase, filter, choices, Math.min(limit, SIMILAR))
      return {
        ...none,
        rows: alike.rows,
        count: alike.count,
        isAlike: alike.count > 0,
        version: alike.version,
      }
    }
    const count = Math.min(found.count, RANKED)
    return {
      ...{ rows: found.rows, count, isMore: found.count > RANKED, isAlike: false },
      ...{ next: nextAt(count), version: found.version },
    }
  }

  // Along the order's index as many rows are passed over as it takes to fill the page; by the narrowest choice, all of it.
  const passed = ((offset + limit) * all) / total
  if (!isNamed && narrowest && narrowest.packs < passed && order.length > 0) {
    const found = await match('')
    return { ...none, rows: found.rows, count: total, next: nextAt(total), version: found.version }
  }
  const found = await findInOrder(tenantId, filter, choices, order, from, limit)
  const count = isNamed ? await countInOrder(tenantId, filter, choices) : total
  const last = found.rows.at(-1)
  const page = { ...none, rows: found.rows, count, version: found.version }
  if (found.rows.length < limit || last === undefined) return page
  // Keys name a place by one column; of several, the place is counted.
  return { ...page, next: order.length <= 1 ? { after: [found.lastKey, last.name] } : nextAt(count) }
}

export interface FacetValue {
  value: string
  label: string
  count: number
}

export type Facets = Record<FacetName, FacetValue[]> & {
  total: number
  /** Every count is of the first 5,000 packs that have these words: there may be more. */
  isMore: boolean
}

/** How many packs each further choice would show, given the other choices. */
export async function countFacets(actor: Actor, filter: CatalogFilter): Promise<Facets> {
  authorize(actor, 'pack.list')
  const { tenantId } = actor
  const phrase = filter.text?.trim().slice(0, PHRASE_MAX) ?? ''
  const { cells, isMore } = phrase
    ? await countMatches(tenantId, phrase)
    : { ...(await findCells(tenantId)), isMore: false }
  const { total, counts } = countCells(cells, toChoices(filter))
  const registries = await namesOfRegistries(tenantId, [...counts.registry.keys()])
  const listed = (name: FacetName, labelOf = (value: string) => value): FacetValue[] =>
    [...counts[name]]
      .filter(([value]) => value !== '')
      .map(([value, count]) => ({ value, label: labelOf(value), count }))
      .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))
  return {
    ...{ total, isMore },
    layer: listed('layer'),
    addonType: listed('addonType'),
    addonSubType: listed('addonSubType'),
    // A choice of one cloud shows what is for all of them too.
    cloud: listed('cloud')
      .filter(({ value }) => value !== 'all')
      .map((one) => ({ ...one, count: one.count + (counts.cloud.get('all') ?? 0) })),
    registry: listed('registry', (id) => registries.get(id) ?? id),
    state: listed('state'),
  }
}
