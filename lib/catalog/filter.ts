import type { CatalogFilter } from './schema'

/** A condition in SQL with its values, for `pack_version v`. */
export interface Condition {
  sql: string
  values: unknown[]
}

/** The parts of a filter that a facet is about: its counts ignore the choice made in it. */
export type FacetName = 'registry' | 'layer' | 'addonType'

const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&')

/**
 * Turns a filter into SQL. Columns are named here and nowhere else; everything that a client sent is a parameter.
 *
 * @param except leaves one part out
 */
export function toCondition(tenantId: string, filter: CatalogFilter, except?: FacetName): Condition {
  const values: unknown[] = []
  const put = (value: unknown) => `$${values.push(value)}`
  const parts = [`v.tenant_id = ${put(tenantId)}`, 'v.gone_at IS NULL']

  for (const word of (filter.text ?? '').split(/\s+/).filter(Boolean).slice(0, 8)) {
    const like = put(`%${escapeLike(word)}%`)
    parts.push(
      `(v.name ILIKE ${like} OR v.display_name ILIKE ${like} OR v.annotations->>'description' ILIKE ${like})`,
    )
  }
  for (const [column, text] of [
    ['v.name', filter.name],
    ['v.display_name', filter.displayName],
  ] as const) {
    if (!text) continue
    const like = text.ignoreCase ? 'ILIKE' : 'LIKE'
    if (text.eq !== undefined) parts.push(`${column} ${like} ${put(escapeLike(text.eq))}`)
    if (text.ne !== undefined) parts.push(`${column} NOT ${like} ${put(escapeLike(text.ne))}`)
    if (text.contains) parts.push(`${column} ${like} ${put(`%${escapeLike(text.contains)}%`)}`)
    if (text.beginsWith) parts.push(`${column} ${like} ${put(`${escapeLike(text.beginsWith)}%`)}`)
  }
  const anyOf = (column: string, list: string[] | undefined) => {
    if (list?.length) parts.push(`${column} = ANY(${put(list)}::text[])`)
  }
  if (except !== 'layer') anyOf('v.layer', filter.layers)
  if (except !== 'addonType') anyOf('v.addon_type', filter.addonTypes)
  anyOf('v.addon_sub_type', filter.addonSubTypes)
  if (except !== 'registry') anyOf('v.registry_id', filter.registryIds)
  if (filter.cloudTypes?.length && !filter.cloudTypes.includes('all'))
    parts.push(`(v.cloud_types && ${put([...filter.cloudTypes, 'all'])}::text[] OR v.cloud_types = '{}')`)
  anyOf('v.state', filter.states?.length ? filter.states : ['active', 'deprecated'])
  return { sql: parts.join(' AND '), values }
}
