import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { mustFindOwn } from './find'
import { finalError, updateProfile } from './store'

/**
 * Changes what a profile is called and what is written about it. Name and version of a published one stay.
 *
 * @throws AppError `not_found`; `conflict` when name and version are taken, or for a published version
 */
export async function changeProfileMetadata(
  actor: Actor,
  id: string,
  change: {
    name?: string
    version?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  },
): Promise<void> {
  authorize(actor, 'clusterProfile.update')
  const held = await mustFindOwn(actor, id)
  const { name = held.name, version = held.version, labels, annotations } = change
  if (held.publishedAt && (name !== held.name || version !== held.version))
    throw finalError(held.name, held.version)
  const data = { name, version, ...(labels && { labels }), ...(annotations && { annotations }) }
  if (!(await updateProfile(actor.tenantId, held, undefined, data)))
    throw new AppError('not_found', 'There is no such cluster profile.')
  await recordAudit(actor, {
    action: 'update',
    kind: 'clusterProfile',
    id,
    name,
    message: `Changed the description of the profile version ${version}`,
  })
}
