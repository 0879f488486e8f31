import { sqlInTenant } from '../../db/in-tenant'
import { versionKey } from '../version-key'

export interface Asked {
  name: string
  /** Inclusive; empty: none. */
  minVersion: string
  maxVersion: string
}

export interface Fitting {
  /** Which of what was asked, from 0. */
  index: number
  /** Whether there is any pack of the name. */
  isThere: boolean
  /** Up to `counted`. */
  count: number
  /** The newest first. */
  versions: { packUid: string; version: string; registryId: string; registryName: string }[]
}

/** How many versions are counted for one thing that is asked. */
export const COUNTED = 1_000

/** Which versions in the catalog are of the name and in the range that each asks for, listed and of use. */
export async function findFitting(
  tenantId: string,
  asked: readonly Asked[],
  shown: number,
): Promise<Fitting[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH asked AS (
       SELECT place - 1 AS index, name, low, high
       FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS a(name, low, high, place))
     SELECT a.index::int AS index,
       EXISTS (SELECT FROM pack p WHERE p.tenant_id = $1 AND p.name = a.name) AS "isThere",
       (SELECT count(*)::int FROM (
          SELECT FROM pack_version v WHERE v.tenant_id = $1 AND v.name = a.name AND v.gone_at IS NULL
            AND v.state IN ('active', 'deprecated') AND (a.low = '' OR v.version_key >= a.low)
            AND (a.high = '' OR v.version_key <= a.high) LIMIT $6) AS counted) AS count,
       COALESCE((SELECT json_agg(json_build_object('packUid', f.id, 'version', f.version, 'registryId', f.registry_id,
           'registryName', r.name) ORDER BY f.version_key DESC, r.name)
         FROM (SELECT v.* FROM pack_version v WHERE v.tenant_id = $1 AND v.name = a.name AND v.gone_at IS NULL
             AND v.state IN ('active', 'deprecated') AND (a.low = '' OR v.version_key >= a.low)
             AND (a.high = '' OR v.version_key <= a.high) ORDER BY v.version_key DESC LIMIT $5) AS f
         JOIN registry r ON r.tenant_id = $1 AND r.id = f.registry_id), '[]') AS versions
     FROM asked a ORDER BY a.index`,
    [
      tenantId,
      asked.map((one) => one.name),
      asked.map((one) => one.minVersion && versionKey(one.minVersion)),
      asked.map((one) => one.maxVersion && versionKey(one.maxVersion)),
      shown,
      COUNTED,
    ],
  )
  return rows
}

export interface Dependent {
  name: string
  displayName: string
  layer: string
  packUid: string
  version: string
  registryId: string
  registryName: string
  kind: string
  minVersion: string
  maxVersion: string
}

/** Packs whose newest version that says so asks for a pack of this name; by name. */
export async function findDependents(
  tenantId: string,
  name: string,
  after: string,
  limit: number,
): Promise<Dependent[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT DISTINCT ON (v.name) v.name, v.display_name AS "displayName", v.layer, v.id AS "packUid", v.version,
       v.registry_id AS "registryId", r.name AS "registryName", d.kind, d.min_version AS "minVersion",
       d.max_version AS "maxVersion"
     FROM pack_dependency d
     JOIN pack_revision p ON p.tenant_id = $1 AND p.id = d.pack_revision_id
     JOIN pack_version v ON v.tenant_id = $1 AND v.id = p.pack_version_id AND v.revision_id = p.id
     JOIN registry r ON r.tenant_id = $1 AND r.id = v.registry_id
     WHERE d.tenant_id = $1 AND d.name = $2 AND v.name <> $2 AND v.gone_at IS NULL AND v.name > $3
     ORDER BY v.name, v.version_key DESC, v.id, d.place LIMIT $4`,
    [tenantId, name, after, limit],
  )
  return rows
}
