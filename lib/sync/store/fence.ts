import type pg from 'pg'

import { again } from '../../db/again'
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

/**
 * Runs statements in one transaction, and again where PostgreSQL asks for it.
 *
 * @param work may run more than once
 */
export const inTransaction = <T>(tenantId: string, work: (query: Query) => Promise<T>): Promise<T> =>
  again(() => onceInTransaction(tenantId, work))

/**
 * Rows are looked up by an index, also in a table that was small a moment ago. PostgreSQL plans the look-up of a foreign
 * key once for a connection: for a small table by reading all of it, which the table's growth makes ever slower.
 */
const BY_INDEX = 'SET LOCAL enable_seqscan = off'

async function onceInTransaction<T>(tenantId: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client: pg.PoolClient = await sqlInTenant(tenantId).connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    await client.query(small(BY_INDEX))
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
