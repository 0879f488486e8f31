import { type LineEdit, linesOf } from './lines'

interface Side {
  /** What the head calls it, for example `1.0.0/values.yaml`. */
  name: string
  text: string
}

/**
 * Two texts as `diff -u` writes them: lines without line breaks, none where nothing differs.
 *
 * @param context lines of surroundings
 * @see https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
 */
export function unifiedDiff(left: Side, right: Side, edits: readonly LineEdit[], context = 3): string[] {
  if (edits.length === 0) return []
  const [a, b] = [linesOf(left.text), linesOf(right.text)]
  const lines = [`--- ${left.name}`, `+++ ${right.name}`]
  for (const hunk of groupEdits(edits, context)) {
    const [first] = hunk as [LineEdit]
    const last = hunk.at(-1) as LineEdit
    const start = Math.max(0, first[0] - context)
    const end = Math.min(a.length, last[0] + last[1] + context)
    const begin = first[2] - (first[0] - start)
    const come = hunk.reduce((sum, [, removed, , added]) => sum + added - removed, end - start)
    lines.push(`@@ -${rangeOf(start, end - start)} +${rangeOf(begin, come)} @@`)
    let at = start
    for (const [from, removed, to, added] of hunk) {
      lines.push(...a.slice(at, from).map((line) => ` ${line}`))
      lines.push(...a.slice(from, from + removed).map((line) => `-${line}`))
      lines.push(...b.slice(to, to + added).map((line) => `+${line}`))
      at = from + removed
    }
    lines.push(...a.slice(at, end).map((line) => ` ${line}`))
  }
  return lines
}

/** Edits whose surroundings touch stand in one hunk. */
function groupEdits(edits: readonly LineEdit[], context: number): LineEdit[][] {
  const hunks: LineEdit[][] = []
  for (const edit of edits) {
    const hunk = hunks.at(-1)
    const last = hunk?.at(-1)
    if (hunk && last && edit[0] - (last[0] + last[1]) <= 2 * context) hunk.push(edit)
    else hunks.push([edit])
  }
  return hunks
}

/** Lines count from 1; an empty range is named by the line before it. */
const rangeOf = (start: number, count: number) =>
  count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`
