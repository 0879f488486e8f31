import { sqlInTenant } from '../../db/in-tenant'
import type { FilterRule } from '../filter'
import { OTHERS_SHOWN, type Traces } from './history'

/** What is known of all versions of a pack in one registry. */
export interface PackTraces {
  /** Versions that are in the catalog, and the newest few of them. */
  here: number
  newest: string[]
  /** Versions that could not be read, and one of them. */
  failing: number
  failure: { version: string; reason: string; since: Date } | null
  /** Versions that are listed and that the filter leaves out, by this rule among others. */
  leftOut: number
  rule: FilterRule | null
  /** Versions that are no longer listed. */
  gone: number
  /** When the last of those that went or were left out did. */
  goneAt: Date | null
}

export interface RegistryTraces {
  id: string
  registryName: string
  kind: string
  filter: unknown
  lastSyncedAt: Date | null
  lastMessage: string
  readySince: Date
  paused: boolean
  pausedBy: string
  pausedSince: Date
  pack: PackTraces
  /** Of the one version that was asked for. */
  one: Pick<Traces, 'held' | 'failure'>
}

/** What each registry knows of a pack: first those that know something. @param version empty: of no one version */
export async function findPackTraces(
  tenantId: string,
  name: string,
  version: string,
  most: number,
): Promise<RegistryTraces[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH versions AS (
       SELECT v.registry_id,
         count(*) FILTER (WHERE v.gone_at IS NULL)::int AS here,
         (array_agg(v.version ORDER BY v.version_key DESC) FILTER (WHERE v.gone_at IS NULL AND v.version <> $3))[1:$4] AS newest,
         count(*) FILTER (WHERE v.gone_at IS NOT NULL AND v.left_out_by <> '')::int AS left_out,
         max(v.left_out_by) FILTER (WHERE v.gone_at IS NOT NULL AND v.left_out_by <> '') AS rule,
         count(*) FILTER (WHERE v.gone_at IS NOT NULL AND v.left_out_by = '')::int AS gone,
         max(v.gone_at) AS gone_at
       FROM pack_version v WHERE v.tenant_id = $1 AND v.name = $2 GROUP BY v.registry_id),
     failures AS (
       SELECT f.registry_id, count(*)::int AS failing,
         (array_agg(f.version ORDER BY f.last_failed_at DESC, f.version))[1] AS version,
         (array_agg(f.reason ORDER BY f.last_failed_at DESC, f.version))[1] AS reason,
         min(f.first_failed_at) AS since
       FROM sync_failure f WHERE f.tenant_id = $1 AND f.name = $2 GROUP BY f.registry_id)
     SELECT r.id, r.name, r.kind, r.filter, r.last_synced_at, r.last_message, r.ready_since, r.paused, r.paused_by,
       r.paused_since, v.here, v.newest, v.left_out, v.rule, v.gone, v.gone_at, f.failing, f.version AS failed_version,
       f.reason AS failed_reason, f.since AS failed_since, o.created_at AS one_created_at, o.gone_at AS one_gone_at,
       o.left_out_by AS one_left_out_by, h.held_at, h.kept_at, e.reason, e.first_failed_at
     FROM registry r
       LEFT JOIN versions v ON v.registry_id = r.id
       LEFT JOIN failures f ON f.registry_id = r.id
       LEFT JOIN pack_version o
         ON o.tenant_id = $1 AND o.registry_id = r.id AND o.name = $2 AND o.version = $3
       LEFT JOIN held_removal h ON h.tenant_id = $1 AND h.registry_id = r.id AND h.pack_version_id = o.id
       LEFT JOIN sync_failure e
         ON e.tenant_id = $1 AND e.registry_id = r.id AND e.name = $2 AND e.version = $3
     WHERE r.tenant_id = $1
     ORDER BY v.registry_id IS NULL AND f.registry_id IS NULL, r.name LIMIT $5`,
    [tenantId, name, version, OTHERS_SHOWN, most],
  )
  return rows.map(toTraces)
}

// biome-ignore lint/suspicious/noExplicitAny: a row as the statement above names its columns
const toTraces = (row: any): RegistryTraces => ({
  ...{ id: row.id, registryName: row.name, kind: row.kind, filter: row.filter },
  ...{ lastSyncedAt: row.last_synced_at, lastMessage: row.last_message, readySince: row.ready_since },
  ...{ paused: row.paused, pausedBy: row.paused_by, pausedSince: row.paused_since },
  pack: {
    ...{ here: row.here ?? 0, newest: row.newest ?? [], failing: row.failing ?? 0 },
    failure:
      row.failed_version === null
        ? null
        : { version: row.failed_version, reason: row.failed_reason, since: row.failed_since },
    ...{ leftOut: row.left_out ?? 0, rule: row.rule, gone: row.gone ?? 0, goneAt: row.gone_at },
  },
  one: {
    held:
      row.one_created_at === null
        ? null
        : {
            ...{ createdAt: row.one_created_at, goneAt: row.one_gone_at, leftOutBy: row.one_left_out_by },
            ...{ heldAt: row.held_at, keptAt: row.kept_at },
          },
    failure: row.reason === null ? null : { reason: row.reason, since: row.first_failed_at },
  },
})
