import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { mustFindOwn } from './find'
import { sentenceOf } from './rules/finding'
import { publishProfile as storePublished } from './store'
import { type Checkable, findingsOf } from './validate'

/**
 * Publishes a draft: from then on this version never changes. One that is published already stays as it is.
 *
 * @throws AppError `not_found`; `invalid` with `findings` while it has errors; `conflict` when somebody saved meanwhile
 */
export async function publishProfile(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'clusterProfile.publish')
  const profile = await mustFindOwn(actor, id)
  if (profile.publishedAt) return
  await mustBeSound(actor.tenantId, profile)
  if (!(await storePublished(actor.tenantId, id, profile.revision)))
    throw new AppError(
      'conflict',
      `Somebody saved ${profile.name} in the meantime. Look at it again, then publish it.`,
    )
  await recordAudit(actor, {
    action: 'publish',
    kind: 'clusterProfile',
    id,
    name: profile.name,
    message: `Published the profile version ${profile.version}`,
  })
}

/** @throws AppError `invalid` with all findings, when one of them is an error */
export async function mustBeSound(
  tenantId: string,
  profile: Checkable & { name: string; version: string },
): Promise<void> {
  const { findings } = await findingsOf(tenantId, profile)
  const errors = findings.filter((one) => one.level === 'error')
  const [first] = errors
  if (!first) return
  const more = errors.length > 1 ? ` There are ${errors.length - 1} more problems.` : ''
  throw new AppError(
    'invalid',
    `${profile.name} ${profile.version} cannot be published yet. ${sentenceOf(first)}${more}`,
    {
      data: { findings: findings.map((one) => ({ ...one, message: sentenceOf(one) })) },
    },
  )
}
