import fc from 'fast-check'
import { expect, test } from 'vitest'

import { editLines } from './line-edits'
import { countLines, type LineEdit, linesOf } from './lines'

const apply = (left: string, right: string, edits: LineEdit[]) => {
  const [from, to] = [linesOf(left), linesOf(right)]
  const result: string[] = []
  let at = 0
  for (const [start, removed, begin, added] of edits) {
    result.push(...from.slice(at, start), ...to.slice(begin, begin + added))
    at = start + removed
  }
  return [...result, ...from.slice(at)]
}

test('the edits make the right text of the left one, whatever the texts', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '')).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (left, right) => {
      const edits = editLines(left, right)
      expect(edits && apply(left, right, edits)).toEqual(linesOf(right))
    }),
  )
})

test('one line that changed is one edit of one line', () => {
  expect(editLines('a\nb\nc\n', 'a\nB\nc\n')).toEqual([[1, 1, 1, 1]])
  expect(editLines('a\nc\n', 'a\nb\nc\n')).toEqual([[1, 0, 1, 1]])
  expect(editLines('', 'a\n')).toEqual([[0, 0, 0, 1]])
})

test('the same lines have no edits, with or without a line break at the end', () => {
  expect(editLines('a\nb', 'a\nb\n')).toEqual([])
})

test('lines are counted by side', () => {
  expect(countLines(editLines('a\nb\nc', 'x\nc\nd\ne') ?? [])).toEqual({ added: 3, removed: 2 })
})

const numbered = (lines: number, suffix: (line: number) => string) =>
  Array.from({ length: lines }, (_, line) => `some.value.${line}: ${suffix(line)}\n`).join('')

test('a thousand changed lines of a text of a megabyte are found in little time', () => {
  const left = numbered(50_000, () => 'value')
  const right = numbered(50_000, (line) => (line % 50 === 0 ? 'other' : 'value'))
  expect(left.length).toBeGreaterThan(1024 * 1024)
  expect(editLines(left, right)).toHaveLength(1_000)
})

test('where too much differs to look for the smallest difference, what stands once in both is kept', () => {
  const left = numbered(20_000, () => 'value')
  const right = numbered(20_000, (line) => (line % 2 === 0 ? 'other' : 'value'))
  const edits = editLines(left, right)
  expect(edits).toHaveLength(10_000)
  expect(edits?.[1]).toEqual([2, 1, 2, 1])
  expect(edits && apply(left, right, edits)).toEqual(linesOf(right))
})

test('texts that have nothing in common are one edit, and take no longer than others', () => {
  const [a, b] = [numbered(40_000, () => 'a'), numbered(40_000, () => 'b')]
  const began = performance.now()
  expect(editLines(a, b)).toEqual([[0, 40_000, 0, 40_000]])
  expect(performance.now() - began).toBeLessThan(6_000)
})

test('lines that stand often and differ often end in time, and the edits are sound', () => {
  const rough = (seed: number) =>
    Array.from({ length: 20_000 }, (_, line) => `${(line * seed) % 30}\n`).join('')
  const [left, right] = [rough(7_919), rough(6_133)]
  const began = performance.now()
  const edits = editLines(left, right)
  expect(performance.now() - began).toBeLessThan(6_000)
  expect(edits && apply(left, right, edits)).toEqual(linesOf(right))
})

test('a text of more than two million characters is not compared line by line', () => {
  expect(editLines('a', 'x'.repeat(2 * 1024 * 1024 + 1))).toBeNull()
})
