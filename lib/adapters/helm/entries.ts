import { packNameOf, tagOf } from '../../pack-format/chart-pack'
import { digestOf } from '../../pack-format/oci'
import { compareVersions } from '../../pack-format/tag'
import { type CatalogEntry, RemoteError } from '../adapter'
import type { ListedVersion } from './listed-version'

/** Of one chart so many versions are looked at together, to find its newest. */
const TOGETHER = 1_000
const ADDRESS_MAX = 8 * 1024

/** Where the archive of a version is. */
export interface Place {
  url: string | null
  digest: string
  /** Whether the entry's digest is that of the archive. */
  isVerified: boolean
}

/** A place as an entry's source, and back. */
const sourceOf = ({ url, isVerified }: Omit<Place, 'digest'>): string =>
  `${isVerified ? 'proven' : 'unproven'} ${url ?? ''}`
export const placeIn = (source: string, digest: string): Place => ({
  url: source.slice(source.indexOf(' ') + 1) || null,
  digest,
  isVerified: source.startsWith('proven'),
})

/**
 * Makes catalog entries of what an index lists, with one chart in memory at a time: the newest version of each is to be
 * fetched before the others, so that each chart is seen early.
 *
 * @param maxVersions that an index may list
 */
export function entriesOf(base: string, maxVersions: number) {
  /** Whose pack of a name is: two charts may come to the same one. */
  const owners = new Map<string, string>()
  let chart: string | null = null
  let name: string | null = null
  let open = new Map<string, CatalogEntry>()
  let hasLead = false
  let versions = 0

  function close(): CatalogEntry[] {
    const entries = [...open.values()].sort((a, b) => compareVersions(b.version, a.version))
    open = new Map()
    const [newest] = entries
    if (newest && !hasLead) newest.isLead = true
    hasLead ||= newest !== undefined
    return entries
  }

  function begin(next: string): void {
    chart = next
    hasLead = false
    const own = packNameOf(next)
    name = own && (owners.get(own) ?? next) === next ? own : null
  }

  return {
    /** How many versions and charts there were. */
    get counts() {
      return { versions, charts: owners.size }
    },
    /** @returns the entries that are complete by now */
    add({ name: of, version: written, digest: said, created, urls }: ListedVersion): CatalogEntry[] {
      const done = of === chart && open.size < TOGETHER ? [] : close()
      if (of !== chart) begin(of)
      const version = tagOf(written)
      if (!name || !version || !/\d/.test(version) || open.has(version)) return done
      if (++versions > maxVersions)
        throw new RemoteError(
          'catalog',
          'stalled',
          `The index lists more than ${maxVersions.toLocaleString('en')} versions.`,
          'Remove old versions from it, or split the repository.',
        )
      owners.set(name, of)
      const url = usable(urls, base)
      const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(said ?? '')?.[1]
      const digest = hex
        ? `sha256:${hex.toLowerCase()}`
        : digestOf(Buffer.from(JSON.stringify([url ?? '', created, written])))
      const source = sourceOf({ url, isVerified: hex !== undefined })
      open.set(version, { name, version, digest, tags: [version], source })
      return done
    },
    /** @returns the last entries */
    end: close,
  }
}

/** The first address that can be fetched over http or https; null where there is none. */
function usable(urls: string[], base: string): string | null {
  for (const one of urls)
    try {
      const { href, protocol, username, password } = new URL(one, base)
      const isOfWeb = protocol === 'https:' || protocol === 'http:'
      if (isOfWeb && !username && !password && href.length <= ADDRESS_MAX) return href
    } catch {
      // No address at all: the next may be one.
    }
  return null
}
