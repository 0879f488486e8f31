import type pg from 'pg'

import type { CatalogEntry, RemoteError } from '../adapters/adapter'
import { inTenant, operatorSql, sqlInTenant } from '../db/in-tenant'
import { newUid } from '../uid'
import { type Held, keyOf } from './diff'
import type { EarlierHold } from './guard'
import type { Fetched } from './read-pack'

/** A run that has shown no sign of life for so long was left by a process that died. */
export const ABANDONED_AFTER_SECONDS = 60

export interface DueRegistry {
  id: string
  tenantId: string
}

/**
 * The registries whose time has come and that nobody syncs; also those that a dead process left running. Either half
 * is read from an index, so that registries that are not due cost nothing.
 */
export async function findDue(
  limit: number,
  on: Pick<pg.PoolClient, 'query'> = operatorSql(),
): Promise<DueRegistry[]> {
  const { rows } = await on.query(
    `(SELECT id, tenant_id AS "tenantId" FROM registry
      WHERE run_id IS NOT NULL AND updated_at < now() - make_interval(secs => ${ABANDONED_AFTER_SECONDS}) LIMIT $1)
     UNION ALL
     (SELECT id, tenant_id AS "tenantId" FROM registry
      WHERE due_at <= now() AND run_id IS NULL ORDER BY due_at LIMIT $1)`,
    [limit],
  )
  return rows
}

/** One process at a time sends what is due. Any number: it only has to be ours. */
const TURN_LOCK = 4_203_207_001

export interface Turn {
  due(limit: number): Promise<DueRegistry[]>
  /** Lets another process have it. */
  end(): void
}

/**
 * Takes the turn to send what is due, for as long as one connection lives: when this process or its connection dies,
 * the database gives the turn to the next who asks.
 *
 * @returns null while another process has it
 */
export async function takeTurn(): Promise<Turn | null> {
  const client = await operatorSql().connect()
  let taken = false
  try {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [TURN_LOCK])
    taken = rows[0].taken
  } finally {
    if (!taken) client.release()
  }
  return taken ? { due: (limit) => findDue(limit, client), end: () => client.release(true) } : null
}

export interface StartedRun {
  runId: string
  name: string
  trigger: string
  revision: string | null
  syncEveryMinutes: number
  failures: number
}

/**
 * Takes a registry for one run: `run_id` is the fencing token that every later write of the run names.
 *
 * @returns null when it is no longer due, or somebody else has it
 */
export async function startRun(tenantId: string, registryId: string): Promise<StartedRun | null> {
  const runId = newUid()
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH before AS (
       SELECT id, run_id, requested_by FROM registry WHERE tenant_id = $1 AND id = $2 FOR UPDATE),
     taken AS (
       UPDATE registry r SET run_id = $3, last_run_at = now(), requested_by = '', cancel_requested = false,
         updated_at = now()
       FROM before b
       WHERE r.tenant_id = $1 AND r.id = b.id AND (
         (b.run_id IS NULL AND r.due_at <= now())
         OR (b.run_id IS NOT NULL AND r.updated_at < now() - make_interval(secs => ${ABANDONED_AFTER_SECONDS})))
       RETURNING r.*, b.run_id AS left_run_id, COALESCE(NULLIF(b.requested_by, ''), 'schedule') AS trigger),
     closed AS (
       UPDATE sync_run s SET outcome = 'abandoned', finished_at = now(), message = 'The worker that ran it ended.'
       FROM taken t WHERE s.tenant_id = $1 AND s.id = t.left_run_id AND s.outcome = 'running'),
     opened AS (
       INSERT INTO sync_run (id, tenant_id, registry_id, trigger) SELECT $3, $1, id, trigger FROM taken)
     SELECT name, trigger, revision, sync_every_minutes AS "syncEveryMinutes", failures FROM taken`,
    [tenantId, registryId, runId],
  )
  return rows[0] ? { runId, ...rows[0] } : null
}

/** Thrown where another run has taken over, or the registry is gone: this one must stop and write nothing more. */
export class RunLost extends Error {
  override readonly name = 'RunLost'
}

/** Shows that the run is alive. @returns whether a person asked it to end @throws RunLost */
export async function touchRun(tenantId: string, registryId: string, runId: string): Promise<boolean> {
  const { rows } = await sqlInTenant(tenantId).query(
    `UPDATE registry SET updated_at = now() WHERE tenant_id = $1 AND id = $2 AND run_id = $3
     RETURNING cancel_requested AS "isCancelled"`,
    [tenantId, registryId, runId],
  )
  if (!rows[0]) throw new RunLost('Another run has taken over')
  return rows[0].isCancelled
}

/** What we hold of a registry, by `name@version`. */
export async function heldVersions(tenantId: string, registryId: string): Promise<Map<string, Held>> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT id, name, version, digest, gone_at IS NOT NULL AS gone FROM pack_version
     WHERE tenant_id = $1 AND registry_id = $2`,
    [tenantId, registryId],
  )
  return new Map((rows as (Held & { name: string; version: string })[]).map((row) => [keyOf(row), row]))
}

