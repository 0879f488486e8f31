import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { CatalogFilter, CatalogOrder } from './schema'
import { type CatalogPage, searchCatalog } from './search'
import type { PackRow } from './store/search'

/** So many packs are given out at most. A search by words has 1,000 at most, as its list has. */
export const EXPORT_MAX = 100_000
const PAGE = 500

export interface CatalogExport {
  /** How many packs it holds. */
  count: number
  /** There are more packs than it holds. */
  isCut: boolean
  /** Read as they are asked for: one page is in memory. */
  pages: AsyncGenerator<PackRow[]>
}

/** What a search finds, in the order of its list, as a whole. */
export async function exportCatalog(
  actor: Actor,
  filter: CatalogFilter,
  order: CatalogOrder,
  { most = EXPORT_MAX, page = PAGE } = {},
): Promise<CatalogExport> {
  authorize(actor, 'pack.list')
  const read = (from: NonNullable<CatalogPage['next']>, rest: number) =>
    searchCatalog(actor, filter, order, { from, limit: Math.min(page, rest) })
  const first = await read({ offset: 0 }, most)

  async function* pages() {
    let rest = most
    for (let current: CatalogPage | null = first; current; ) {
      yield current.rows
      rest -= current.rows.length
      current = current.next && rest > 0 ? await read(current.next, rest) : null
    }
  }
  return { count: Math.min(first.count, most), isCut: first.isMore || first.count > most, pages: pages() }
}
