import { afterAll, expect, test } from 'vitest'
import { closeDatabase } from '../../lib/db/in-tenant'
import { FAULT_KINDS } from '../fault-registry/catalog'
import { knownOf } from './climb'

afterAll(closeDatabase)

test.each(FAULT_KINDS)('a healthy %s registry syncs as any other does', async (kind) => {
  const { dumps, before } = await knownOf(kind)
  expect(dumps.before.filter((line) => line.startsWith('version'))).toHaveLength(before.length)
  expect(dumps.after).not.toEqual(dumps.before)
})
