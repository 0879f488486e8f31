import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { findRegistries, findRegistry, type ShownRegistry } from './store'

export async function listRegistries(
  actor: Actor,
  page: { skip: number; take: number },
): Promise<{ rows: ShownRegistry[]; count: number }> {
  authorize(actor, 'packRegistry.list')
  return findRegistries(actor.tenantId, page)
}

/** @throws AppError `not_found` */
export async function readRegistry(actor: Actor, id: string): Promise<ShownRegistry> {
  authorize(actor, 'packRegistry.get')
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  return registry
}
