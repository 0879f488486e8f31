import type { CatalogFilter } from './schema'

/** A condition in SQL with its values, for `pack p`. */
export interface Condition {
  sql: string
  values: unknown[]
}

/** The parts of a filter that are chosen from lists, each with the letter that its values have in `pack.facets`. */
export const FACETS = {
  layer: 'l',
  addonType: 'a',
  addonSubType: 'u',
  cloud: 'c',
  registry: 'r',
  state: 's',
} as const
export type FacetName = keyof typeof FACETS
export const FACET_NAMES = Object.keys(FACETS) as FacetName[]

/** What is chosen, as `pack.facets` has it: any of each list. Null: no choice. */
export type Choices = Record<FacetName, string[] | null>

/** What is shown without a choice of states: what is of use. */
const USABLE = ['active', 'deprecated']

export function toChoices(filter: CatalogFilter): Choices {
  const clouds = filter.cloudTypes?.includes('all') ? [] : filter.cloudTypes
  const of = (facet: FacetName, values: readonly string[] | undefined) =>
    values?.length ? values.map((value) => `${FACETS[facet]}:${value}`) : null
  return {
    layer: of('layer', filter.layers),
    addonType: of('addonType', filter.addonTypes),
    addonSubType: of('addonSubType', filter.addonSubTypes),
    // Packs that name no cloud, or all, are for each.
    cloud: of('cloud', clouds?.length ? [...clouds, 'all'] : []),
    registry: of('registry', filter.registryIds),
    state: of('state', filter.states?.length ? filter.states : USABLE),
  }
}

const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&')

/**
 * What of a filter is asked of names as text. Columns are named here and nowhere else; everything that a client sent
 * is a parameter.
 *
 * @param first the number of the first parameter
 */
export function toCondition(filter: Pick<CatalogFilter, 'name' | 'displayName'>, first: number): Condition {
  const values: unknown[] = []
  const put = (value: unknown) => `$${first - 1 + values.push(value)}`
  const parts: string[] = []
  for (const [column, text] of [
    ['p.name', filter.name],
    ['p.display_name', filter.displayName],
  ] as const) {
    if (!text) continue
    const like = text.ignoreCase ? 'ILIKE' : 'LIKE'
    if (text.eq !== undefined)
      parts.push(
        text.ignoreCase ? `${column} ILIKE ${put(escapeLike(text.eq))}` : `${column} = ${put(text.eq)}`,
      )
    if (text.ne !== undefined) parts.push(`${column} NOT ${like} ${put(escapeLike(text.ne))}`)
    if (text.contains) parts.push(`${column} ${like} ${put(`%${escapeLike(text.contains)}%`)}`)
    if (text.beginsWith) parts.push(`${column} ${like} ${put(`${escapeLike(text.beginsWith)}%`)}`)
  }
  return { sql: parts.map((part) => ` AND ${part}`).join(''), values }
}
