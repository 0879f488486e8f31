import type { RemoteError } from '../../adapters/adapter'
import { sqlInTenant } from '../../db/in-tenant'
import type { SyncProgress } from '../../registries/schema'
import { PackFilter } from '../../registries/schema'
import { newUid } from '../../uid'
import { ABANDONED_AFTER_SECONDS, ANSWER_WITHIN_MS } from './due'
import { RunLost } from './fence'
import { IS_HOLDING } from './removals'

/** What is held by changes alone is checked against everything after so long. */
const REREAD_HOURS = 24

export interface StartedRun {
  runId: string
  name: string
  trigger: string
  revision: string | null
  /** Whether all of it has to be read, although the registry tells what changed. */
  isRereadDue: boolean
  /** Which packs are taken. */
  filter: PackFilter
  syncEveryMinutes: number
  failures: number
  /** Its catalog was read to the end at least once. */
  hasSynced: boolean
  /** Name of the person who asked for it; empty where nobody did. */
  actor: string
}

/**
 * Takes a registry for one run: `run_id` is the fencing token that every later write of the run names.
 *
 * @returns null when it is no longer due, or somebody else has it: also who is writing to it just now, which a run that
 * settles a large catalog does for longer than its lease
 */
export async function startRun(tenantId: string, registryId: string): Promise<StartedRun | null> {
  const runId = newUid()
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH before AS (
       SELECT id, run_id, requested_by, requested_actor FROM registry WHERE tenant_id = $1 AND id = $2
       FOR UPDATE SKIP LOCKED),
     taken AS (
       UPDATE registry r SET run_id = $3, run_revision = r.settings_revision, last_run_at = now(), requested_by = '',
         requested_actor = '', cancel_requested = false, cancelled_by = '', updated_at = now()
       FROM before b
       WHERE r.tenant_id = $1 AND r.id = b.id AND (
         (b.run_id IS NULL AND r.due_at <= now())
         OR (b.run_id IS NOT NULL AND r.updated_at < now() - make_interval(secs => ${ABANDONED_AFTER_SECONDS})))
       RETURNING r.*, b.run_id AS left_run_id, COALESCE(NULLIF(b.requested_by, ''), 'schedule') AS trigger,
         b.requested_actor AS actor),
     closed AS (
       UPDATE sync_run s SET outcome = 'abandoned', finished_at = now(), message = 'The worker that ran it ended.'
       FROM taken t WHERE s.tenant_id = $1 AND s.id = t.left_run_id AND s.outcome = 'running'),
     opened AS (
       INSERT INTO sync_run (id, tenant_id, registry_id, trigger, actor) SELECT $3, $1, id, trigger, actor FROM taken)
     SELECT name, trigger, actor, revision, COALESCE(reread_at <= now(), false) AS "isRereadDue",
       sync_every_minutes AS "syncEveryMinutes", failures, last_synced_at IS NOT NULL AS "hasSynced", filter FROM taken`,
    [tenantId, registryId, runId],
  )
  return rows[0] ? { runId, ...rows[0], filter: PackFilter.parse(rows[0].filter) } : null
}

/**
 * Shows that the run is alive and how far it is, in one statement.
 *
 * @returns who asked it to end; null where nobody did
 * @throws RunLost
 */
export async function touchRun(
  tenantId: string,
  registryId: string,
  runId: string,
  progress: SyncProgress,
): Promise<{ cancelledBy: string | null }> {
  const { rows } = await sqlInTenant(tenantId).query({
    text: `UPDATE registry SET updated_at = now(), progress = $4::jsonb
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3
     RETURNING CASE WHEN cancel_requested THEN cancelled_by END AS "cancelledBy"`,
    values: [tenantId, registryId, runId, JSON.stringify(progress)],
    query_timeout: ANSWER_WITHIN_MS,
  })
  if (!rows[0]) throw new RunLost('Another run has taken over')
  return rows[0]
}

export interface RunCounts {
  listed: number
  added: number
  changed: number
  removed: number
  failed: number
  /** No longer listed, and waiting for a person. */
  held: number
  /** Listed again. */
  returned: number
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
    /** How much of the listing was read. */
    read: 'all' | 'changes' | 'nothing'
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
       last_message = '', last_fix = '', last_synced_at = now(), updated_at = now(), observed_revision = run_revision,
       holding = ${IS_HOLDING},
       reread_at = CASE $6 WHEN 'all' THEN NULL
         WHEN 'changes' THEN COALESCE(reread_at, now() + make_interval(hours => ${REREAD_HOURS})) ELSE reread_at END,
       due_at = CASE WHEN paused THEN NULL WHEN requested_by <> '' THEN now() ELSE $5::timestamptz END
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
    [tenantId, registryId, runId, end.revision, end.nextAt, end.read],
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
       last_fix = $8, updated_at = now(), observed_revision = run_revision,
       wait_until = $10::timestamptz,
       -- Notifications are no reason to ask again a server that refuses us or asks to wait: only people are.
       due_at = CASE WHEN paused THEN NULL WHEN requested_by NOT IN ('', 'webhook') THEN now()
         ELSE $9::timestamptz END,
       requested_by = CASE WHEN requested_by = 'webhook' THEN '' ELSE requested_by END
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
    [
      ...[tenantId, registryId, runId, end.failures],
      ...[error.next === 'stalled' ? 'stalled' : 'failed', error.step, error.message, error.fix, end.nextAt],
      error.next === 'waiting' ? end.nextAt : null,
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
       changed = $8, removed = $9, failed = $10, requests = $11, bytes = $12, rows = $13, held = $14, returned = $15
     WHERE tenant_id = $1 AND id = $2 AND outcome = 'running'`,
    [
      ...[tenantId, runId, outcome, step, message, counts.listed, counts.added, counts.changed],
      ...[
        counts.removed,
        counts.failed,
        counts.requests,
        counts.bytes,
        counts.rows,
        counts.held,
        counts.returned,
      ],
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
       requested_actor = CASE WHEN requested_by = 'changed' OR $4 = 'completed' THEN requested_actor ELSE '' END,
       observed_revision = CASE WHEN last_outcome = 'never' THEN run_revision ELSE observed_revision END,
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
       bytes = $9, rows = $10, held = $11, returned = $12
     WHERE tenant_id = $1 AND id = $2 AND outcome <> 'running'`,
    [
      ...[tenantId, runId, counts.listed, counts.added, counts.changed, counts.removed, counts.failed],
      ...[counts.requests, counts.bytes, counts.rows, counts.held, counts.returned],
    ],
  )

/**
 * Gives a registry back that this process cannot finish: it is due at once, for the same reason as before.
 *
 * @param counts of what was done so far
 */
export async function releaseRun(
  tenantId: string,
  registryId: string,
  run: Pick<StartedRun, 'runId' | 'trigger' | 'actor'>,
  counts: RunCounts,
): Promise<void> {
  const { runId, trigger, actor } = run
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
       requested_actor = CASE WHEN paused OR requested_by <> '' THEN requested_actor ELSE $5 END,
       requested_by = CASE WHEN paused OR requested_by <> '' THEN requested_by ELSE $4 END, updated_at = now()
     WHERE tenant_id = $1 AND id = $2 AND run_id = $3`,
    [tenantId, registryId, runId, trigger === 'schedule' ? '' : trigger, actor],
  )
}
