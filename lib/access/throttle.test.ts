import { expect, test } from 'vitest'

import { secondsToWait } from './throttle'

const now = new Date('2026-01-01T00:00:00Z')

test('five mistakes are free', () => {
  expect(secondsToWait(4, now, now)).toBe(0)
})

test('from then on the wait doubles, up to a quarter of an hour', () => {
  expect([5, 6, 7, 30].map((failures) => secondsToWait(failures, now, now))).toEqual([2, 4, 8, 900])
})

test('the wait runs from the last failure', () => {
  expect(secondsToWait(6, new Date(now.getTime() - 3000), now)).toBe(1)
  expect(secondsToWait(6, new Date(now.getTime() - 5000), now)).toBe(0)
})
