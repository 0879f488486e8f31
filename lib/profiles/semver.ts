/**
 * Orders strict semantic versions: a pre-release before its release, build metadata ignored.
 *
 * @returns negative when a is older than b
 * @see https://semver.org/#spec-item-11
 */
export function compareSemver(a: string, b: string): number {
  const [x, y] = [split(a), split(b)]
  return compareLists(x.core, y.core) || Number(y.pre !== null) - Number(x.pre !== null) || comparePre(x, y)
}

function split(version: string) {
  const [, core = '', pre = null] = /^([0-9.]+)(?:-([^+]+))?/.exec(version) ?? []
  return { core: core.split('.'), pre: pre?.split('.') ?? null }
}

const comparePre = (x: ReturnType<typeof split>, y: ReturnType<typeof split>) =>
  compareLists(x.pre ?? [], y.pre ?? [])

function compareLists(a: string[], b: string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = compareParts(a[i] ?? '', b[i] ?? '')
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

// Numbers by their value, however long, and before words; words by their characters.
function compareParts(a: string, b: string): number {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (x !== y) return x ? -1 : 1
  if (x && a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/** Newest first. */
export const newestVersionFirst = (a: { version: string }, b: { version: string }): number =>
  compareSemver(b.version, a.version)
