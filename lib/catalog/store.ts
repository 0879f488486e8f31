import { inTenant, sqlInTenant } from '../db/in-tenant'
import { type FacetName, toCondition } from './filter'
import type { CatalogFilter, CatalogOrder, PackState } from './schema'

const ORDER_COLUMNS = {
  name: 'name',
  displayName: 'lower(display_name)',
  layer: 'layer_order',
  addonType: 'addon_type',
} as const

/** The stack's own order, bottom up. */
const LAYER_ORDER = `array_position(ARRAY['kernel','os','k8s','cni','csi','addon'], layer)`

export interface PackRow {
  name: string
  displayName: string
  layer: string
  addonType: string
  addonSubType: string
  cloudTypes: string[]
  group: string
  state: PackState
  annotations: Record<string, string>
  versions: number
  updatedAt: Date
  /** The newest version in each registry. */
  sources: {
    registryId: string
    registryName: string
    registryKind: string
    packUid: string
    version: string
    logoDigest: string | null
    annotations: Record<string, string>
  }[]
}

/** The packs that match, one row a name, with their newest version in each registry. */
export async function searchPacks(
  tenantId: string,
  filter: CatalogFilter,
  order: CatalogOrder,
  page: { offset: number; limit: number },
): Promise<{ rows: PackRow[]; count: number }> {
  const { sql, values } = toCondition(tenantId, filter)
  const by = order.map(({ field, descending }) => `${ORDER_COLUMNS[field]} ${descending ? 'DESC' : 'ASC'}`)
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH matching AS (
       SELECT DISTINCT ON (v.name, v.registry_id) v.*, count(*) OVER (PARTITION BY v.name) AS versions,
              max(v.updated_at) OVER (PARTITION BY v.name) AS touched_at,
              r.name AS registry_name, r.kind AS registry_kind
       FROM pack_version v JOIN registry r ON r.tenant_id = v.tenant_id AND r.id = v.registry_id
       WHERE ${sql}
       ORDER BY v.name, v.registry_id, v.version_key DESC),
     newest AS (
       SELECT DISTINCT ON (name) *, ${LAYER_ORDER} AS layer_order FROM matching ORDER BY name, version_key DESC),
     page AS (
       SELECT *, count(*) OVER () AS total FROM newest
       ORDER BY ${[...by, 'name ASC'].join(', ')} LIMIT $${values.length + 1} OFFSET $${values.length + 2})
     SELECT p.name, p.display_name AS "displayName", p.layer, p.addon_type AS "addonType",
       p.addon_sub_type AS "addonSubType", p.cloud_types AS "cloudTypes", p.pack_group AS "group", p.state,
       p.annotations, p.versions::int AS versions, p.touched_at AS "updatedAt", p.total::int AS total,
       (SELECT json_agg(json_build_object('registryId', m.registry_id, 'registryName', m.registry_name,
          'registryKind', m.registry_kind, 'packUid', m.id, 'version', m.version, 'logoDigest', m.logo_digest,
          'annotations', m.annotations) ORDER BY m.version_key DESC, m.registry_name)
        FROM matching m WHERE m.name = p.name) AS sources
     FROM page p ORDER BY ${[...by, 'name ASC'].map((one) => one.replace(/^(lower\()?/, '$1p.')).join(', ')}`,
    [...values, page.limit, page.offset],
  )
  const found = rows as (PackRow & { total: number })[]
  if (found.length === 0 && page.offset > 0) {
    const counted = await countPacks(tenantId, filter)
    return { rows: [], count: counted }
  }
  return { rows: found, count: found[0]?.total ?? 0 }
}

export async function countPacks(tenantId: string, filter: CatalogFilter): Promise<number> {
  const { sql, values } = toCondition(tenantId, filter)
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT count(DISTINCT v.name)::int AS count FROM pack_version v WHERE ${sql}`,
    values,
  )
  return rows[0].count
}

const FACETS = {
  registry: { value: 'v.registry_id', label: 'r.name' },
  layer: { value: 'v.layer', label: 'v.layer' },
  addonType: { value: 'v.addon_type', label: 'v.addon_type' },
} as const

export interface FacetValue {
  value: string
  label: string
  count: number
}

/** How many packs each value would show, given the other choices. */
export async function countFacet(
  tenantId: string,
  filter: CatalogFilter,
  facet: FacetName,
): Promise<FacetValue[]> {
  const { sql, values } = toCondition(tenantId, filter, facet)
  const { value, label } = FACETS[facet]
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT ${value} AS value, ${label} AS label, count(DISTINCT v.name)::int AS count
     FROM pack_version v JOIN registry r ON r.tenant_id = v.tenant_id AND r.id = v.registry_id
     WHERE ${sql} GROUP BY 1, 2 ORDER BY 3 DESC, 2`,
    values,
  )
  return rows
}

const withRevision = {
  registry: { select: { id: true, name: true, kind: true } },
  tags: { select: { tag: true } },
} as const

/** One version, gone or not. */
export const findVersion = (tenantId: string, id: string) =>
  inTenant(tenantId).packVersion.findFirst({ where: { tenantId, id }, include: withRevision })

export type VersionRow = NonNullable<Awaited<ReturnType<typeof findVersion>>>

/** All versions of one pack in one registry, newest first. */
export const findVersions = (
  tenantId: string,
  where: { registryId?: string; name?: string; version?: string; states?: PackState[]; gone?: boolean },
  page: { skip?: number; take: number },
) =>
  inTenant(tenantId).packVersion.findMany({
    where: {
      tenantId,
      registryId: where.registryId,
      name: where.name,
      version: where.version,
      ...(where.states && { state: { in: where.states } }),
      ...(!where.gone && { goneAt: null }),
    },
    include: withRevision,
    orderBy: [{ name: 'asc' }, { versionKey: 'desc' }, { id: 'asc' }],
    ...page,
  })

export const countVersions = (
  tenantId: string,
  where: { registryId?: string; name?: string; version?: string },
): Promise<number> => inTenant(tenantId).packVersion.count({ where: { tenantId, ...where, goneAt: null } })

export const findRevisions = (tenantId: string, ids: string[]) =>
  inTenant(tenantId).packRevision.findMany({ where: { tenantId, id: { in: ids } } })

export type RevisionRow = Awaited<ReturnType<typeof findRevisions>>[number]

/** Contents by digest. */
export async function findContents(tenantId: string, digests: string[]): Promise<Map<string, Uint8Array>> {
  const rows = await inTenant(tenantId).content.findMany({ where: { tenantId, digest: { in: digests } } })
  return new Map(rows.map((row) => [row.digest, row.bytes]))
}
