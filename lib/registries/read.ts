import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { RegistryKind } from '../adapters/schema'
import { AppError } from '../errors'
import { findRegistries, findRegistry, type ShownRegistry } from './store'

export async function listRegistries(
  actor: Actor,
  page: { skip: number; take: number },
  kind?: RegistryKind,
): Promise<{ rows: ShownRegistry[]; count: number }> {
  authorize(actor, 'packRegistry.list')
  return findRegistries(actor.tenantId, page, kind)
}

/**
 * @param kind that it has to be of; any, without it
 * @throws AppError `not_found`
 */
export async function readRegistry(actor: Actor, id: string, kind?: RegistryKind): Promise<ShownRegistry> {
  authorize(actor, 'packRegistry.get')
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry || (kind && registry.kind !== kind))
    throw new AppError('not_found', 'There is no such registry.')
  return registry
}
