import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { ChangeKind } from '../catalog/schema'
import { AppError } from '../errors'
import { type Feed, toFeed } from './entries'
import { findFeedRows, findRegistryName } from './store'

/** A feed has so many entries at most. */
const ENTRIES = 100
/** Of one kind and run, so many are one entry. */
const FOLD_FROM = 20

/** What people mean by new versions. */
const NEW: ChangeKind[] = ['arrived', 'added', 'returned', 'takenIn']

export interface FeedWanted {
  registryId?: string
  name?: string
  /** Empty: new versions. */
  kinds: ChangeKind[]
}

/**
 * The newest changes of the catalog, of one registry or of one pack, for programs that read feeds.
 *
 * @param consoleUrl where people open what an entry is about
 * @throws AppError `not_found` for a registry that is not there
 */
export async function readFeed(
  actor: Actor,
  { registryId, name, kinds }: FeedWanted,
  consoleUrl: string,
): Promise<Feed> {
  authorize(actor, 'pack.list')
  const registryName = registryId === undefined ? '' : await findRegistryName(actor.tenantId, registryId)
  if (registryName === null) throw new AppError('not_found', 'There is no such registry.')
  const filter = { registryIds: registryId ? [registryId] : undefined, name }
  const rows = await findFeedRows(
    actor.tenantId,
    { ...filter, kinds: kinds.length > 0 ? kinds : NEW },
    { foldFrom: FOLD_FROM, limit: ENTRIES },
  )
  const subject = [name, registryName].filter(Boolean).join(' in ')
  const what = kinds.length > 0 ? 'What changed' : 'New versions'
  return toFeed(rows, {
    title: subject ? `${what}: ${subject}` : `${what} in the catalog`,
    key: JSON.stringify([actor.tenantId, registryId ?? '', name ?? '', [...kinds].sort()]),
    path: `/changes?${new URLSearchParams({ ...(registryId && { registry: registryId }), ...(name && { pack: name }) })}`,
    consoleUrl,
    tenantId: actor.tenantId,
  })
}
