import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { findRegistry } from '../registries/store'
import { askToEnd } from './store/due'

/**
 * Asks the running sync to end: within seconds it does. What it read is kept, nothing is removed, and the next sync
 * comes when it would have come.
 *
 * @returns the audit event's uid
 * @throws AppError `not_found`; `conflict` where no sync is running
 */
export async function cancelSync(actor: Actor, id: string): Promise<string> {
  authorize(actor, 'packRegistry.update')
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  if (!(await askToEnd(actor.tenantId, id, actor.name)))
    throw new AppError('conflict', 'No sync of this registry is running.')
  return recordAudit(actor, {
    action: 'action',
    kind: 'registry',
    id,
    name: registry.name,
    message: 'Cancelled the sync that was running',
  })
}
