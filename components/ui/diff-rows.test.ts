import { expect, test } from 'vitest'

import { editLines } from '@/lib/pack-format/line-edits'
import { linesOf } from '@/lib/pack-format/lines'
import { type DiffRow, diffRows, inlineRows } from './diff-rows'

const rowsOf = (left: string, right: string, options = {}) =>
  diffRows(linesOf(left), linesOf(right), editLines(left, right) ?? [], options)

const told = (rows: DiffRow[]) =>
  rows.map((row) => (row.kind === 'fold' ? row.count : `${row.left?.text ?? '∅'}|${row.right?.text ?? '∅'}`))

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}`).join('\n')

test('a line that changed stands beside what it became, others beside nothing', () => {
  expect(told(rowsOf('a\nb\nc', 'a\nB\nc\nd'))).toEqual(['a|a', 'b|B', 'c|c', '∅|d'])
})

test('what is the same is folded but for three lines around a change', () => {
  const right = numbered(30).replace('\n15\n', '\nx\n')
  expect(told(rowsOf(numbered(30), right))).toEqual([
    ...[11, '12|12', '13|13', '14|14', '15|x', '16|16', '17|17', '18|18', 12],
  ])
})

test('a fold opens by its id, and all of them at once', () => {
  const right = numbered(30).replace('\n15\n', '\nx\n')
  const folds = rowsOf(numbered(30), right).flatMap((row) => (row.kind === 'fold' ? row.id : []))
  expect(folds).toHaveLength(2)
  expect(rowsOf(numbered(30), right, { opened: new Set(folds.slice(0, 1)) })).toHaveLength(19)
  expect(rowsOf(numbered(30), right, { all: true })).toHaveLength(30)
})

test('texts that are the same are one fold', () => {
  expect(told(rowsOf(numbered(30), numbered(30)))).toEqual([30])
})

test('both sides have numbers of their own', () => {
  const [last] = rowsOf('a\nz', 'a\nb\nc\nz').slice(-1)
  expect(last).toMatchObject({ kind: 'same', left: { number: 2 }, right: { number: 4 } })
})

test('of two lines that are much alike the words that differ are marked, of others the whole', () => {
  const [row] = rowsOf('  image: quay.io/a:v1.35.5', '  image: quay.io/a:v1.36.2')
  if (row?.kind !== 'change' || !row.left?.mark || !row.right?.mark) throw new Error('no mark')
  expect(row.left.text.slice(...row.left.mark)).toBe('35.5')
  expect(row.right.text.slice(...row.right.mark)).toBe('36.2')
  expect(rowsOf('one', 'completely other')[0]).toMatchObject({ left: { mark: null }, right: { mark: null } })
})

test('inline, what goes stands before what comes, and each change begins once', () => {
  const rows = inlineRows(rowsOf('a\nb\nc', 'A\nB\nc'))
  expect(told(rows)).toEqual(['a|∅', 'b|∅', '∅|A', '∅|B', 'c|c'])
  expect(rows.filter((row) => row.kind === 'change' && row.begins)).toHaveLength(1)
  const added = inlineRows(rowsOf('c', 'A\nc'))
  expect(added.filter((row) => row.kind === 'change' && row.begins)).toHaveLength(1)
})
