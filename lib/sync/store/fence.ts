import { setTimeout as sleep } from 'node:timers/promises'

import type pg from 'pg'

import { SMALL_QUERY_MS, sqlInTenant } from '../../db/in-tenant'

/** Thrown where another run has taken over, or the registry is gone: this one must stop and write nothing more. */
export class RunLost extends Error {
  override readonly name = 'RunLost'
}

export type Query = pg.PoolClient['query']

/** A statement whose answer, where it takes longer than such a statement can, does not come: the line is dead. */
export const small = (text: string, values: unknown[] = []): pg.QueryConfig =>
  ({ text, values, query_timeout: SMALL_QUERY_MS }) as pg.QueryConfig

/** Runs statements in one transaction that holds only while the run is ours. @throws RunLost */
export const whileOurs = <T>(
  tenantId: string,
  registryId: string,
  runId: string,
  work: (query: Query) => Promise<T>,
): Promise<T> =>
  inTransaction(tenantId, async (query) => {
    const { rowCount } = await query(
      small(`UPDATE registry SET updated_at = now() WHERE tenant_id = $1 AND id = $2 AND run_id = $3`, [
        ...[tenantId, registryId, runId],
      ]),
    )
    if (rowCount !== 1) throw new RunLost('Another run has taken over')
    return work(query)
  })

/** What PostgreSQL asks to do again from the start: a deadlock that it broke, and what could not be put in an order. */
const AGAIN = new Set(['40P01', '40001'])
const TRIES = 6

/**
 * Runs statements in one transaction. Two registries of one tenant touch the same packs, and may wait for one another:
 * the one that PostgreSQL sends away does it again.
 *
 * @param work may run more than once
 */
export async function inTransaction<T>(tenantId: string, work: (query: Query) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await onceInTransaction(tenantId, work)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!AGAIN.has(code) || tried === TRIES) throw error
      await sleep(20 * 2 ** tried * Math.random())
    }
  }
}

async function onceInTransaction<T>(tenantId: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client: pg.PoolClient = await sqlInTenant(tenantId).connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client.query)
    await client.query(small('COMMIT'))
    return result
  } catch (error) {
    await client.query(small('ROLLBACK')).catch((failed: Error) => {
      broken = failed
    })
    throw error
  } finally {
    client.release(broken)
  }
}
