import { expect, test } from 'vitest'

import { endOfLife } from './end-of-life'

const NOW = new Date('2026-11-25T23:30:00Z')

test.each([
  ['2026-12-18', 'in 23 days', 'near'],
  ['2026-12-25', 'in 30 days', 'near'],
  ['2026-12-26', 'in 31 days', 'far'],
  ['2026-11-26', 'in 1 day', 'near'],
  ['2026-11-25', 'today', 'ended'],
  ['2026-08-27', '3 months ago', 'ended'],
  ['2024-01-01', '3 years ago', 'ended'],
  ['2027-06-30T00:00:00Z', 'in 7 months', 'far'],
])('an end of life on %s is %s', (eol, when, stage) => {
  expect(endOfLife(eol, NOW)).toMatchObject({ when, stage })
})

test('what is no date is shown as it is written, and an empty one not at all', () => {
  for (const text of ['soon', '2026-02-31', '1.1.2027'])
    expect(endOfLife(text, NOW)).toEqual({ date: text, when: '', stage: 'unknown' })
  expect(endOfLife(' ', NOW)).toBeNull()
  expect(endOfLife('2026-12-18', NOW)?.date).toBe('Dec 18, 2026')
})
