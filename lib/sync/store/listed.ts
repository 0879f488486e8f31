import type { CatalogEntry } from '../../adapters/adapter'
import { operatorSql, sqlInTenant } from '../../db/in-tenant'
import type { FilterRule } from '../filter'

/** Whose rows of `listed_version` they are: in a statement the first three parameters. */
export interface RunOf {
  tenantId: string
  registryId: string
  runId: string
}

/** In a statement whose first parameters are tenant, registry and run. */
export const OF_RUN = 'l.tenant_id = $1 AND l.registry_id = $2 AND l.run_id = $3'
/** Of those: what the registry lists and the filter takes, and what is tried again. */
export const TAKEN = "NOT l.is_missing AND l.left_out_by = ''"

const these = ({ tenantId, registryId, runId }: RunOf) => [tenantId, registryId, runId]

/** What is to be fetched before all others comes this much before them. */
const LEAD = 1_000_000_000

/**
 * Keeps entries of a listing, compared with what we hold. One that is there already stays as it is: of a version that is
 * listed twice the first counts.
 *
 * @param place of the first
 * @param again they are tried again: fetched although we may hold them
 * @returns how many are new
 */
export async function keepListed(
  run: RunOf,
  entries: readonly CatalogEntry[],
  place: number,
  again = false,
): Promise<number> {
  if (entries.length === 0) return 0
  const rows = entries.map(({ name, version, digest, tags, source, fault, isLead }, i) => ({
    ...{ name, version, digest, tags, source: source ?? '', fault: fault ?? '' },
    place: place + i + (isLead ? 0 : LEAD),
  }))
  const { rowCount } = await sqlInTenant(run.tenantId).query(
    `INSERT INTO listed_version (tenant_id, registry_id, run_id, name, version, place, digest, tags, source, fault,
       pack_version_id, is_same, was_here)
     SELECT $1, $2, $3, new.name, new.version, new.place, new.digest, new.tags, new.source, new.fault, v.id,
       NOT $5 AND COALESCE(v.digest = new.digest, false), v.id IS NOT NULL AND v.gone_at IS NULL
     FROM jsonb_to_recordset($4::jsonb) AS new(name text, version text, place int, digest text, tags text[], source text,
       fault text)
     LEFT JOIN LATERAL (SELECT * FROM pack_version v WHERE v.tenant_id = $1 AND v.registry_id = $2
       AND v.name = new.name AND v.version = new.version OFFSET 0) AS v ON true
     ON CONFLICT DO NOTHING`,
    [...these(run), JSON.stringify(rows), again],
  )
  return rowCount ?? 0
}

/** Forgets what a run listed: it is over, or the listing is no news. */
export async function dropListed(run: RunOf): Promise<void> {
  await sqlInTenant(run.tenantId).query({
    text: `DELETE FROM listed_version l WHERE ${OF_RUN}`,
    values: these(run), // it may take its time: there may be a million
  })
}

/** Forgets what runs listed that ended without a word, or whose registry is gone. */
export async function dropLeftListings(): Promise<void> {
  await operatorSql().query(
    `DELETE FROM listed_version l WHERE NOT EXISTS (
       SELECT FROM sync_run s WHERE s.tenant_id = l.tenant_id AND s.id = l.run_id AND s.outcome = 'running')`,
  )
}

/** A listed version, and what its files said where we hold that very content. */
export interface Compared {
  name: string
  version: string
  digest: string
  kind: { layer: string; addonType: string } | null
}

/** Listed versions by name and version, so many after one; what is only tried again is not among them. */
export async function findListed(
  run: RunOf,
  after: { name: string; version: string },
  many: number,
): Promise<Compared[]> {
  const { rows } = await sqlInTenant(run.tenantId).query(
    `SELECT l.name, l.version, l.digest, CASE WHEN l.is_same
       THEN jsonb_build_object('layer', v.layer, 'addonType', v.addon_type) END AS kind
     FROM listed_version l LEFT JOIN LATERAL (SELECT v.layer, v.addon_type FROM pack_version v
       WHERE v.tenant_id = $1 AND v.id = l.pack_version_id OFFSET 0) AS v ON true
     WHERE ${OF_RUN} AND (l.name, l.version) > ($4, $5)
     ORDER BY l.name, l.version LIMIT $6`,
    [...these(run), after.name, after.version, many],
  )
  return rows
}

/** Notes which rule leaves versions out. */
export async function leaveOutListed(
  run: RunOf,
  out: readonly { name: string; version: string; rule: FilterRule }[],
): Promise<void> {
  if (out.length === 0) return
  await sqlInTenant(run.tenantId).query(
    `UPDATE listed_version l SET left_out_by = new.rule
     FROM unnest($4::text[], $5::text[], $6::text[]) AS new(name, version, rule)
     WHERE ${OF_RUN} AND l.name = new.name AND l.version = new.version`,
    [...these(run), out.map((one) => one.name), out.map((one) => one.version), out.map((one) => one.rule)],
  )
}

/** An entry that is to be fetched, and whether we hold the version with other content. */
export interface Unread extends CatalogEntry {
  isHeld: boolean
}

/** How many listed versions are to be fetched, and how many the filter leaves out. */
export async function countListed(run: RunOf): Promise<{ unread: number; leftOut: number }> {
  const { rows } = await sqlInTenant(run.tenantId).query({
    text: `SELECT count(*) FILTER (WHERE NOT l.is_same AND l.left_out_by = '')::int AS unread,
       count(*) FILTER (WHERE l.left_out_by <> '')::int AS "leftOut" FROM listed_version l WHERE ${OF_RUN}`,
    values: these(run),
  })
  return rows[0]
}

const PAGE = 500

/** What is to be fetched, in its order, with few in memory at a time. */
export async function* findUnread(run: RunOf): AsyncIterable<Unread> {
  for (let after = -1; ; ) {
    const { rows } = await sqlInTenant(run.tenantId).query({
      text: `SELECT l.name, l.version, l.digest, l.tags, l.source, NULLIF(l.fault, '') AS fault, l.place,
         l.pack_version_id IS NOT NULL AS "isHeld" FROM listed_version l
       WHERE ${OF_RUN} AND NOT l.is_same AND l.left_out_by = '' AND l.place > $4
       ORDER BY l.place LIMIT ${PAGE}`,
      values: [...these(run), after],
    })
    for (const { place, fault, ...one } of rows as (Unread & { place: number; fault: string | null })[]) {
      after = place
      yield fault === null ? one : { ...one, fault }
    }
    if (rows.length < PAGE) return
  }
}

/** Notes why versions could not be read. */
export async function noteFailures(
  run: RunOf,
  failures: readonly { name: string; version: string; reason: string }[],
): Promise<void> {
  if (failures.length === 0) return
  await sqlInTenant(run.tenantId).query(
    `UPDATE listed_version l SET reason = new.reason
     FROM unnest($4::text[], $5::text[], $6::text[]) AS new(name, version, reason)
     WHERE ${OF_RUN} AND l.name = new.name AND l.version = new.version`,
    [
      ...these(run),
      failures.map((one) => one.name),
      failures.map((one) => one.version),
      failures.map((one) => one.reason),
    ],
  )
}
