import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { mustFindOwn } from './find'
import { deleteProfile } from './store'

/** Deletes one version of a profile, draft or published. Its other versions stay. @throws AppError `not_found` */
export async function removeProfile(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'clusterProfile.delete')
  const { name, version } = await mustFindOwn(actor, id)
  if (!(await deleteProfile(actor.tenantId, id)))
    throw new AppError('not_found', 'There is no such cluster profile.')
  await recordAudit(actor, {
    action: 'delete',
    kind: 'clusterProfile',
    id,
    name,
    message: `Deleted the profile version ${version}`,
  })
}
