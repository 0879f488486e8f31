import { afterAll, expect, test } from 'vitest'

import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { addRegistry } from '../registries/add'
import { forgetRuns } from './forget'
import { readRuns } from './history'

afterAll(closeDatabase)

test('runs older than 90 days and all but the newest 1,000 of a registry are forgotten, never one that runs', async () => {
  const { tenantId, admin } = await newTenant()
  const { id } = await addRegistry(admin, registryInput('http://127.0.0.1:1', { paused: true }))
  const { id: other } = await addRegistry(admin, registryInput('http://127.0.0.1:1', { paused: true }))
  const insert = (registry: string, count: number, days: number, outcome: string) =>
    sqlInTenant(tenantId).query(
      `INSERT INTO sync_run (id, tenant_id, registry_id, trigger, outcome, started_at)
       SELECT left(md5(random()::text), 24), $1, $2, 'schedule', $5, now() - make_interval(days => $4, secs => n)
       FROM generate_series(1, $3) AS n`,
      [tenantId, registry, count, days, outcome],
    )
  await insert(id, 1010, 0, 'completed')
  await insert(id, 1, 200, 'running')
  await insert(other, 3, 91, 'failed')
  await insert(other, 2, 89, 'failed')
  expect(await forgetRuns()).toBeGreaterThanOrEqual(13)
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT registry_id, outcome, count(*)::int AS n FROM sync_run GROUP BY 1, 2 ORDER BY n DESC`,
  )
  expect(rows).toEqual([
    { registry_id: id, outcome: 'completed', n: 1000 },
    { registry_id: other, outcome: 'failed', n: 2 },
    { registry_id: id, outcome: 'running', n: 1 },
  ])
  expect(await readRuns(admin, other)).toHaveLength(2)
})
