import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { findRegistry } from '../registries/store'
import { findHook, type Hook } from './store'

/** Whether a registry may notify us, and when it last did; null where not. @throws AppError `not_found` */
export async function readHook(actor: Actor, id: string): Promise<Hook | null> {
  authorize(actor, 'packRegistry.get')
  if (!(await findRegistry(actor.tenantId, id))) throw new AppError('not_found', 'There is no such registry.')
  return findHook(actor.tenantId, id)
}
