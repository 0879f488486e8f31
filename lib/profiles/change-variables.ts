import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { mustFindOwn } from './find'
import { maskVariables } from './masked'
import { changesVariables, savedMeanwhile } from './save'
import { finalError, updateProfile } from './store'
import { VARIABLES_MAX, type Variable } from './variable'

export type VariablesChange =
  | { put: readonly Variable[] }
  /** Those of the same name change, others are added. */
  | { patch: readonly Variable[] }
  | { remove: readonly string[] }

/**
 * Changes the variables of a draft. Masked defaults that come as asterisks stay what they are.
 *
 * @throws AppError `not_found`; `invalid` where a masked default is not known, or one to remove is not there;
 *   `conflict` for a published version, or when somebody saved in the meantime
 */
export async function changeVariables(actor: Actor, id: string, change: VariablesChange): Promise<void> {
  authorize(actor, 'clusterProfile.update')
  const held = await mustFindOwn(actor, id)
  const next = nextVariables(held.variables, change)
  if (next.length > VARIABLES_MAX)
    throw new AppError('invalid', `A profile has at most ${VARIABLES_MAX} variables.`)
  const masked = maskVariables(id, next, { id, sealed: held.sealedVariables })
  if (held.publishedAt) {
    if (changesVariables(held, masked)) throw finalError(held.name, held.version)
    return
  }
  const data = { variables: masked.variables, sealedVariables: masked.sealed }
  if (!(await updateProfile(actor.tenantId, held, held.revision, data)))
    throw savedMeanwhile(await mustFindOwn(actor, id))
  await recordAudit(actor, {
    action: 'update',
    kind: 'clusterProfile',
    id,
    name: held.name,
    message: `Changed the variables of the profile version ${held.version}`,
  })
}

function nextVariables(held: readonly Variable[], change: VariablesChange): Variable[] {
  if ('put' in change) return [...change.put]
  if ('remove' in change) {
    const missing = change.remove.find((name) => !held.some((one) => one.name === name))
    if (missing !== undefined)
      throw new AppError('invalid', `There is no variable ${missing} in this profile.`)
    return held.filter((one) => !change.remove.includes(one.name))
  }
  const changed = new Map(change.patch.map((one) => [one.name, one]))
  const kept = held.map((one) => changed.get(one.name) ?? one)
  return [...kept, ...change.patch.filter((one) => !held.some((other) => other.name === one.name))]
}
