import { sqlInTenant } from '../../db/in-tenant'
import type { Cell } from '../facet-counts'
import { type Choices, toCondition } from '../filter'
import type { CatalogFilter, CatalogOrder, PackState } from '../schema'

/** Of a search by words so many are ranked and shown at most. */
export const RANKED = 1000

/** Of a search by words the facets of so many are counted at most. */
const COUNTED = 20_000

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

/** Every set of facets that packs of the tenant have, with how many have it. */
export async function findCells(tenantId: string): Promise<Cell[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT facets::json AS facets, packs FROM pack_cell WHERE tenant_id = $1 AND packs > 0',
    [tenantId],
  )
  return rows
}

/** The same of the packs that match a phrase. @returns whether there are more than were counted */
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

/**
 * The names of the packs that match a phrase, or of few that fit choices, in order: the best match first where no
 * other order is asked for.
 *
 * @returns count up to RANKED + 1
 */
export async function findMatches(
  tenantId: string,
  phrase: string,
  filter: Pick<CatalogFilter, 'name' | 'displayName'>,
  choices: Choices,
  narrowest: { values: string[]; packs: number } | null,
  allPacks: number,
  order: CatalogOrder,
  page: { offset: number; limit: number },
): Promise<{ names: string[]; count: number }> {
  const condition = toCondition(filter, 15)
  const by = orderOf(order)
  if (by.length === 0) by.push('m.tier', `p.state <> 'active'`, 'p.prominence DESC', 'length(p.name)')
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT p.name, count(*) OVER ()::int AS count
     FROM packyard_match_packs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS m
     -- Looked up one by one: how many match is not known before, and all packs are read where many are expected.
     CROSS JOIN LATERAL (SELECT * FROM pack WHERE tenant_id = $12 AND name = m.name OFFSET 0) AS p
     -- A phrase may hold no word (marks alone, say): it is in no pack.
     WHERE ($1 = '' OR packyard_query($1) IS NOT NULL) ${condition.sql}
     ORDER BY ${[...by, 'p.name'].join(', ')} LIMIT $13 OFFSET $14`,
    [
      ...[phrase, ...listed(choices), narrowest?.values ?? null, narrowest?.packs ?? allPacks],
      ...[allPacks, phrase ? RANKED + 1 : allPacks, tenantId, page.limit, page.offset, ...condition.values],
    ],
  )
  const found = rows as { name: string; count: number }[]
  return { names: found.map((row) => row.name), count: found[0]?.count ?? 0 }
}

/** The names of packs that are written much like a phrase, the nearest first. */
export async function findSimilar(
  tenantId: string,
  phrase: string,
  choices: Choices,
  most: number,
): Promise<string[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT name FROM packyard_similar_packs($1, $2, $3, $4, $5, $6, $7, $8)',
    [phrase, ...listed(choices), most],
  )
  return (rows as { name: string }[]).map((row) => row.name)
}

/** Where a page begins: after this pack, as the first column of the order has it; or so many packs in. */
export type From = { after: [key: string, name: string] } | { offset: number }

/** Names in order, read along the order's index: for choices that many packs fit. */
export async function findInOrder(
  tenantId: string,
  filter: Pick<CatalogFilter, 'name' | 'displayName'>,
  choices: Choices,
  order: CatalogOrder,
  from: From,
  limit: number,
): Promise<{ names: string[]; lastKey: string }> {
  const values: unknown[] = [tenantId, limit]
  const put = (value: unknown) => `$${values.push(value)}`
  const parts = listed(choices).flatMap((choice) => (choice ? [`p.facets && ${put(choice)}::text[]`] : []))
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
  const condition = toCondition(filter, values.length + 1)
  values.push(...condition.values)
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT p.name, ${column}::text AS key FROM pack p
     WHERE p.tenant_id = $1 ${parts.map((part) => ` AND ${part}`).join('')} ${condition.sql}
     ORDER BY ${[...orderOf(order), 'p.name'].join(', ')} LIMIT $2 ${'offset' in from ? `OFFSET ${put(from.offset)}` : ''}`,
    values,
  )
  const found = rows as { name: string; key: string }[]
  return { names: found.map((row) => row.name), lastKey: found.at(-1)?.key ?? '' }
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

/** These packs, in the order of their names given, each with its newest version in each registry. */
export async function readPacks(
  tenantId: string,
  names: string[],
  { registryIds, states }: Pick<CatalogFilter, 'registryIds' | 'states'>,
): Promise<PackRow[]> {
  if (names.length === 0) return []
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH newest AS (
       SELECT DISTINCT ON (v.name, v.registry_id) v.id, v.name, v.registry_id, v.version, v.version_key, v.logo_digest,
         v.annotations
       FROM pack_version v
       WHERE v.tenant_id = $1 AND v.name = ANY($2) AND v.gone_at IS NULL
         AND ($3::text[] IS NULL OR v.registry_id = ANY($3)) AND v.state = ANY($4)
       ORDER BY v.name, v.registry_id, v.version_key DESC)
     SELECT p.name, p.display_name AS "displayName", p.description, p.layer, p.addon_type AS "addonType",
       p.addon_sub_type AS "addonSubType", p.cloud_types AS "cloudTypes", p.pack_group AS "group", p.state, p.versions,
       p.changed_at AS "changedAt", p.eol_on::text AS "eolOn",
       COALESCE((SELECT json_agg(json_build_object('registryId', n.registry_id, 'registryName', r.name,
          'registryKind', r.kind, 'packUid', n.id, 'version', n.version,
          -- Nobody asks again for a logo that turned out to be none.
          'logoDigest', CASE WHEN NOT EXISTS (SELECT FROM logo_picture l
             WHERE l.tenant_id = $1 AND l.digest = n.logo_digest AND l.refused <> '') THEN n.logo_digest END,
          'annotations', n.annotations) ORDER BY n.version_key DESC, r.name)
        FROM newest n JOIN registry r ON r.tenant_id = $1 AND r.id = n.registry_id WHERE n.name = p.name), '[]') AS sources
     FROM unnest($2::text[]) WITH ORDINALITY AS wanted(name, n) JOIN pack p ON p.tenant_id = $1 AND p.name = wanted.name
     ORDER BY wanted.n`,
    [
      tenantId,
      names,
      registryIds?.length ? registryIds : null,
      states?.length ? states : ['active', 'deprecated'],
    ],
  )
  return rows
}

export async function namesOfRegistries(tenantId: string, ids: string[]): Promise<Map<string, string>> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT id, name FROM registry WHERE tenant_id = $1 AND id = ANY($2)',
    [tenantId, ids],
  )
  return new Map((rows as { id: string; name: string }[]).map((row) => [row.id, row.name]))
}
