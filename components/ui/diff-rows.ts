import type { LineEdit } from '@/lib/pack-format/lines'

/** One line of a side: its number from 1, its text, and what of it differs from the line beside it. */
export interface DiffLine {
  number: number
  text: string
  /** From and to, in characters; null: the whole line. */
  mark: [from: number, to: number] | null
}

export type DiffRow =
  /** The same on both sides. */
  | { kind: 'same'; left: DiffLine; right: DiffLine }
  /** Replaced, added (no left) or removed (no right). `change` counts from 0; only its first row begins it. */
  | { kind: 'change'; change: number; begins: boolean; left: DiffLine | null; right: DiffLine | null }
  /** Lines that are the same and not shown. */
  | { kind: 'fold'; id: string; count: number }

/** Lines of surroundings that are shown of what did not change. */
const CONTEXT = 3
/** Fewer lines than this are not worth a fold. */
const FOLD_FROM = 4

interface Options {
  /** Folds that somebody opened. */
  opened?: ReadonlySet<string>
  /** Nothing is folded. */
  all?: boolean
}

/** Two texts as rows that stand beside each other. */
export function diffRows(
  left: readonly string[],
  right: readonly string[],
  edits: readonly LineEdit[],
  { opened = new Set(), all = false }: Options = {},
): DiffRow[] {
  const rows: DiffRow[] = []
  const same = (from: number, to: number, offset: number) => {
    for (let at = from; at < to; at++)
      rows.push({ kind: 'same', left: lineOf(left, at), right: lineOf(right, at + offset) })
  }
  const between = (from: number, to: number, offset: number, isFirst: boolean, isLast: boolean) => {
    const start = Math.min(to, isFirst ? from : from + CONTEXT)
    const end = Math.max(start, isLast ? to : to - CONTEXT)
    const id = String(from)
    if (all || opened.has(id) || end - start < FOLD_FROM) return same(from, to, offset)
    same(from, start, offset)
    rows.push({ kind: 'fold', id, count: end - start })
    same(end, to, offset)
  }
  let at = 0
  let offset = 0
  for (const [change, [from, removed, begin, added]] of edits.entries()) {
    between(at, from, offset, change === 0, false)
    for (let i = 0; i < Math.max(removed, added); i++) {
      const row = {
        left: i < removed ? lineOf(left, from + i) : null,
        right: i < added ? lineOf(right, begin + i) : null,
      }
      if (row.left && row.right) [row.left.mark, row.right.mark] = markOf(row.left.text, row.right.text)
      rows.push({ kind: 'change', change, begins: i === 0, ...row })
    }
    at = from + removed
    offset = begin + added - at
  }
  between(at, left.length, offset, edits.length === 0, true)
  return rows
}

const lineOf = (lines: readonly string[], at: number): DiffLine => ({
  ...{ number: at + 1, text: lines[at] ?? '' },
  mark: null,
})

const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character)

/** What stands between the common beginning and the common end, in whole words; null where little is common. */
function markOf(a: string, b: string): [DiffLine['mark'], DiffLine['mark']] {
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && a[start] === b[start]) start++
  let end = 0
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end++
  while (start > 0 && isWord(a[start - 1]) && (isWord(a[start]) || isWord(b[start]))) start--
  while (end > 0 && isWord(a.at(-end)) && (isWord(a.at(-1 - end)) || isWord(b.at(-1 - end)))) end--
  const common = a.slice(0, start).trim().length + a.slice(a.length - end).trim().length
  if (common * 3 < Math.max(a.trim().length, b.trim().length)) return [null, null]
  return [
    [start, a.length - end],
    [start, b.length - end],
  ]
}

/** The same rows one below the other: of each change first what goes, then what comes. */
export function inlineRows(rows: readonly DiffRow[]): DiffRow[] {
  const result: DiffRow[] = []
  let come: DiffRow[] = []
  for (const row of rows) {
    if (row.kind !== 'change' || row.begins) {
      result.push(...come)
      come = []
    }
    if (row.kind !== 'change') {
      result.push(row)
      continue
    }
    if (row.left) result.push({ ...row, right: null })
    if (row.right) come.push({ ...row, begins: row.begins && !row.left, left: null })
  }
  return [...result, ...come]
}
