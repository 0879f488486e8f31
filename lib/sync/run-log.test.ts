import { expect, test } from 'vitest'

import { ITEMS_KEPT, startLog } from './run-log'

test('of a run that did more than can be kept, what a person needs to see is kept first', () => {
  const log = startLog()
  for (let i = 0; i < 5_000; i++) log.add({ kind: 'added', name: 'many', version: `1.0.${i}` })
  log.addIds(
    'removed',
    Array.from({ length: 300 }, (_, i) => `${i}`),
  )
  log.add({ kind: 'failed', name: 'one', version: '1.0.0', reason: 'Why', step: 'read' })
  const { items, ids } = log.collect()
  expect(items[0]).toMatchObject({ kind: 'failed', reason: 'Why' })
  expect(ids).toHaveLength(300)
  expect(items.length + ids.length).toBe(ITEMS_KEPT)
})

test('a run that did nothing has nothing to keep', () => {
  expect(startLog().collect()).toEqual({ items: [], ids: [] })
})
