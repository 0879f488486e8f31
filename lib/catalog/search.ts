import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { countCells, narrowestOf } from './facet-counts'
import { type FacetName, toChoices } from './filter'
import type { CatalogFilter, CatalogOrder } from './schema'
import {
  countInOrder,
  countMatches,
  type From,
  findCells,
  findInOrder,
  findMatches,
  findSimilar,
  namesOfRegistries,
  type PackRow,
  RANKED,
  readPacks,
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
  const { names, ...found } = await findNames(actor.tenantId, filter, order, page)
  return { rows: await readPacks(actor.tenantId, names, filter), ...found }
}

type Names = Omit<CatalogPage, 'rows'> & { names: string[] }

async function findNames(
  tenantId: string,
  filter: CatalogFilter,
  order: CatalogOrder,
  { from, limit }: { from: From; limit: number },
): Promise<Names> {
  const choices = toChoices(filter)
  const cells = await findCells(tenantId)
  const all = cells.reduce((sum, { packs }) => sum + packs, 0)
  const { total } = countCells(cells, choices)
  const none = { names: [], count: 0, isMore: false, isAlike: false, next: null }
  if (total === 0) return none

  const phrase = filter.text?.trim().slice(0, PHRASE_MAX) ?? ''
  const narrowest = narrowestOf(cells, choices)
  const isNamed = Boolean(filter.name || filter.displayName)
  const offset = 'offset' in from ? from.offset : 0
  const match = (text: string) =>
    findMatches(tenantId, text, filter, choices, narrowest, all, order, { offset, limit })
  const nextAt = (count: number) => (offset + limit < count ? { offset: offset + limit } : null)

  if (phrase) {
    if (!/[^\s!-/:-@[-`{-~]/.test(phrase)) return none
    const { names, count } = await match(phrase)
    if (count === 0 && offset === 0 && !isNamed && phrase.length >= SIMILAR_FROM) {
      const alike = await findSimilar(tenantId, phrase, choices, Math.min(limit, SIMILAR))
      return { ...none, names: alike, count: alike.length, isAlike: alike.length > 0 }
    }
    const shown = Math.min(count, RANKED)
    return { names, count: shown, isMore: count > RANKED, isAlike: false, next: nextAt(shown) }
  }

  // Along the order's index as many rows are passed over as it takes to fill the page; by the narrowest choice, all of it.
  const passed = ((offset + limit) * all) / total
  if (!isNamed && narrowest && narrowest.packs < passed && order.length > 0) {
    const { names } = await match('')
    return { ...none, names, count: total, next: nextAt(total) }
  }
  const { names, lastKey } = await findInOrder(tenantId, filter, choices, order, from, limit)
  const count = isNamed ? await countInOrder(tenantId, filter, choices) : total
  const last = names.at(-1)
  if (names.length < limit || last === undefined) return { ...none, names, count }
  // Keys name a place by one column; of several, the place is counted.
  const next: From | null = order.length <= 1 ? { after: [lastKey, last] } : nextAt(count)
  return { ...none, names, count, next }
}

export interface FacetValue {
  value: string
  label: string
  count: number
}

export type Facets = Record<FacetName, FacetValue[]> & {
  total: number
  /** Every count is of the first 20,000 packs that have these words: there may be more. */
  isMore: boolean
}

/** How many packs each further choice would show, given the other choices. */
export async function countFacets(actor: Actor, filter: CatalogFilter): Promise<Facets> {
  authorize(actor, 'pack.list')
  const { tenantId } = actor
  const phrase = filter.text?.trim().slice(0, PHRASE_MAX) ?? ''
  const { cells, isMore } = phrase
    ? await countMatches(tenantId, phrase)
    : { cells: await findCells(tenantId), isMore: false }
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
