import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { findProfilesOfRegistry } from './store'

/** The profiles that hold packs of a registry: why it cannot be deleted. */
export async function listProfilesOfRegistry(
  actor: Actor,
  registryId: string,
): Promise<{ uid: string; name: string; version: string }[]> {
  authorize(actor, 'clusterProfile.list')
  return findProfilesOfRegistry(actor.tenantId, registryId)
}
