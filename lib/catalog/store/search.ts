import { createHash } from 'node:crypto'

import { SMALL_QUERY_MS, sqlInTenant } from '../../db/in-tenant'
import type { Cell } from '../facet-counts'
import { type Choices, toCondition } from '../filter'
import type { CatalogFilter, CatalogOrder, PackState } from '../schema'
import { VERSION } from './cells'

/** Of a search by words so many are ranked and shown at most. */
export const RANKED = 1000

/** Of a search by words the facets of so many are counted at most. */
const COUNTED = 5_000

/** Columns of `pack` by which the list is sorted, each with an index. Both are plain text or numbers. */
const ORDER_COLUMNS = {
  name: 'p.name',
  displayName: 'p.sort_name',
  layer: 'p.layer_order',
  addonType: 'p.addon_type',
  changed: 'p.changed_at',
} as const

export interface PackRow {
  name: string
  displayName: string
  description: string
  layer: string
  addonType: string
  addonSubType: string
  cloudTypes: string[]
  group: string
  state: PackState
  /** Versions that are listed, over all registries. */
  versions: number
  changedAt: Date
  /** When the life of its newest version ends: a day, as YYYY-MM-DD. */
  eolOn: string | null
  /** The newest version in each registry. */
  sources: PackSource[]
}

export interface PackSource {
  registryId: string
  registryName: string
  registryKind: string
  packUid: string
  version: string
  logoDigest: string | null
  annotations: Record<string, string>
}

/** How many packs that match a phrase share each set of facets. @returns whether there are more than were counted */
export async function countMatches(
  tenantId: string,
  phrase: string,
): Promise<{ cells: Cell[]; isMore: boolean }> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT facets, packs::int AS packs FROM packyard_count_matches($1, $2)',
    [phrase, COUNTED + 1],
  )
  const cells = rows as Cell[]
  return { cells, isMore: cells.reduce((sum, one) => sum + one.packs, 0) > COUNTED }
}

const listed = ({ layer, addonType, addonSubType, cloud, registry, state }: Choices) => [
  ...[layer, addonType, addonSubType, cloud, registry, state],
]

const orderOf = (order: CatalogOrder) =>
  order.map(({ field, descending }) => `${ORDER_COLUMNS[field]}${descending ? ' DESC' : ''}`)

/** The sources of packs are those that the filter lets through. */
export type Sources = Pick<CatalogFilter, 'registryIds' | 'states'>

export interface Found {
  rows: PackRow[]
  /** How many packs match, as far as it was counted: RANKED + 1 and some more at most. */
  count: number
  /** The first column of the order, of the last row. */
  lastKey: string
  /** The tenant's catalog as it was read. */
  version: string
}

const SOURCES = `SELECT json_agg(json_build_object('registryId', n.registry_id, 'registryName', r.name,
    'registryKind', r.kind, 'packUid', n.id, 'version', n.version, 'annotations', n.annotations,
    -- Nobody asks again for a logo that turned out to be none.
    'logoDigest', CASE WHEN NOT EXISTS (SELECT FROM logo_picture l
      WHERE l.tenant_id = $1 AND l.digest = n.logo_digest AND l.refused <> '') THEN n.logo_digest END) ORDER BY n.version_key DESC, r.name)
  FROM (
    SELECT DISTINCT ON (v.registry_id) v.id, v.registry_id, v.version, v.version_key, v.logo_digest, v.annotations
    FROM pack_version v
    WHERE v.tenant_id = $1 AND v.name = p.name AND v.gone_at IS NULL
      AND ($2::text[] IS NULL OR v.registry_id = ANY($2)) AND v.state = ANY($3)
    ORDER BY v.registry_id, v.version_key DESC) AS n
  JOIN registry r ON r.tenant_id = $1 AND r.id = n.registry_id`

/**
 * Reads the packs of one page, each with its newest version in each registry: one statement, since each round trip costs
 * what a search does.
 *
 * @param page a statement of rows (n, name, key, count), in order of n; its first three parameters are taken
 * @param isKept it is one of few, which PostgreSQL plans once a connection
 */
async function readPage(
  tenantId: string,
  { registryIds, states }: Sources,
  page: string,
  values: unknown[],
  isKept: boolean,
): Promise<Found> {
  const { rows } = await sqlInTenant(tenantId).query({
    ...(isKept && { name: createHash('sha256').update(page).digest('hex').slice(0, 32) }),
    text: `WITH page AS MATERIALIZED (${page})
      SELECT ${VERSION} AS version, (SELECT COALESCE(max(count), 0) FROM page)::int AS count,
        (SELECT key FROM page ORDER BY n DESC LIMIT 1) AS key,
        (SELECT COALESCE(json_agg(json_build_object('name', p.name, 'displayName', p.display_name,
           'description', p.description, 'layer', p.layer, 'addonType', p.addon_type, 'addonSubType', p.addon_sub_type,
           'cloudTypes', p.cloud_types, 'group', p.pack_group, 'state', p.state, 'versions', p.versions,
           'changedAt', p.changed_at, 'eolOn', p.eol_on::text, 'sources', COALESCE((${SOURCES}), '[]')) ORDER BY page.n), '[]')
         FROM page JOIN pack p ON p.tenant_id = $1 AND p.name = page.name) AS packs`,
    values: [
      ...[tenantId, registryIds?.length ? registryIds : null],
      ...[states?.length ? states : ['active', 'deprecated'], ...values],
    ],
    query_timeout: SMALL_QUERY_MS,
  })
  const [{ version, count, key, packs }] = rows as [
    { version: string; count: number; key: string | null; packs: (PackRow & { changedAt: string })[] },
  ]
  const dated = packs.map((pack) => ({ ...pack, changedAt: new Date(pack.changedAt) }))
  return { rows: dated, count, lastKey: key ?? '', version }
}

