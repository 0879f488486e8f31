import type pg from 'pg'

import { operatorSql } from '../../db/in-tenant'
import type { SyncFigures } from '../../metrics'
import { RegistryState } from '../../registries/schema'
import { ANSWER_WITHIN_MS } from './due'

/** The registries of all tenants in numbers, the states as lib/registries/state.ts has them. */
export async function countRegistries(): Promise<SyncFigures> {
  const { rows } = await operatorSql().query({
    text: `SELECT state, count(*)::int AS count, count(*) FILTER (WHERE is_due)::int AS due,
       COALESCE(extract(epoch FROM now() - min(due_at) FILTER (WHERE is_due)), 0)::float AS lag
     FROM (SELECT due_at, due_at <= now() AND run_id IS NULL AS is_due,
       CASE WHEN run_id IS NOT NULL OR (NOT paused AND requested_by <> '' AND due_at <= now()) THEN 'syncing'
         WHEN paused THEN 'paused'
         WHEN last_outcome = 'stalled' THEN 'stalled'
         WHEN last_outcome = 'failed' THEN 'failing'
         WHEN last_outcome = 'never' THEN 'syncing'
         WHEN holding THEN 'held'
         WHEN EXISTS (SELECT FROM sync_failure f WHERE f.tenant_id = r.tenant_id AND f.registry_id = r.id) THEN 'degraded'
         ELSE 'healthy' END AS state
       FROM registry r) AS registries
     GROUP BY state`,
    query_timeout: ANSWER_WITHIN_MS,
  } as pg.QueryConfig)
  const counted = rows as { state: string; count: number; due: number; lag: number }[]
  return {
    states: Object.fromEntries([
      ...RegistryState.options.map((state) => [state, 0]),
      ...counted.map((one) => [one.state, one.count]),
    ]),
    due: counted.reduce((sum, one) => sum + one.due, 0),
    lagSeconds: Math.max(0, ...counted.map((one) => one.lag)),
  }
}
