import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { CatalogEntry, RegistryAdapter } from '../adapters/adapter'
import { RemoteError } from '../adapters/adapter'
import { explain } from '../adapters/explain'
import { openAdapter } from '../adapters/kinds'
import { AppError } from '../errors'
import { compareVersions } from '../pack-format/tag'
import { adapterOf } from '../registries/adapter'
import { egressPolicy, toConnection } from '../registries/check'
import type { PackFilter, RegistryInput } from '../registries/schema'
import { findRegistry } from '../registries/store'
import { type FilterRule, keyOf, leaveOut } from './filter'
import { type Held, heldVersions } from './store/catalog'

const WITHIN_MS = 30_000
const MAX_VERSIONS = 200_000
const SHOWN = 1_000

export interface Preview {
  total: number
  packs: number
  taken: number
  takenPacks: number
  /** Taken so far: what their files say is asked for, and not known yet. */
  unread: number
  /** In the catalog now, and left out. */
  goes: number
  items: { name: string; version: string; leftOutBy: FilterRule | null; isRead: boolean }[]
}

/**
 * What a filter takes of a registry as it is now, by the very rules of a run. A stored secret goes to its own registry
 * only: for a stored registry nothing but the filter is given.
 *
 * @throws AppError `not_found`; `check_failed` where the registry cannot be listed
 */
export async function previewFilter(
  actor: Actor,
  of: { id: string } | Pick<RegistryInput, 'kind' | 'endpoint' | 'auth' | 'tls' | 'oci'>,
  filter: PackFilter,
): Promise<Preview> {
  authorize(actor, 'packRegistry.create')
  const { tenantId } = actor
  if ('id' in of) {
    if (!(await findRegistry(tenantId, of.id))) throw new AppError('not_found', 'There is no such registry.')
    const held = await heldVersions(tenantId, of.id)
    return judge(await list(await adapterOf(tenantId, of.id)), held, filter)
  }
  return judge(await list(openAdapter(toConnection(of), egressPolicy())), new Map(), filter)
}

async function list(adapter: RegistryAdapter): Promise<CatalogEntry[]> {
  const signal = AbortSignal.timeout(WITHIN_MS)
  try {
    const listing = await adapter.list(null, signal)
    const entries = new Map<string, CatalogEntry>()
    if (listing !== 'unchanged')
      for await (const entry of listing.entries) {
        // Of a version that is listed twice the first counts.
        const key = keyOf(entry)
        if (!entries.has(key)) entries.set(key, entry)
        if (entries.size > MAX_VERSIONS)
          throw new AppError(
            'invalid',
            'The registry lists too many versions for a preview. Save the filter and sync.',
          )
      }
    return [...entries.values()]
  } catch (error) {
    const known = explain(error)
    if (signal.aborted)
      throw new AppError('check_failed', 'The registry takes too long to list its packs for a preview.')
    if (known instanceof RemoteError) throw new AppError('check_failed', `${known.message} ${known.fix}`)
    throw error
  } finally {
    await adapter.close()
  }
}

function judge(entries: CatalogEntry[], held: ReadonlyMap<string, Held>, filter: PackFilter): Preview {
  const readOf = (entry: CatalogEntry) => {
    const one = held.get(keyOf(entry))
    return one?.digest === entry.digest ? one : undefined
  }
  const out = leaveOut(entries, filter, readOf)
  const asksForFiles = filter.layers.length > 0 || filter.addonTypes.length > 0
  const taken = entries.filter((entry) => !out.has(keyOf(entry)))
  const namesOf = (list: CatalogEntry[]) => new Set(list.map(({ name }) => name)).size
  const sorted = [...entries].sort(
    (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || compareVersions(b.version, a.version),
  )
  return {
    total: entries.length,
    packs: namesOf(entries),
    taken: taken.length,
    takenPacks: namesOf(taken),
    unread: asksForFiles ? taken.filter((entry) => !readOf(entry)).length : 0,
    goes: [...out.keys()].filter((key) => held.get(key)?.gone === false).length,
    items: sorted.slice(0, SHOWN).map((entry) => ({
      name: entry.name,
      version: entry.version,
      leftOutBy: out.get(keyOf(entry)) ?? null,
      isRead: readOf(entry) !== undefined,
    })),
  }
}
