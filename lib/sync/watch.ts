import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { findRunning } from './store/due'

/**
 * The syncs that run, with how far they are, and those that wait for their turn because somebody asked. Cheap: to be
 * asked each second.
 *
 * @param registryId of one registry: nothing, or one
 */
export function watchSyncs(actor: Actor, registryId?: string) {
  authorize(actor, 'packRegistry.list')
  return findRunning(actor.tenantId, registryId ?? null)
}
