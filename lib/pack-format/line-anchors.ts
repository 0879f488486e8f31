/**
 * Lines that stand once in either list and in the same order in both: the longest such run. Two texts that differ in
 * too many lines to be compared as a whole are compared between these.
 *
 * @returns places in either list, ascending
 * @see https://en.wikipedia.org/wiki/Patience_sorting
 */
export function anchorsOf(a: readonly number[], b: readonly number[]): [a: number, b: number][] {
  const inB = places(b)
  const common = [...places(a)].flatMap(([line, at]): [number, number][] => {
    const there = inB.get(line)
    return at !== null && there !== undefined && there !== null ? [[at, there]] : []
  })
  common.sort(([x], [y]) => x - y)
  // The last of the best run of each length, and before each what it follows.
  const tails: number[] = []
  const before: number[] = []
  const rightOf = (index: number | undefined) => common[index ?? -1]?.[1] ?? -1
  for (const [index, [, right]] of common.entries()) {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (rightOf(tails[middle]) < right) low = middle + 1
      else high = middle
    }
    before[index] = tails[low - 1] ?? -1
    tails[low] = index
  }
  const run: [number, number][] = []
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) {
    const found = common[index]
    if (found) run.push(found)
  }
  return run.reverse()
}

/** Where each line stands; null for one that stands more than once. */
function places(lines: readonly number[]): Map<number, number | null> {
  const found = new Map<number, number | null>()
  for (const [at, line] of lines.entries()) found.set(line, found.has(line) ? null : at)
  return found
}
