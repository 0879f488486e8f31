import { type CatalogEntry, type Listing, RemoteError } from '../adapters/adapter'
import { isOpen, type PackFilter } from '../registries/schema'
import { keyOf, leaveOut } from './filter'
import { type Compared, findListed, keepListed, leaveOutListed, type RunOf } from './store/listed'

/** Entries are kept together up to so many. */
const BATCH = 500
const PAGE = 1_000

/**
 * Reads a listing to its end and keeps it in the database, compared with what we hold.
 *
 * @param maxVersions that a registry may list
 * @param tick is called for each entry
 * @returns how many entries came, and how many of them were kept: none twice
 * @throws RemoteError
 */
export async function takeListing(
  run: RunOf,
  listing: Listing,
  maxVersions: number,
  tick: () => void,
  signal: AbortSignal,
): Promise<{ listed: number; kept: number }> {
  let [listed, kept] = [0, 0]
  let batch: CatalogEntry[] = []
  const keep = async () => {
    signal.throwIfAborted()
    const full = batch
    batch = []
    kept += await keepListed(run, full, listed - full.length)
  }
  for await (const entry of listing.entries) {
    tick()
    batch.push(entry)
    if (++listed > maxVersions)
      throw new RemoteError(
        'catalog',
        'stalled',
        `The registry lists more than ${maxVersions.toLocaleString('en')} versions.`,
        'Split it, or ask for a higher limit.',
      )
    if (batch.length === BATCH) await keep()
  }
  await keep()
  return { listed, kept }
}

/** Notes which of the listed versions a filter leaves out, by the rules of a preview. */
export async function filterListing(run: RunOf, filter: PackFilter): Promise<void> {
  if (isOpen(filter)) return
  // Where the newest are counted all versions of a pack are looked at together.
  const isByPack = filter.newest > 0
  let open: Compared[] = []
  const judge = async (entries: Compared[]) => {
    const out = leaveOut(entries, filter, ({ kind }) => kind ?? undefined)
    await leaveOutListed(
      run,
      entries.flatMap((entry) => {
        const rule = out.get(keyOf(entry))
        return rule ? [{ name: entry.name, version: entry.version, rule }] : []
      }),
    )
  }
  for (let after: Pick<Compared, 'name' | 'version'> = { name: '', version: '' }; ; ) {
    const page = await findListed(run, after, PAGE)
    open.push(...page)
    const last = page.at(-1)
    if (!last || page.length < PAGE) return judge(open)
    after = last
    const whole = isByPack ? open.filter((one) => one.name !== last.name) : open
    open = isByPack ? open.filter((one) => one.name === last.name) : []
    await judge(whole)
  }
}
