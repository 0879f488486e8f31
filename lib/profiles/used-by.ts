import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { findProfilesOfRegistry, findUses, type PackUse } from './store'

/** The profiles that hold packs of a registry: why it cannot be deleted. */
export async function listProfilesOfRegistry(
  actor: Actor,
  registryId: string,
): Promise<{ uid: string; name: string; version: string }[]> {
  authorize(actor, 'clusterProfile.list')
  return findProfilesOfRegistry(actor.tenantId, registryId)
}

/**
 * The profiles that hold a pack, in whichever version; those of one project and of the tenant, or all.
 *
 * @param after the last one of the page before
 */
export async function listProfilesOfPack(
  actor: Actor,
  packName: string,
  page: { after: [name: string, id: string] | null; limit: number },
): Promise<{ uses: PackUse[]; next: [name: string, id: string] | null }> {
  authorize(actor, 'clusterProfile.list')
  const found = await findUses(actor.tenantId, actor.projectId, packName, page.after, page.limit + 1)
  const uses = found.slice(0, page.limit)
  const last = uses.at(-1)
  return { uses, next: found.length > page.limit && last ? [last.name, last.layerId] : null }
}
