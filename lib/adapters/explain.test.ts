import { expect, test } from 'vitest'

import { retryAfterSeconds } from '../outbound/retry-after'
import { explainStatus } from './explain'

const now = Date.parse('2026-01-01T00:00:00Z')

test('Retry-After is read as seconds or as a date, and bounded', () => {
  expect(retryAfterSeconds('120', now)).toBe(120)
  expect(retryAfterSeconds('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60)
  expect(retryAfterSeconds('999999999', now)).toBe(21_600)
  for (const none of ['soon', '-1', 'NaN', '1e999', '0x10', '', null])
    expect(retryAfterSeconds(none, now)).toBeUndefined()
  expect(retryAfterSeconds('Thu, 31 Dec 9999 23:59:59 GMT', now)).toBe(21_600)
  expect(retryAfterSeconds('Thu, 01 Jan 1970 00:00:00 GMT', now)).toBe(1)
})

test('refused credentials wait for a person, so that no account is locked', () => {
  const none = new Headers()
  expect(explainStatus(401, none, 'catalog', true)).toMatchObject({ step: 'credentials', next: 'stalled' })
  expect(explainStatus(403, none, 'catalog', true)).toMatchObject({ step: 'credentials', next: 'stalled' })
})

test('a registry that asks to wait is left alone, one that fails is tried again', () => {
  expect(explainStatus(429, new Headers({ 'retry-after': '7' }), 'catalog', true)).toMatchObject({
    next: 'waiting',
    details: { retryAfterSeconds: 7 },
  })
  expect(explainStatus(500, new Headers(), 'catalog', true)).toMatchObject({
    next: 'generic',
    step: 'catalog',
  })
})
