import { AppError } from '../errors'
import type { Actor } from './actor'
import { findTenant } from './store'

/** What the actor's tenant is called. */
export async function readTenantName(actor: Actor): Promise<string> {
  const tenant = await findTenant(actor.tenantId)
  if (!tenant) throw new AppError('not_found', 'There is no such tenant.')
  return tenant.name
}
