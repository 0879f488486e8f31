import { expect, test } from 'vitest'

import { type EarlierHold, judgeRemovals } from './guard'

const none: EarlierHold = { kept: new Set(), of: null }
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `v${from + i}`)

/** How many go at once, and how many wait. */
const judge = (missing: string[], present: number, earlier = none) => {
  const { removed, held } = judgeRemovals(missing, present, earlier)
  return [removed.length, held.length]
}

test('what is no more than 20 %, or no more than 10, goes at once', () => {
  expect(judge(ids(20), 100)).toEqual([20, 0])
  expect(judge(ids(10), 11)).toEqual([10, 0])
  expect(judge([], 100)).toEqual([0, 0])
  expect(judge([], 0)).toEqual([0, 0])
})

test('more than 20 % and more than 10 wait for a person', () => {
  expect(judge(ids(21), 100)).toEqual([0, 21])
  expect(judge(ids(11), 54)).toEqual([0, 11])
  expect(judge(ids(11), 55)).toEqual([11, 0])
})

test('all of them wait, however few', () => {
  expect(judge(ids(1), 1)).toEqual([0, 1])
  expect(judge(ids(3), 3)).toEqual([0, 3])
})

test('what was added since removals wait does not make them a small share', () => {
  const earlier = { kept: new Set<string>(), of: 10 }
  expect(judge(ids(10), 1_000, earlier)).toEqual([0, 10])
  expect(judge(ids(3), 1_000, earlier)).toEqual([3, 0])
})

test('what a person keeps is asked about no more, and counts neither as missing nor as here', () => {
  const kept = new Set(ids(400))
  expect(judge(ids(400), 430, { kept, of: null })).toEqual([0, 0])
  expect(judge(ids(405), 430, { kept, of: null })).toEqual([5, 0])
  expect(judge(ids(412), 430, { kept, of: null })).toEqual([0, 12])
  expect(judge(ids(430), 430, { kept, of: null })).toEqual([0, 30])
})
