/** Beyond this, comparing line by line costs more than the formatting is worth. */
const MAX_CELLS = 4_000_000

/** What of a line a YAML writer keeps: its indentation and its words, not the room between them. */
const essence = (line: string) => {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return (
    indent +
    line
      .slice(indent.length)
      .trimEnd()
      .replaceAll(/[ \t]+/g, ' ')
  )
}

/**
 * Gives a text that was written anew the formatting of the one that it was made from: lines that say the same stand
 * as they stood, with their aligned comments and empty lines. What is new stays as it is written.
 *
 * The caller checks that both say the same: inside a block of text the room between words counts.
 */
export function keepFormatting(before: string, after: string): string {
  const [held, next] = [before.split('\n'), after.split('\n')]
  const [a, b] = [held.map(essence), next.map(essence)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const middle =
    (endA - start + 1) * (endB - start + 1) > MAX_CELLS
      ? next.slice(start, endB)
      : graft(held.slice(start, endA), next.slice(start, endB))
  return [...held.slice(0, start), ...middle, ...held.slice(endA)].join('\n')
}

function graft(held: readonly string[], next: readonly string[]): string[] {
  const [a, b] = [held.map(essence), next.map(essence)]
  const width = b.length + 1
  // common[i * width + j]: how many lines of a from i on and of b from j on can be paired.
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? 1 + (common[(i + 1) * width + j + 1] as number)
          : Math.max(common[(i + 1) * width + j] as number, common[i * width + j + 1] as number)

  const out: string[] = []
  let gone: string[] = []
  let isNew = false
  const settle = () => {
    // Empty lines between lines that stayed were lost in writing, not on purpose.
    if (!isNew && gone.every((line) => line.trim() === '')) out.push(...gone)
    gone = []
    isNew = false
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      settle()
      out.push(held[i++] as string)
      j++
    } else if (
      i < a.length &&
      (j === b.length || (common[(i + 1) * width + j] as number) >= (common[i * width + j + 1] as number))
    )
      gone.push(held[i++] as string)
    else {
      out.push(next[j++] as string)
      isNew = true
    }
  }
  settle()
  return out
}
