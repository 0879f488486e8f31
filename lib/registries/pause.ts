import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { findRegistry, updateRegistry } from './store'

/** Pauses a registry, or resumes it: then it is due at once. Its catalog stays. @throws AppError `not_found` */
export async function pauseRegistry(actor: Actor, id: string, paused: boolean): Promise<void> {
  authorize(actor, 'packRegistry.update')
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  if (registry.paused === paused) return
  await updateRegistry(actor.tenantId, id, {
    paused,
    ...(paused
      ? { dueAt: null, requestedBy: '', requestedActor: '', pausedBy: actor.name }
      : { dueAt: new Date(), requestedBy: 'manual', requestedActor: actor.name, failures: 0 }),
  })
  await recordAudit(actor, {
    action: 'update',
    kind: 'registry',
    id,
    name: registry.name,
    message: paused ? 'Paused the registry' : 'Resumed the registry',
  })
}
