import { expect, test } from 'vitest'

import { bucketOf } from './bucket'

test('so many are let through at once, then one in a while, for each source alone', () => {
  const bucket = bucketOf({ burst: 3, everyMs: 2_000 })
  for (let i = 0; i < 3; i++) {
    expect(bucket.secondsToWait('a', 0)).toBe(0)
    bucket.add('a', 0)
  }
  expect(bucket.secondsToWait('a', 0)).toBe(2)
  expect(bucket.secondsToWait('b', 0)).toBe(0)
  expect(bucket.secondsToWait('a', 1_000)).toBe(1)
  expect(bucket.secondsToWait('a', 2_000)).toBe(0)
  bucket.add('a', 2_000)
  expect(bucket.secondsToWait('a', 2_000)).toBe(2)
  expect(bucket.secondsToWait('a', 60_000)).toBe(0)
})

test('however many sources there are, the last 10,000 are known and no more', () => {
  const bucket = bucketOf({ burst: 1, everyMs: 1_000 })
  for (let i = 0; i <= 10_000; i++) bucket.add(`source ${i}`, 0)
  expect(bucket.secondsToWait('source 0', 0)).toBe(0)
  expect(bucket.secondsToWait('source 1', 0)).toBe(1)
})
