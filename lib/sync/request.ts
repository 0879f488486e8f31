import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { findRegistry, updateRegistry } from '../registries/store'

/**
 * Asks for a sync now: the registry becomes due, and the worker does for it what it does for every one that is due. One
 * that is running already runs once more afterwards.
 *
 * @returns the audit event's uid
 * @throws AppError `not_found`; `conflict` while it is paused
 */
export async function requestSync(actor: Actor, id: string): Promise<string> {
  authorize(actor, 'packRegistry.update')
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  if (registry.paused)
    throw new AppError('conflict', 'This registry is paused. Resume it, and it syncs at once.')
  await updateRegistry(actor.tenantId, id, { requestedBy: 'manual', dueAt: new Date() })
  return recordAudit(actor, {
    action: 'action',
    kind: 'registry',
    id,
    name: registry.name,
    message: 'Asked for a sync',
  })
}
