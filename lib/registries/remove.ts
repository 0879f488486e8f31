import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { deleteRegistry, findRegistry } from './store'

/**
 * Deletes a registry and its catalog.
 *
 * @throws AppError `not_found`; `conflict` while cluster profiles use packs of it
 */
export async function removeRegistry(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'packRegistry.delete')
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry || !(await deleteRegistry(actor.tenantId, id)))
    throw new AppError('not_found', 'There is no such registry.')
  await recordAudit(actor, {
    action: 'delete',
    kind: 'registry',
    id,
    name: registry.name,
    message: `Deleted the registry ${registry.endpoint}`,
  })
}