/** Whether a statement is one of those that most searches are: texts of names and orders of several columns make many. */
const isPlain = (order: CatalogOrder, { sql }: { sql: string }) => order.length <= 1 && sql === ''

/**
 * The packs that match a phrase, or of few that fit choices, in order: the best match first where no other order is
 * asked for.
 */
export function findMatches(
  tenantId: string,
  phrase: string,
  filter: Pick<CatalogFilter, 'name' | 'displayName'> & Sources,
  choices: Choices,
  narrowest: { values: string[]; packs: number } | null,
  allPacks: number,
  order: CatalogOrder,
  page: { offset: number; limit: number },
): Promise<Found> {
  const condition = toCondition(filter, 17)
  const by = orderOf(order)
  if (by.length === 0) by.push('p.tier', `p.state <> 'active'`, 'p.prominence DESC', 'length(p.name)')
  return readPage(
    tenantId,
    filter,
    `SELECT row_number() OVER () AS n, one.* FROM (
       SELECT p.name, '' AS key, count(*) OVER () AS count
       FROM packyard_find_packs($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS p
       -- A phrase may hold no word (marks alone, say): it is in no pack.
       WHERE ($4 = '' OR packyard_query($4) IS NOT NULL) ${condition.sql}
       ORDER BY ${[...by, 'p.name'].join(', ')} LIMIT $15 OFFSET $16) AS one`,
    [
      ...[phrase, ...listed(choices), narrowest?.values ?? null, narrowest?.packs ?? allPacks],
      ...[allPacks, phrase ? RANKED + 1 : allPacks, page.limit, page.offset, ...condition.values],
    ],
    isPlain(order, condition),
  )
}

/** The packs whose names are written much like a phrase, the nearest first. */
export const findSimilar = (
  tenantId: string,
  phrase: string,
  filter: Sources,
  choices: Choices,
  most: number,
): Promise<Found> =>
  readPage(
    tenantId,
    filter,
    `SELECT row_number() OVER () AS n, name, '' AS key, count(*) OVER () AS count
     FROM packyard_similar_packs($4, $5, $6, $7, $8, $9, $10, $11)`,
    [phrase, ...listed(choices), most],
    true,
  )

/** Where a page begins: after this pack, as the first column of the order has it; or so many packs in. */
export type From = { after: [key: string, name: string] } | { offset: number }

/** Packs in order, read along the order's index: for choices that many packs fit. They are not counted. */
export function findInOrder(
  tenantId: string,
  filter: Pick<CatalogFilter, 'name' | 'displayName'> & Sources,
  choices: Choices,
  order: CatalogOrder,
  from: From,
  limit: number,
): Promise<Found> {
  const values: unknown[] = [limit]
  const put = (value: unknown) => `$${values.push(value) + 3}`
  const parts = listed(choices)
    .map(put)
    .map((choice) => `(${choice}::text[] IS NULL OR p.facets && ${choice})`)
  const [first = { field: 'name', descending: false } as const] = order
  const column = ORDER_COLUMNS[first.field]
  if ('after' in from) {
    const [key, name] = from.after
    const type = first.field === 'layer' ? '::int' : first.field === 'changed' ? '::timestamptz' : ''
    // The name goes up in any case, so that a row comparison does where the key goes up too.
    parts.push(
      first.descending
        ? `(${column} < ${put(key)}${type} OR (${column} = ${put(key)}${type} AND p.name > ${put(name)}))`
        : `(${column}, p.name) > (${put(key)}${type}, ${put(name)})`,
    )
    if (first.descending) parts.push(`${column} <= ${put(key)}${type}`)
  }
  const condition = toCondition(filter, values.length + 4)
  values.push(...condition.values)
  return readPage(
    tenantId,
    filter,
    `SELECT row_number() OVER () AS n, one.*, 0 AS count FROM (
       SELECT p.name, ${column}::text AS key FROM pack p
       WHERE p.tenant_id = $1 ${parts.map((part) => ` AND ${part}`).join('')} ${condition.sql}
       ORDER BY ${[...orderOf(order), 'p.name'].join(', ')}
       LIMIT $4 ${'offset' in from ? `OFFSET ${put(from.offset)}` : ''}) AS one`,
    values,
    isPlain(order, condition),
  )
}

/** How many packs fit, where names are asked for as text. */
export async function countInOrder(
  tenantId: string,
  filter: Pick<CatalogFilter, 'name' | 'displayName'>,
  choices: Choices,
): Promise<number> {
  const values: unknown[] = [tenantId]
  const parts = listed(choices).flatMap((choice) =>
    choice ? [` AND p.facets && $${values.push(choice)}::text[]`] : [],
  )
  const condition = toCondition(filter, values.length + 1)
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT count(*)::int AS count FROM pack p WHERE p.tenant_id = $1 ${parts.join('')} ${condition.sql}`,
    [...values, ...condition.values],
  )
  return rows[0].count
}

export async function namesOfRegistries(tenantId: string, ids: string[]): Promise<Map<string, string>> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT id, name FROM registry WHERE tenant_id = $1 AND id = ANY($2)',
    [tenantId, ids],
  )
  return new Map((rows as { id: string; name: string }[]).map((row) => [row.id, row.name]))
}