/** Which of these contents the tenant has, from whatever registry. */
export async function heldContents(tenantId: string, digests: string[]): Promise<Set<string>> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT digest FROM content WHERE tenant_id = $1 AND digest = ANY($2)',
    [tenantId, digests],
  )
  return new Set((rows as { digest: string }[]).map((row) => row.digest))
}

export const findFailures = (tenantId: string, registryId: string) =>
  inTenant(tenantId).syncFailure.findMany({
    where: { tenantId, registryId },
    orderBy: [{ name: 'asc' }, { version: 'asc' }],
    take: 1000,
  })

const RETRIES = 1000

/** What failed, as it was listed: the first to be tried again is what was tried longest ago. */
export async function findRetries(tenantId: string, registryId: string): Promise<CatalogEntry[]> {
  const rows = await inTenant(tenantId).syncFailure.findMany({
    where: { tenantId, registryId },
    orderBy: [{ lastFailedAt: 'asc' }, { name: 'asc' }, { version: 'asc' }],
    take: RETRIES,
  })
  return rows.map(({ name, version, digest }) => ({ name, version, digest, tags: [] }))
}

export const findRuns = (tenantId: string, registryId: string, take: number) =>
  inTenant(tenantId).syncRun.findMany({
    where: { tenantId, registryId },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take,
  })

type Query = pg.PoolClient['query']

