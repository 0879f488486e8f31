import { expect, test } from 'vitest'

import { editLines } from './line-edits'
import { unifiedDiff } from './unified-diff'

const diff = (left: string, right: string) =>
  unifiedDiff({ name: 'a', text: left }, { name: 'b', text: right }, editLines(left, right) ?? [])

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}\n`).join('')

// What GNU diff -u prints for the same texts.
test('a diff reads as that of GNU diff', () => {
  const right = numbered(20).replace('\n5\n', '\nfive\n').replace('\n18\n', '\n18\nnew\n')
  expect(diff(numbered(20), right)).toEqual([
    ...['--- a', '+++ b'],
    ...['@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'],
    ...['@@ -16,5 +16,6 @@', ' 16', ' 17', ' 18', '+new', ' 19', ' 20'],
  ])
})

test('changes that stand close together are in one hunk', () => {
  const right = numbered(9).replace('\n2\n', '\n').replace('\n8\n', '\n\n')
  expect(diff(numbered(9), right).filter((line) => line.startsWith('@@'))).toEqual(['@@ -1,9 +1,8 @@'])
})

test('a file that is new or gone has an empty side', () => {
  expect(diff('', 'x\n')).toEqual(['--- a', '+++ b', '@@ -0,0 +1 @@', '+x'])
  expect(diff('x\ny\n', '')).toEqual(['--- a', '+++ b', '@@ -1,2 +0,0 @@', '-x', '-y'])
})

test('the same texts have no diff', () => {
  expect(diff('x\n', 'x\n')).toEqual([])
})
