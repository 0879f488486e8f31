import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { findRegistry } from '../registries/store'
import { askAsTold, askForRun, rereadAll, takeOver } from './store/due'

/**
 * Asks for a sync now: the registry becomes due, and the worker does for it what it does for every one that is due. One
 * that is running already runs once more afterwards; forced, another run takes its place at once, goes on from what
 * was read, and reads everything where the registry would tell what changed.
 *
 * @returns the audit event's uid
 * @throws AppError `not_found`; `conflict` while it is paused
 */
export async function requestSync(actor: Actor, id: string, force = false): Promise<string> {
  authorize(actor, 'packRegistry.update')
  const registry = await mustRun(actor, id)
  if (force) await rereadAll(actor.tenantId, id)
  const restarted = force && (await takeOver(actor.tenantId, id, actor.name))
  if (!restarted) await askForRun(actor.tenantId, id, 'manual', actor.name)
  return recordAudit(actor, {
    action: 'action',
    kind: 'registry',
    id,
    name: registry.name,
    message: restarted ? 'Restarted the sync that was running' : 'Asked for a sync',
  })
}

/**
 * Asks to try the versions again that could not be read, and nothing else.
 *
 * @returns the audit event's uid
 * @throws AppError `not_found`; `conflict` while it is paused, or where nothing failed
 */
export async function requestRetry(actor: Actor, id: string): Promise<string> {
  authorize(actor, 'packRegistry.update')
  const registry = await mustRun(actor, id)
  if (registry.failing === 0)
    throw new AppError('conflict', 'Every version that this registry lists could be read.')
  await askForRun(actor.tenantId, id, 'retry', actor.name)
  return recordAudit(actor, {
    action: 'action',
    kind: 'registry',
    id,
    name: registry.name,
    message: 'Asked to try again what could not be read',
  })
}

/** Asks for a sync because the registry told, by a signature that was checked, that packs have changed. */
export const requestAsTold = (tenantId: string, id: string): Promise<void> => askAsTold(tenantId, id)

async function mustRun(actor: Actor, id: string) {
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  if (registry.paused)
    throw new AppError('conflict', 'This registry is paused. Resume it, and it syncs at once.')
  return registry
}
