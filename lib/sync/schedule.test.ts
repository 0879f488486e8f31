import { expect, test } from 'vitest'

import { nextSyncAt } from './schedule'

const now = new Date('2026-01-01T00:00:00Z')
const minutes = (at: Date) => (at.getTime() - now.getTime()) / 60_000

test('after a success the next sync is one interval away', () => {
  expect(minutes(nextSyncAt(now, 15, 0, 0))).toBe(15)
})

test('after failures the wait doubles from 15 seconds and stops growing at one hour', () => {
  expect([1, 2, 3, 30].map((failures) => minutes(nextSyncAt(now, 15, failures, 0)))).toEqual([
    0.25, 0.5, 1, 60,
  ])
})

test('a registry synced once a week, failing for long, is asked no more than once a week', () => {
  expect(minutes(nextSyncAt(now, 10_080, 30, 0))).toBe(10_080)
})

test('registries added together drift apart by up to a tenth', () => {
  expect(minutes(nextSyncAt(now, 10, 0, 1))).toBe(11)
})
