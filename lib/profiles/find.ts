import type { Actor } from '../access/actor'
import { AppError } from '../errors'
import { findProfile, type StoredProfile } from './store'

/**
 * A profile that the actor may see: from the tenant every one, from a project its own and the tenant's.
 *
 * @throws AppError `not_found`, also for another project's and another tenant's
 */
export async function mustFind(actor: Actor, id: string): Promise<StoredProfile> {
  const profile = await findProfile(actor.tenantId, id)
  const visible = profile && (!actor.projectId || !profile.projectId || profile.projectId === actor.projectId)
  if (!visible) throw new AppError('not_found', 'There is no such cluster profile.')
  return profile
}

/** The same, to change it. @throws AppError `forbidden` for the tenant's profile from within a project */
export async function mustFindOwn(actor: Actor, id: string): Promise<StoredProfile> {
  const profile = await mustFind(actor, id)
  if (actor.projectId && profile.projectId !== actor.projectId)
    throw new AppError(
      'forbidden',
      'This profile belongs to the tenant. Switch from the project to the tenant to change it.',
    )
  return profile
}
