/** What we hold of one version. */
export interface Held {
  id: string
  digest: string
  gone: boolean
  /** The rule of the registry's filter that leaves it out; then it is gone too. Empty: none does. */
  leftOutBy: string
  layer: string
  addonType: string
}

interface Offered {
  name: string
  version: string
  digest: string
}

/** Names hold no `@`: pack-format/manifest.ts. */
export const keyOf = ({ name, version }: { name: string; version: string }): string => `${name}@${version}`

export interface Difference<T> {
  /** Not held yet, or held with other content: these are fetched. */
  fetch: T[]
  /** Held as gone and offered again with the same content. */
  returned: string[]
  /** Held and no longer offered: their uids. */
  removed: string[]
}

/**
 * Compares what a registry offers with what we hold.
 *
 * @param held by `name@version`
 */
export function diffCatalog<T extends Offered>(
  held: ReadonlyMap<string, Pick<Held, 'id' | 'digest' | 'gone'>>,
  offered: readonly T[],
): Difference<T> {
  const difference: Difference<T> = { fetch: [], returned: [], removed: [] }
  const seen = new Set<string>()
  for (const entry of offered) {
    const key = keyOf(entry)
    if (seen.has(key)) continue
    seen.add(key)
    const ours = held.get(key)
    if (ours?.digest !== entry.digest) difference.fetch.push(entry)
    else if (ours.gone) difference.returned.push(ours.id)
  }
  for (const [key, { id, gone }] of held) if (!gone && !seen.has(key)) difference.removed.push(id)
  return difference
}
