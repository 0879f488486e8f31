import { operatorSql } from '../../db/in-tenant'
import { END_NEAR_DAYS } from '../../pack-format/end-near'
import type { Fetched } from '../read-pack'
import { type Query, small } from './fence'

// The catalog's events. Each is written before the statement that makes it true, in its transaction: the row as it
// was still stands there then.

/** What becomes of so many versions at once is one entry: entries for each would push out all others. */
const FOLDED_FROM = 500

/**
 * Notes what a batch of versions that were read changes: new ones, other content, other states and ends of life.
 *
 * Of a registry that was never read to the end nothing is noted: what came with it is one entry, see `noteArrival`.
 *
 * @returns rows written
 */
export async function noteWritten(
  query: Query,
  [tenantId, registryId, runId]: [string, string, string],
  batch: readonly Pick<Fetched, 'entry' | 'facts' | 'leftOutBy'>[],
): Promise<number> {
  const { rowCount } = await query(
    small(
      `INSERT INTO catalog_event (tenant_id, registry_id, run_id, kind, name, version, was, became)
       SELECT $1, $2, $3, event.kind, new.name, new.version, event.was, event.became
       FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
         WITH ORDINALITY AS new(name, version, digest, state, eol, rule, place)
       LEFT JOIN LATERAL (SELECT * FROM pack_version old WHERE old.tenant_id = $1 AND old.registry_id = $2
         AND old.name = new.name AND old.version = new.version OFFSET 0) AS old ON true
       CROSS JOIN LATERAL (VALUES
         (1, 'added', '', new.digest, old.id IS NULL AND new.rule = ''),
         (2, 'takenIn', old.left_out_by, '', old.left_out_by <> '' AND new.rule = ''),
         (3, 'returned', '', '', old.gone_at IS NOT NULL AND old.left_out_by = '' AND new.rule = ''),
         (4, 'leftOut', '', new.rule, old.id IS NOT NULL AND old.gone_at IS NULL AND new.rule <> ''),
         (5, 'repushed', old.digest, new.digest, old.digest <> new.digest AND new.rule = ''),
         (6, CASE new.state WHEN 'active' THEN 'reinstated' ELSE new.state END, old.state, new.state,
           old.state <> new.state AND new.rule = ''),
         (7, 'eolSet', old.eol, new.eol, old.eol <> new.eol AND new.rule = '')
       ) AS event(place, kind, was, became, happened)
       WHERE event.happened AND EXISTS (
         SELECT FROM registry r WHERE r.tenant_id = $1 AND r.id = $2 AND r.last_synced_at IS NOT NULL)
       ORDER BY new.place, event.place`,
      [
        ...[tenantId, registryId, runId],
        ...[batch.map((one) => one.entry.name), batch.map((one) => one.entry.version)],
        ...[batch.map((one) => one.entry.digest), batch.map((one) => one.facts.columns.state)],
        ...[batch.map((one) => one.facts.columns.eol), batch.map((one) => one.leftOutBy)],
      ],
    ),
  )
  return rowCount ?? 0
}

/** Notes, once, all that came with a registry that is read to the end for the first time. @returns rows written */
export async function noteArrival(
  query: Query,
  [tenantId, registryId, runId]: [string, string, string],
): Promise<number> {
  const { rowCount } = await query(
    `INSERT INTO catalog_event (tenant_id, registry_id, run_id, kind, versions, packs)
     SELECT $1, $2, $3, 'arrived', count(*), count(DISTINCT name) FROM pack_version
     WHERE tenant_id = $1 AND registry_id = $2 AND gone_at IS NULL
       AND EXISTS (SELECT FROM registry WHERE tenant_id = $1 AND id = $2 AND last_synced_at IS NULL)
       AND NOT EXISTS (
         SELECT FROM catalog_event WHERE tenant_id = $1 AND registry_id = $2 AND kind = 'arrived')
     HAVING count(*) > 0`,
    [tenantId, registryId, runId],
  )
  return rowCount ?? 0
}

/** Which versions a change is about, as `pack_version v`; with which rule, where the filter leaves them out. */
const CHANGES = {
  gone: `v.gone_at IS NULL AND NOT EXISTS (
    SELECT FROM held_removal h WHERE h.tenant_id = $1 AND h.registry_id = $2 AND h.pack_version_id = v.id
      AND h.kept_at IS NOT NULL)`,
  /** A person decided so, about those that were kept too. */
  removed: 'v.gone_at IS NULL',
  leftOut: `v.gone_at IS NULL AND one.rule <> ''`,
  takenIn: `v.left_out_by <> ''`,
  returned: `v.gone_at IS NOT NULL AND v.left_out_by = ''`,
} as const