/** Runs statements in one transaction that holds only while the run is ours. @throws RunLost */
const whileOurs = <T>(
  tenantId: string,
  registryId: string,
  runId: string,
  work: (query: Query) => Promise<T>,
): Promise<T> =>
  inTransaction(tenantId, async (query) => {
    const { rowCount } = await query(
      `UPDATE registry SET updated_at = now() WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
      [tenantId, registryId, runId],
    )
    if (rowCount !== 1) throw new RunLost('Another run has taken over')
    return work(query)
  })

async function inTransaction<T>(tenantId: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client: pg.PoolClient = await sqlInTenant(tenantId).connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client.query)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: Error) => {
      broken = failed
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/**
 * Writes a batch of versions that were read, in sets: contents, versions, revisions; and takes back what failed of
 * them earlier.
 *
 * @returns rows written
 * @throws RunLost
 */
export async function writeVersions(
  tenantId: string,
  registryId: string,
  runId: string,
  batch: Fetched[],
): Promise<number> {
  if (batch.length === 0) return 0
  const contents = new Map(
    batch.flatMap((one) => one.contents.map((part) => [part.digest, part.bytes] as const)),
  )
  const versions = batch.map(({ entry, facts, parts }) => ({
    id: newUid(),
    revision_id: newUid(),
    name: entry.name,
    version: entry.version,
    digest: entry.digest,
    ...facts.columns,
    logo_digest: facts.hasLogo ? (parts.logo ?? null) : null,
  }))
  const revisions = batch.map(({ entry: { name, version, digest }, facts, parts }, i) => ({
    ...{ id: versions[i]?.revision_id, name, version, digest, logo_digest: versions[i]?.logo_digest },
    ...{ manifest: facts.manifest, presets: facts.presets, schema: facts.schema },
    manifest_digest: parts.manifest,
    values_digest: parts.values ?? null,
    readme_digest: parts.readme ?? null,
    schema_digest: parts.schema ?? null,
    presets_digest: parts.presets ?? null,
  }))
  return whileOurs(tenantId, registryId, runId, async (query) => {
    let rows = 0
    const count = async (sql: string, values: unknown[]) => {
      rows += (await query(sql, values)).rowCount ?? 0
    }
    // One parameter of bytes that travels as it is: as an array each would be written out in hex.
    const bytes = [...contents.values()]
    const starts: number[] = []
    let start = 1
    for (const { length } of bytes) {
      starts.push(start)
      start += length
    }
    await count(
      `INSERT INTO content (tenant_id, digest, bytes)
       SELECT $1, d, substring($3::bytea FROM start FOR length)
       FROM unnest($2::text[], $4::int[], $5::int[]) AS new(d, start, length) ON CONFLICT DO NOTHING`,
      [tenantId, [...contents.keys()], Buffer.concat(bytes), starts, bytes.map((one) => one.length)],
    )
    await count(
      `INSERT INTO pack_version (id, tenant_id, registry_id, name, version, version_key, display_name, layer,
         addon_type, addon_sub_type, cloud_types, pack_group, eol, annotations, state, digest, revision_id, logo_digest)
       SELECT id, $1, $2, name, version, version_key, display_name, layer, addon_type, addon_sub_type, cloud_types,
         pack_group, eol, annotations, state, digest, revision_id, logo_digest
       FROM jsonb_to_recordset($3::jsonb) AS new(id text, revision_id text, name text, version text, digest text,
         version_key text, display_name text, layer text, addon_type text, addon_sub_type text, cloud_types text[],
         pack_group text, eol text, annotations jsonb, state text, logo_digest text)
       ON CONFLICT (tenant_id, registry_id, name, version) DO UPDATE SET
         version_key = excluded.version_key, display_name = excluded.display_name, layer = excluded.layer,
         addon_type = excluded.addon_type, addon_sub_type = excluded.addon_sub_type,
         cloud_types = excluded.cloud_types, pack_group = excluded.pack_group, eol = excluded.eol,
         annotations = excluded.annotations, state = excluded.state, digest = excluded.digest,
         revision_id = excluded.revision_id, logo_digest = excluded.logo_digest, gone_at = NULL, updated_at = now()`,
      [tenantId, registryId, JSON.stringify(versions)],
    )
    // A digest that this version had before keeps its revision: the version points back at it.
    await count(
      `WITH revision AS (
         INSERT INTO pack_revision (id, tenant_id, pack_version_id, digest, manifest_digest, values_digest,
           readme_digest, schema_digest, presets_digest, logo_digest, manifest, presets, schema)
         SELECT new.id, $1, v.id, new.digest, new.manifest_digest, new.values_digest, new.readme_digest,
           new.schema_digest, new.presets_digest, new.logo_digest, new.manifest, new.presets, new.schema
         FROM jsonb_to_recordset($3::jsonb) AS new(id text, name text, version text, digest text, manifest jsonb,
           presets jsonb, schema jsonb, manifest_digest text, values_digest text, readme_digest text,
           schema_digest text, presets_digest text, logo_digest text)
         JOIN pack_version v ON v.tenant_id = $1 AND v.registry_id = $2 AND v.name = new.name
           AND v.version = new.version
         ON CONFLICT (tenant_id, pack_version_id, digest) DO UPDATE SET digest = excluded.digest
         RETURNING id, pack_version_id)
       UPDATE pack_version v SET revision_id = revision.id FROM revision
       WHERE v.tenant_id = $1 AND v.id = revision.pack_version_id AND v.revision_id <> revision.id`,
      [tenantId, registryId, JSON.stringify(revisions)],
    )
    rows += versions.length // the revisions
    await count(
      `DELETE FROM sync_failure f USING unnest($3::text[], $4::text[]) AS new(name, version)
       WHERE f.tenant_id = $1 AND f.registry_id = $2 AND f.name = new.name AND f.version = new.version`,
      [tenantId, registryId, versions.map((one) => one.name), versions.map((one) => one.version)],
    )
    return rows
  })
}

export interface Failure {
  name: string
  version: string
  digest: string
  reason: string
}

/** Everything that a run found besides contents, in one transaction. @returns rows written @throws RunLost */
export async function settleCatalog(
  tenantId: string,
  registryId: string,
  runId: string,
  found: {
    /** What is not listed and goes now: no version that a person keeps. */
    removed: string[]
    /** What is not listed and waits for a person, of how many versions. */
    held: string[]
    of: number
    /** All that is not listed: what waited and is listed again waits no more. */
    missing: string[]
    returned: string[]
    /** What could not be read in this run; what failed earlier and was not tried stays. */
    failures: Failure[]
    /** Every version that is offered: failures of others are over. */
    offered: { name: string; version: string; tags: string[] }[] | null
  },
): Promise<number> {
  return whileOurs(tenantId, registryId, runId, async (query) => {
    let rows = 0
    const count = async (sql: string, values: unknown[]) => {
      rows += (await query(sql, values)).rowCount ?? 0
    }
    if (found.removed.length > 0)
      await count(
        `UPDATE pack_version v SET gone_at = now(), updated_at = now()
         WHERE tenant_id = $1 AND id = ANY($2) AND NOT EXISTS (
           SELECT FROM held_removal h WHERE h.tenant_id = $1 AND h.registry_id = $3 AND h.pack_version_id = v.id
             AND h.kept_at IS NOT NULL)`,
        [tenantId, found.removed, registryId],
      )
    if (found.returned.length > 0)
      await count(
        'UPDATE pack_version SET gone_at = NULL, updated_at = now() WHERE tenant_id = $1 AND id = ANY($2)',
        [tenantId, found.returned],
      )
    if (found.failures.length > 0)
      await count(
        `INSERT INTO sync_failure (tenant_id, registry_id, name, version, digest, reason)
         SELECT $1, $2, name, version, digest, reason
         FROM jsonb_to_recordset($3::jsonb) AS new(name text, version text, digest text, reason text)
         ON CONFLICT (tenant_id, registry_id, name, version) DO UPDATE
           SET digest = excluded.digest, reason = excluded.reason, last_failed_at = now()`,
        [tenantId, registryId, JSON.stringify(found.failures)],
      )
    if (found.offered) {
      const { offered } = found
      await count(
        `DELETE FROM held_removal h USING pack_version v
         WHERE h.tenant_id = $1 AND h.registry_id = $2 AND v.tenant_id = $1 AND v.id = h.pack_version_id
           AND (v.gone_at IS NOT NULL OR NOT EXISTS (
             SELECT FROM unnest($3::text[]) AS missing(id) WHERE missing.id = v.id))`,
        [tenantId, registryId, found.missing],
      )
      // What a person decided while the run went on stays decided.
      if (found.held.length > 0)
        await count(
          `INSERT INTO held_removal (tenant_id, registry_id, pack_version_id, of_versions)
           SELECT $1, $2, v.id, $4 FROM unnest($3::text[]) AS held(id)
           JOIN pack_version v ON v.tenant_id = $1 AND v.id = held.id AND v.gone_at IS NULL
           ON CONFLICT DO NOTHING`,
          [tenantId, registryId, found.held, found.of],
        )
      // As arrays, whose length the planner knows: by it a join is chosen that does not grow with the square.
      await count(
        `DELETE FROM sync_failure f WHERE f.tenant_id = $1 AND f.registry_id = $2 AND NOT EXISTS (
           SELECT FROM unnest($3::text[], $4::text[]) AS new(name, version)
           WHERE new.name = f.name AND new.version = f.version)`,
        [tenantId, registryId, offered.map((one) => one.name), offered.map((one) => one.version)],
      )
      const tagged = offered.flatMap(({ name, version, tags }) => tags.map((tag) => ({ name, tag, version })))
      const [names, tags] = [tagged.map((one) => one.name), tagged.map((one) => one.tag)]
      // Tags of what is not listed and stays, stay too.
      await count(
        `DELETE FROM pack_tag p WHERE p.tenant_id = $1 AND p.registry_id = $2 AND NOT EXISTS (
           SELECT FROM unnest($3::text[], $4::text[]) AS new(name, tag)
           WHERE new.name = p.name AND new.tag = p.tag)
         AND NOT EXISTS (SELECT FROM held_removal h
           WHERE h.tenant_id = $1 AND h.registry_id = $2 AND h.pack_version_id = p.pack_version_id)`,
        [tenantId, registryId, names, tags],
      )
      // What points where it should is left alone: a conflict would lock its row.
      await count(
        `INSERT INTO pack_tag (tenant_id, registry_id, name, tag, pack_version_id)
         SELECT DISTINCT ON (new.name, new.tag) $1, $2, new.name, new.tag, v.id
         FROM unnest($3::text[], $4::text[], $5::text[]) AS new(name, tag, version)
         JOIN pack_version v ON v.tenant_id = $1 AND v.registry_id = $2 AND v.name = new.name
           AND v.version = new.version
         LEFT JOIN pack_tag p ON p.tenant_id = $1 AND p.registry_id = $2 AND p.name = new.name AND p.tag = new.tag
         WHERE p.pack_version_id IS DISTINCT FROM v.id
         ORDER BY new.name, new.tag
         ON CONFLICT (tenant_id, registry_id, name, tag) DO UPDATE SET pack_version_id = excluded.pack_version_id`,
        [tenantId, registryId, names, tags, tagged.map((one) => one.version)],
      )
    }
    return rows
  })
}

export interface RunCounts {
  listed: number
  added: number
  changed: number
  removed: number
  failed: number
  requests: number
  bytes: number
  rows: number
}

/** Ends a run that reached its end. */
export async function finishRun(
  tenantId: string,
  registryId: string,
  runId: string,
  end: {
    outcome: 'completed' | 'unchanged'
    revision: string | null
    message: string
    nextAt: Date
    counts: RunCounts
  },
): Promise<void> {
  await closeRun(tenantId, runId, end.outcome, '', end.message, end.counts)
  await sqlInTenant(tenantId).query(
    // What was changed while it ran is read anew: the revision may be another server's.
    `UPDATE registry SET run_id = NULL, revision = CASE WHEN requested_by = 'changed' THEN NULL ELSE $4 END,
       failures = 0, last_outcome = 'completed', last_step = '',
       last_message = '', last_fix = '', last_synced_at = now(), updated_at = now(),
       due_at = CASE WHEN paused THEN NULL WHEN requested_by <> '' THEN now() ELSE $5::timestamptz END
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
    [tenantId, registryId, runId, end.revision, end.nextAt],
  )
}

/** Ends a run that failed. Stalled: nothing is due until a person changes something. */
export async function failRun(
  tenantId: string,
  registryId: string,
  runId: string,
  end: { error: RemoteError; failures: number; nextAt: Date | null; counts: RunCounts },
): Promise<void> {
  const { error } = end
  await closeRun(tenantId, runId, 'failed', error.step, error.message, end.counts)
  await sqlInTenant(tenantId).query(
    `UPDATE registry SET run_id = NULL, failures = $4, last_outcome = $5, last_step = $6, last_message = $7,
       last_fix = $8, updated_at = now(),
       due_at = CASE WHEN paused THEN NULL WHEN requested_by <> '' THEN now() ELSE $9::timestamptz END
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
    [
      ...[tenantId, registryId, runId, end.failures],
      ...[error.next === 'stalled' ? 'stalled' : 'failed', error.step, error.message, error.fix, end.nextAt],
    ],
  )
}

const closeRun = (
  tenantId: string,
  runId: string,
  outcome: string,
  step: string,
  message: string,
  counts: RunCounts,
) =>
  sqlInTenant(tenantId).query(
    `UPDATE sync_run SET outcome = $3, step = $4, message = $5, finished_at = now(), listed = $6, added = $7,
       changed = $8, removed = $9, failed = $10, requests = $11, bytes = $12, rows = $13
     WHERE tenant_id = $1 AND id = $2 AND outcome = 'running'`,
    [
      ...[tenantId, runId, outcome, step, message, counts.listed, counts.added, counts.changed],
      ...[counts.removed, counts.failed, counts.requests, counts.bytes, counts.rows],
    ],
  )

/**
 * Ends a run that did not read the listing: how the registry is doing is as it was before, and so is when it is due,
 * except that one that was never read has failed.
 */
export async function endEarly(
  tenantId: string,
  registryId: string,
  runId: string,
  end: { outcome: 'completed' | 'cancelled'; message: string; nextAt: Date; counts: RunCounts },
): Promise<void> {
  await closeRun(tenantId, runId, end.outcome, '', end.message, end.counts)
  await sqlInTenant(tenantId).query(
    `UPDATE registry SET run_id = NULL, updated_at = now(),
       requested_by = CASE WHEN requested_by = 'changed' OR $4 = 'completed' THEN requested_by ELSE '' END,
       last_message = CASE WHEN last_outcome = 'never' THEN $5 ELSE last_message END,
       last_fix = CASE WHEN last_outcome = 'never' THEN 'Sync it to read all of it.' ELSE last_fix END,
       last_outcome = CASE WHEN last_outcome = 'never' THEN 'failed' ELSE last_outcome END,
       due_at = CASE WHEN paused THEN NULL
         WHEN requested_by = 'changed' OR (requested_by <> '' AND $4 = 'completed') THEN now()
         WHEN last_outcome = 'stalled' THEN NULL ELSE $6::timestamptz END
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
    [tenantId, registryId, runId, end.outcome, end.message, end.nextAt],
  )
}

/** Notes what a run had done that another took over: of history alone, the catalog is no longer its own. */
export const noteCounts = (tenantId: string, runId: string, counts: RunCounts) =>
  sqlInTenant(tenantId).query(
    `UPDATE sync_run SET listed = $3, added = $4, changed = $5, removed = $6, failed = $7, requests = $8,
       bytes = $9, rows = $10
     WHERE tenant_id = $1 AND id = $2 AND outcome <> 'running'`,
    [
      ...[tenantId, runId, counts.listed, counts.added, counts.changed, counts.removed, counts.failed],
      ...[counts.requests, counts.bytes, counts.rows],
    ],
  )

/** Asks for a run now. What was asked for before and reads more stays asked for. */
export async function askForRun(
  tenantId: string,
  registryId: string,
  trigger: 'manual' | 'retry',
): Promise<void> {
  await sqlInTenant(tenantId).query(
    `UPDATE registry SET due_at = now(), updated_at = CASE WHEN run_id IS NULL THEN now() ELSE updated_at END,
       requested_by = CASE WHEN requested_by = '' OR (requested_by = 'retry' AND $3 = 'manual') THEN $3
         ELSE requested_by END
     WHERE tenant_id = $1 AND id = $2`,
    [tenantId, registryId, trigger],
  )
}

/** Takes a registry from the run that has it, so that another may begin at once. @returns whether one had it */
export async function takeOver(tenantId: string, registryId: string): Promise<boolean> {
  const { rowCount } = await sqlInTenant(tenantId).query(
    `WITH before AS (
       SELECT id, run_id FROM registry WHERE tenant_id = $1 AND id = $2 AND run_id IS NOT NULL FOR UPDATE),
     closed AS (
       UPDATE sync_run s SET outcome = 'abandoned', finished_at = now(), message = 'It was restarted.'
       FROM before b WHERE s.tenant_id = $1 AND s.id = b.run_id AND s.outcome = 'running')
     UPDATE registry r SET run_id = NULL, due_at = now(), updated_at = now(),
       requested_by = CASE WHEN requested_by IN ('', 'retry') THEN 'manual' ELSE requested_by END
     FROM before b WHERE r.tenant_id = $1 AND r.id = b.id`,
    [tenantId, registryId],
  )
  return rowCount === 1
}

/** Asks the run that goes on to end. @returns whether one goes on */
export async function askToEnd(tenantId: string, registryId: string): Promise<boolean> {
  const { rowCount } = await sqlInTenant(tenantId).query(
    'UPDATE registry SET cancel_requested = true WHERE tenant_id = $1 AND id = $2 AND run_id IS NOT NULL',
    [tenantId, registryId],
  )
  return rowCount === 1
}

/** What people were asked about removals of a registry. */
export async function findHold(tenantId: string, registryId: string): Promise<EarlierHold> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT pack_version_id AS id, of_versions AS of, kept_at IS NOT NULL AS kept FROM held_removal
     WHERE tenant_id = $1 AND registry_id = $2`,
    [tenantId, registryId],
  )
  const kept = new Set<string>()
  let of: number | null = null
  for (const row of rows as { id: string; of: number; kept: boolean }[]) {
    if (row.kept) kept.add(row.id)
    else of = Math.min(of ?? row.of, row.of)
  }
  return { kept, of }
}

/** Removals that wait for a person, or those that a person decided against. */
export type HeldList = 'held' | 'kept'

export interface HeldSummary {
  count: number
  /** Names this very list: another list has another one. */
  proposal: string
  of: number
  since: Date | null
}

const SUMMARY = `SELECT count(*)::int AS count, md5(COALESCE(string_agg(pack_version_id, ',' ORDER BY pack_version_id), ''))
    AS proposal, COALESCE(min(of_versions), 0) AS of, min(held_at) AS since
  FROM held_removal WHERE tenant_id = $1 AND registry_id = $2 AND (kept_at IS NOT NULL) = ($3 = 'kept')`

const HELD_SHOWN = 1000

/** One of the lists: how long it is, and its first 1,000. */
export async function findHeld(tenantId: string, registryId: string, list: HeldList) {
  const [summary, versions] = await Promise.all([
    sqlInTenant(tenantId).query(SUMMARY, [tenantId, registryId, list]),
    sqlInTenant(tenantId).query(
      `SELECT v.name, v.version, h.held_at AS "heldAt" FROM held_removal h
       JOIN pack_version v ON v.tenant_id = $1 AND v.id = h.pack_version_id
       WHERE h.tenant_id = $1 AND h.registry_id = $2 AND (h.kept_at IS NOT NULL) = ($3 = 'kept')
       ORDER BY v.name, v.version_key DESC, v.version LIMIT ${HELD_SHOWN}`,
      [tenantId, registryId, list],
    ),
  ])
  return {
    ...(summary.rows[0] as HeldSummary),
    versions: versions.rows as { name: string; version: string; heldAt: Date }[],
  }
}

/**
 * Decides about a list of removals: marks its versions as gone, or keeps them.
 *
 * @param proposal the list that the person saw; null: whatever it holds by now
 * @returns how many versions; null when the list is another one by now
 */
export const decideHeld = (
  tenantId: string,
  registryId: string,
  list: HeldList,
  proposal: string | null,
  decision: 'remove' | 'keep',
): Promise<number | null> =>
  inTransaction(tenantId, async (query) => {
    const these = [tenantId, registryId]
    // A run that settles locks it too.
    await query('SELECT FROM registry WHERE tenant_id = $1 AND id = $2 FOR UPDATE', these)
    const { rows } = await query(SUMMARY, [...these, list])
    const { count, proposal: now } = rows[0] as HeldSummary
    if (proposal !== null && proposal !== now) return null
    const isListed = `h.tenant_id = $1 AND h.registry_id = $2 AND (h.kept_at IS NOT NULL) = ($3 = 'kept')`
    if (decision === 'keep') {
      await query(`UPDATE held_removal h SET kept_at = now() WHERE ${isListed}`, [...these, list])
      return count
    }
    await query(
      `UPDATE pack_version v SET gone_at = now(), updated_at = now() FROM held_removal h
       WHERE ${isListed} AND v.tenant_id = $1 AND v.id = h.pack_version_id AND v.gone_at IS NULL`,
      [...these, list],
    )
    await query(
      `DELETE FROM pack_tag p USING held_removal h
       WHERE ${isListed} AND p.tenant_id = $1 AND p.registry_id = $2 AND p.pack_version_id = h.pack_version_id`,
      [...these, list],
    )
    await query(`DELETE FROM held_removal h WHERE ${isListed}`, [...these, list])
    return count
  })

/**
 * Gives a registry back that this process cannot finish: it is due at once, for the same reason as before.
 *
 * @param counts of what was done so far
 */
export async function releaseRun(
  tenantId: string,
  registryId: string,
  run: Pick<StartedRun, 'runId' | 'trigger'>,
  counts: RunCounts,
): Promise<void> {
  const { runId, trigger } = run
  await closeRun(
    tenantId,
    runId,
    'abandoned',
    '',
    'The worker was stopped. The next run goes on from here.',
    counts,
  )
  await sqlInTenant(tenantId).query(
    `UPDATE registry SET run_id = NULL, due_at = CASE WHEN paused THEN NULL ELSE now() END,
       requested_by = CASE WHEN paused OR requested_by <> '' THEN requested_by ELSE $4 END, updated_at = now()
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
    [tenantId, registryId, runId, trigger === 'schedule' ? '' : trigger],
  )
}

