/** Who is not heard of again is forgotten, the oldest first. */
const MAX_SOURCES = 10_000

/**
 * Counts what may happen only so often for each source: `burst` at once, then one in `everyMs`. Kept in this process.
 */
export function bucketOf({ burst, everyMs }: { burst: number; everyMs: number }) {
  /** When the bucket of a source is empty of what was put in, in ms. */
  const emptyAt = new Map<string, number>()
  return {
    /** Counts one. */
    add(source: string, now: number): void {
      const at = Math.max(emptyAt.get(source) ?? 0, now) + everyMs
      emptyAt.delete(source) // put back last: the map is in order of use
      emptyAt.set(source, at)
      if (emptyAt.size > MAX_SOURCES)
        for (const oldest of [...emptyAt.keys()].slice(0, 1)) emptyAt.delete(oldest)
    },
    /** @returns seconds until there is room for one more; 0 when there is */
    secondsToWait(source: string, now: number): number {
      const over = (emptyAt.get(source) ?? 0) - now - (burst - 1) * everyMs
      return Math.max(0, Math.ceil(over / 1000))
    },
  }
}
