import type pg from 'pg'

import { operatorSql, sqlInTenant } from '../../db/in-tenant'

/**
 * A run that has shown no sign of life for so long was left by a process that died. It shows one each second, also
 * while it waits for the registry or for the database; a process that is held up for longer finds that it lost the run.
 */
export const ABANDONED_AFTER_SECONDS = 15

/** Small questions that are asked each second: an answer that takes longer than this does not come. */
export const ANSWER_WITHIN_MS = 5_000

export interface DueRegistry {
  id: string
  tenantId: string
  /** The run that a dead process left; null where none did. */
  leftRunId: string | null
}

/**
 * The registries whose time has come and that nobody syncs; also those that a dead process left running. Either half
 * is read from an index, so that registries that are not due cost nothing.
 */
export async function findDue(
  limit: number,
  on: Pick<pg.PoolClient, 'query'> = operatorSql(),
): Promise<DueRegistry[]> {
  const { rows } = await on.query({
    text: `(SELECT id, tenant_id AS "tenantId", run_id AS "leftRunId" FROM registry
      WHERE run_id IS NOT NULL AND updated_at < now() - make_interval(secs => ${ABANDONED_AFTER_SECONDS}) LIMIT $1)
     UNION ALL
     (SELECT id, tenant_id AS "tenantId", NULL FROM registry
      WHERE due_at <= now() AND run_id IS NULL ORDER BY due_at LIMIT $1)`,
    values: [limit],
    query_timeout: ANSWER_WITHIN_MS,
  } as pg.QueryConfig)
  return rows
}

/** What syncs of a tenant, or waits for its turn because somebody asked. @param id of one registry; all, without it */
export async function findRunning(tenantId: string, id: string | null) {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT id, run_id AS "runId", last_run_at AS "lastRunAt", progress FROM registry
     WHERE tenant_id = $1 AND ($2::text IS NULL OR id = $2)
       AND (run_id IS NOT NULL OR (requested_by <> '' AND NOT paused AND due_at <= now() + interval '5 seconds'))
     LIMIT 1000`,
    [tenantId, id],
  )
  return rows as { id: string; runId: string | null; lastRunAt: Date | null; progress: unknown }[]
}

/** One process at a time sends what is due. Any number: it only has to be ours. */
const TURN_LOCK = 4_203_207_001

/** On which people and registries that ask for a sync wake whoever has the turn. */
const DUE_CHANNEL = 'packyard_due'
const WAKE = `pg_notify('${DUE_CHANNEL}', '')`

export interface Turn {
  due(limit: number): Promise<DueRegistry[]>
  /** Called when somebody asked for a sync, from now on. */
  onAsked(wake: () => void): Promise<void>
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
    // Who has the turn asks each second. One that is silent for as long as a lease was stopped, or cut off.
    if (taken) await client.query(`SET idle_session_timeout = '${ABANDONED_AFTER_SECONDS}s'`)
  } catch (error) {
    // With the connection goes the turn.
    client.release(true)
    throw error
  }
  if (!taken) {
    client.release()
    return null
  }
  return {
    due: (limit) => findDue(limit, client),
    async onAsked(wake) {
      client.on('notification', wake)
      await client.query(`LISTEN ${DUE_CHANNEL}`)
    },
    end: () => client.release(true),
  }
}

/** Whether what is asked for now reads more than what was asked for before. */
const READS_MORE = `(requested_by = '' OR (requested_by IN ('retry', 'webhook') AND $3 = 'manual'))`

/**
 * Asks for a run now. What was asked for before and reads more stays asked for, in the name of who did.
 *
 * @param actor name of the person who asks
 */
export async function askForRun(
  tenantId: string,
  registryId: string,
  trigger: 'manual' | 'retry',
  actor: string,
): Promise<void> {
  await sqlInTenant(tenantId).query(
    `UPDATE registry SET due_at = now(), updated_at = CASE WHEN run_id IS NULL THEN now() ELSE updated_at END,
       requested_by = CASE WHEN ${READS_MORE} THEN $3 ELSE requested_by END,
       requested_actor = CASE WHEN ${READS_MORE} THEN $4 ELSE requested_actor END
     WHERE tenant_id = $1 AND id = $2 RETURNING ${WAKE}`,
    [tenantId, registryId, trigger, actor],
  )
}

/**
 * Notes that a registry told of changes, and asks for a run: now, or once more after the one that goes on, or when the
 * registry that asked to wait may be asked. One that is paused or stalled stays so.
 */
export async function askAsTold(tenantId: string, registryId: string): Promise<void> {
  const runs = `NOT paused AND last_outcome <> 'stalled'`
  const isNew = `${runs} AND requested_by IN ('', 'retry')`
  await sqlInTenant(tenantId).query(
    `UPDATE registry SET hook_heard_at = now(), updated_at = CASE WHEN run_id IS NULL THEN now() ELSE updated_at END,
       due_at = CASE WHEN ${runs} THEN LEAST(due_at, GREATEST(now(), wait_until)) ELSE due_at END,
       requested_by = CASE WHEN ${isNew} THEN 'webhook' ELSE requested_by END,
       requested_actor = CASE WHEN ${isNew} THEN '' ELSE requested_actor END
     WHERE tenant_id = $1 AND id = $2 RETURNING ${WAKE}`,
    [tenantId, registryId],
  )
}

/** Has the next run read all of a registry, also where it tells what changed. */
export async function rereadAll(tenantId: string, registryId: string): Promise<void> {
  await sqlInTenant(tenantId).query(
    'UPDATE registry SET reread_at = now() WHERE tenant_id = $1 AND id = $2',
    [tenantId, registryId],
  )
}

/**
 * Takes a registry from the run that has it, so that another may begin at once.
 *
 * @param actor name of the person who asks
 * @returns whether one had it
 */
export async function takeOver(tenantId: string, registryId: string, actor: string): Promise<boolean> {
  const { rowCount } = await sqlInTenant(tenantId).query(
    `WITH before AS (
       SELECT id, run_id FROM registry WHERE tenant_id = $1 AND id = $2 AND run_id IS NOT NULL FOR UPDATE),
     closed AS (
       UPDATE sync_run s SET outcome = 'abandoned', finished_at = now(), message = 'It was restarted.'
       FROM before b WHERE s.tenant_id = $1 AND s.id = b.run_id AND s.outcome = 'running')
     UPDATE registry r SET run_id = NULL, due_at = now(), updated_at = now(),
       requested_by = CASE WHEN requested_by IN ('', 'retry', 'webhook') THEN 'manual' ELSE requested_by END,
       requested_actor = CASE WHEN requested_by IN ('', 'retry', 'webhook') THEN $3 ELSE requested_actor END
     FROM before b WHERE r.tenant_id = $1 AND r.id = b.id`,
    [tenantId, registryId, actor],
  )
  return rowCount === 1
}

/** Asks the run that goes on to end. @param actor name of the person who asks @returns whether one goes on */
export async function askToEnd(tenantId: string, registryId: string, actor: string): Promise<boolean> {
  const { rowCount } = await sqlInTenant(tenantId).query(
    `UPDATE registry SET cancel_requested = true, cancelled_by = $3
     WHERE tenant_id = $1 AND id = $2 AND run_id IS NOT NULL`,
    [tenantId, registryId, actor],
  )
  return rowCount === 1
}