/** Deletes runs of all tenants that are older than so many days, or have so many newer ones. @returns how many */
export async function deleteOldRuns(days: number, each: number): Promise<number> {
  const { rowCount } = await operatorSql().query(
    `DELETE FROM sync_run s USING (
       SELECT id, row_number() OVER (PARTITION BY tenant_id, registry_id ORDER BY started_at DESC, id DESC) AS rank,
         started_at FROM sync_run) ranked
     WHERE s.id = ranked.id AND s.outcome <> 'running'
       AND (ranked.rank > $2 OR ranked.started_at < now() - make_interval(days => $1))`,
    [days, each],
  )
  return rowCount ?? 0
}

/** What is known of one version in one registry. */
export interface Traces {
  /** As the catalog has it. */
  held: { createdAt: Date; goneAt: Date | null; heldAt: Date | null; keptAt: Date | null } | null
  failure: { reason: string; since: Date } | null
  /** Some other versions of the pack that are listed, newest first. */
  others: string[]
}

/** So many other versions are named. */
export const OTHERS_SHOWN = 5

export async function findTraces(
  tenantId: string,
  registryId: string,
  name: string,
  version: string,
): Promise<Traces> {
  const db = inTenant(tenantId)
  const [held, failure, others] = await Promise.all([
    db.packVersion.findFirst({
      where: { tenantId, registryId, name, version },
      select: { createdAt: true, goneAt: true, held: { select: { heldAt: true, keptAt: true } } },
    }),
    db.syncFailure.findFirst({ where: { tenantId, registryId, name, version } }),
    db.packVersion.findMany({
      where: { tenantId, registryId, name, goneAt: null, version: { not: version } },
      orderBy: [{ versionKey: 'desc' }, { version: 'asc' }],
      select: { version: true },
      take: OTHERS_SHOWN,
    }),
  ])
  const [removal] = held?.held ?? []
  return {
    held: held && {
      ...{ createdAt: held.createdAt, goneAt: held.goneAt },
      ...{ heldAt: removal?.heldAt ?? null, keptAt: removal?.keptAt ?? null },
    },
    failure: failure && { reason: failure.reason, since: failure.firstFailedAt },
    others: others.map((one) => one.version),
  }
}
