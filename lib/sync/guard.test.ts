import { expect, test } from 'vitest'

import { judgeRemovals } from './guard'

/** How many go at once, and how many wait. */
function judge(missing: number, present: number, { kept = 0, heldOf = null as number | null } = {}) {
  const { asked, isMass } = judgeRemovals({ missing, kept, present, heldOf })
  return isMass ? [0, asked] : [asked, 0]
}

test('what is no more than 20 %, or no more than 10, goes at once', () => {
  expect(judge(20, 100)).toEqual([20, 0])
  expect(judge(10, 11)).toEqual([10, 0])
  expect(judge(0, 100)).toEqual([0, 0])
  expect(judge(0, 0)).toEqual([0, 0])
})

test('more than 20 % and more than 10 wait for a person', () => {
  expect(judge(21, 100)).toEqual([0, 21])
  expect(judge(11, 54)).toEqual([0, 11])
  expect(judge(11, 55)).toEqual([11, 0])
})

test('all of them wait, however few', () => {
  expect(judge(1, 1)).toEqual([0, 1])
  expect(judge(3, 3)).toEqual([0, 3])
})

test('what was added since removals wait does not make them a small share', () => {
  expect(judge(10, 1_000, { heldOf: 10 })).toEqual([0, 10])
  expect(judge(3, 1_000, { heldOf: 10 })).toEqual([3, 0])
})

test('what a person keeps is asked about no more, and counts neither as missing nor as here', () => {
  expect(judge(400, 430, { kept: 400 })).toEqual([0, 0])
  expect(judge(405, 430, { kept: 400 })).toEqual([5, 0])
  expect(judge(412, 430, { kept: 400 })).toEqual([0, 12])
  expect(judge(430, 430, { kept: 400 })).toEqual([0, 30])
})
