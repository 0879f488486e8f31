import { diffArrays } from 'diff/lib/diff/array.js'

import { anchorsOf } from './line-anchors'
import { type LineEdit, linesOf } from './lines'

/**
 * Beyond `chars` on a side two texts are not compared line by line. Work and memory grow with the square of the lines
 * that differ: up to `edits` in `ms` the smallest difference is looked for, then a good one.
 */
export const LINE_LIMITS = { chars: 2 * 1024 * 1024, edits: 3_000, ms: 1_000 } as const

/** Between two anchors, and of all of them together. */
const GAP_LIMITS = { edits: 200, ms: 1_000 } as const

/**
 * What to replace in the left text to get the right one, line by line.
 *
 * @returns null where a text is too large to be compared so
 */
export function editLines(left: string, right: string): LineEdit[] | null {
  if (left.length > LINE_LIMITS.chars || right.length > LINE_LIMITS.chars) return null
  const [a, b] = numberLines(linesOf(left), linesOf(right))
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [from, to] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  const edits = smallest(from, to, LINE_LIMITS) ?? betweenAnchors(from, to)
  return edits.map(([x, removed, y, added]) => [x + start, removed, y + start, added])
}

/** Equal lines as equal numbers, so that each is looked at once. */
function numberLines(...texts: [string[], string[]]): [number[], number[]] {
  const numbers = new Map<string, number>()
  const numbered = (lines: string[]) =>
    lines.map((line) => {
      const number = numbers.get(line) ?? numbers.size
      numbers.set(line, number)
      return number
    })
  return [numbered(texts[0]), numbered(texts[1])]
}

/** @returns null where it is not found within the limits */
function smallest(a: number[], b: number[], limits: { edits: number; ms: number }): LineEdit[] | null {
  if (a.length === 0 && b.length === 0) return []
  if (a.length === 0 || b.length === 0) return [[0, a.length, 0, b.length]]
  const parts = diffArrays(a, b, { maxEditLength: limits.edits, timeout: limits.ms })
  if (!parts) return null
  const edits: LineEdit[] = []
  const at = { left: 0, right: 0 }
  let edit: LineEdit | null = null
  for (const { added, removed, count } of parts) {
    if (!added && !removed) {
      at.left += count
      at.right += count
      edit = null
      continue
    }
    if (!edit) {
      edit = [at.left, 0, at.right, 0]
      edits.push(edit)
    }
    if (removed) {
      edit[1] += count
      at.left += count
    } else {
      edit[3] += count
      at.right += count
    }
  }
  return edits
}

/** What is left between the anchors is compared by itself, or replaced as a whole. */
function betweenAnchors(a: number[], b: number[]): LineEdit[] {
  const edits: LineEdit[] = []
  const until = Date.now() + GAP_LIMITS.ms
  let [x, y] = [0, 0]
  for (const [nextX, nextY] of [...anchorsOf(a, b), [a.length, b.length]] as [number, number][]) {
    const [from, to] = [a.slice(x, nextX), b.slice(y, nextY)]
    const ms = until - Date.now()
    const found =
      from.length + to.length === 0
        ? []
        : (ms > 0 && smallest(from, to, { edits: GAP_LIMITS.edits, ms })) || [[0, from.length, 0, to.length]]
    for (const [atX, removed, atY, added] of found as LineEdit[])
      edits.push([x + atX, removed, y + atY, added])
    ;[x, y] = [nextX + 1, nextY + 1]
  }
  return edits
}