export type Moved = keyof typeof CHANGES

/**
 * Notes that versions of a registry leave the catalog or come back, those alone of which it is true. Very many are one
 * entry that says how many.
 *
 * @param runId empty where a person decided it
 * @param these SQL that gives their `id`, and the `rule` of the filter that leaves each out; `$1` to `$3` are `of`
 * @returns rows written
 */
export async function noteMovedOf(
  query: Query,
  of: [tenantId: string, registryId: string, runId: string],
  kind: Moved,
  these: string,
  more: unknown[] = [],
): Promise<number> {
  const { rowCount } = await query(
    `WITH moved AS MATERIALIZED (
       SELECT v.name, v.version, v.version_key, CASE WHEN $4 = 'takenIn' THEN v.left_out_by ELSE '' END AS was,
         one.rule AS became
       FROM (${these}) AS one
       CROSS JOIN LATERAL (SELECT * FROM pack_version v WHERE v.tenant_id = $1 AND v.id = one.id OFFSET 0) AS v
       WHERE v.registry_id = $2 AND ${CHANGES[kind]})
     INSERT INTO catalog_event (tenant_id, registry_id, run_id, kind, name, version, was, became, versions, packs)
     SELECT $1, $2, $3, $4, name, version, was, became, versions, packs FROM (
       SELECT name, version, version_key, was, became, 1 AS versions, 1 AS packs FROM moved
       WHERE (SELECT count(*) FROM moved) < ${FOLDED_FROM}
       UNION ALL
       SELECT '', '', '', '', '', count(*), count(DISTINCT name) FROM moved HAVING count(*) >= ${FOLDED_FROM}) AS noted
     ORDER BY name, version_key`,
    [...of, kind === 'removed' ? 'gone' : kind, ...more],
  )
  return rowCount ?? 0
}

/** An end that is longer past is no news. */
const ENDED_DAYS = 7
const TODAY = "(now() AT TIME ZONE 'UTC')::date"

/**
 * Notes the versions of all tenants whose end of life is near or has come, each once for each date.
 *
 * @returns rows written
 */
export async function noteEnds(): Promise<number> {
  const { rowCount } = await operatorSql().query(
    `WITH ending AS MATERIALIZED (
       SELECT v.tenant_id, v.registry_id, v.name, v.version, v.version_key, packyard_as_date(v.eol) AS ends
       FROM pack_version v
       JOIN registry r ON r.tenant_id = v.tenant_id AND r.id = v.registry_id AND r.last_synced_at IS NOT NULL
       WHERE v.eol <> '' AND v.gone_at IS NULL
         AND packyard_as_date(v.eol) BETWEEN ${TODAY} - ${ENDED_DAYS} AND ${TODAY} + ${END_NEAR_DAYS}),
     news AS MATERIALIZED (
       SELECT * FROM (
         SELECT *, CASE WHEN ends > ${TODAY} THEN 'eolNear' ELSE 'eolReached' END AS kind FROM ending) AS e
       WHERE NOT EXISTS (
         SELECT FROM catalog_event c WHERE c.tenant_id = e.tenant_id AND c.name = e.name AND c.version = e.version
           AND c.registry_id = e.registry_id AND c.kind = e.kind AND c.became = e.ends::text))
     INSERT INTO catalog_event (tenant_id, registry_id, kind, name, version, became)
     SELECT tenant_id, registry_id, kind, name, version, ends::text FROM news
     ORDER BY ends, name, version_key LIMIT 10000`,
  )
  return rowCount ?? 0
}

/** Has lists show as ended what ended since it was last written. @returns how many packs */
export async function refreshEnded(): Promise<number> {
  const { rows } = await operatorSql().query(
    `SELECT packyard_refresh_packs(array_agg(tenant_id), array_agg(name)), count(*)::int AS packs FROM (
       SELECT tenant_id, name FROM pack
       WHERE eol_on <= current_date AND NOT facets && ARRAY['s:eol', 's:gone'] LIMIT 10000) AS ended
     HAVING count(*) > 0`,
  )
  return rows[0]?.packs ?? 0
}

/** Deletes events of all tenants that are older than so many days, or have so many newer ones. @returns how many */
export async function deleteOldEvents(days: number, each: number): Promise<number> {
  const { rowCount } = await operatorSql().query(
    `DELETE FROM catalog_event e USING tenant t
     LEFT JOIN LATERAL (
       SELECT id FROM catalog_event WHERE tenant_id = t.id ORDER BY id DESC OFFSET $2 LIMIT 1) AS last ON true
     WHERE e.tenant_id = t.id AND (e.at < now() - make_interval(days => $1) OR e.id <= last.id)`,
    [days, each],
  )
  return rowCount ?? 0
}
