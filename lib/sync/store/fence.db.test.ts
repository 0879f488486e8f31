import { afterAll, expect, test } from 'vitest'

import { newTenant } from '../../../tests/support/tenant'
import { closeDatabase } from '../../db/in-tenant'
import { inTransaction, type Query } from './fence'

afterAll(closeDatabase)

test('of two transactions that wait for one another both are done', async () => {
  const { tenantId } = await newTenant()
  let ready = 0
  const done: string[] = []
  const lock = (query: Query, key: number) => query('SELECT pg_advisory_xact_lock(77, $1)', [key])
  const work = (name: string, first: number, second: number) =>
    inTransaction(tenantId, async (query) => {
      await lock(query, first)
      ready++
      // Both have their first lock before either asks for its second.
      for (let i = 0; ready < 2 && i < 200; i++) await new Promise((go) => setTimeout(go, 10))
      await lock(query, second)
      done.push(name)
    })
  await Promise.all([work('one', 1, 2), work('other', 2, 1)])
  expect(done.sort()).toEqual(['one', 'other'])
  // One of them ran twice.
  expect(ready).toBe(3)
})
