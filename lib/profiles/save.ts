import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { newUid } from '../uid'
import { mustFind, mustFindOwn } from './find'
import { type MaskedVariables, maskVariables, sameMasked } from './masked'
import { mustBeSound } from './publish'
import { resolveLayers } from './resolve'
import { inStackOrder } from './rules/layers'
import type { LayerInput, ProfileInput, ProfileLayer, ProfileType } from './schema'
import { finalError, insertProfile, type StoredProfile, updateProfile } from './store'
import type { Variable } from './variable'

/**
 * Makes a profile version, as a draft or published at once. The project that the actor works in owns it, or the tenant.
 *
 * @param from the profile that it is made from: asterisks in masked variables stand for what that one has
 * @returns its uid, and the audit event's
 * @throws AppError `invalid` at the layer whose pack is not there, or with `findings` where it is not fit to publish;
 *   `conflict` when name and version are taken
 */
export async function createProfile(
  actor: Actor,
  { layers: inputs, variables, ...input }: ProfileInput,
  { publish, from }: { publish: boolean; from?: string | undefined },
): Promise<{ id: string; auditId: string }> {
  authorize(actor, 'clusterProfile.create')
  if (publish) authorize(actor, 'clusterProfile.publish')
  const layers = inStackOrder(await resolveLayers(actor.tenantId, inputs, []))
  if (publish) await mustBeSound(actor.tenantId, { ...input, variables, layers, projectId: actor.projectId })
  const id = newUid()
  const source = from ? await mustFind(actor, from) : null
  const masked = maskVariables(id, variables, source && { id: source.id, sealed: source.sealedVariables })
  await insertProfile(
    actor.tenantId,
    {
      ...{ ...input, id, projectId: actor.projectId, layers, createdBy: actor.id },
      ...{ variables: masked.variables, sealedVariables: masked.sealed },
    },
    publish,
  )
  const auditId = await recordAudit(actor, {
    action: 'create',
    kind: 'clusterProfile',
    id,
    name: input.name,
    message: `Made the profile version ${input.version}${publish ? ' and published it' : ''}`,
  })
  return { id, auditId }
}

export interface ProfileChange {
  name?: string
  version?: string
  type?: ProfileType
  labels?: Record<string, string>
  annotations?: Record<string, string>
  layers: LayerInput[]
  /** Absent: they stay. */
  variables?: Variable[]
  /** The revision that the change was made from. Without it the last one to save wins. */
  revision?: number
}

/**
 * Replaces what a draft holds. A published version only takes what changes nothing of it, so that clients which always
 * save and publish may do so again; its labels and annotations may change.
 *
 * @throws AppError `not_found`; `invalid` at the layer whose pack is not there; `conflict` for a published version, or
 *   when somebody saved in the meantime
 */
export async function changeProfile(actor: Actor, id: string, change: ProfileChange): Promise<void> {
  authorize(actor, 'clusterProfile.update')
  const held = await mustFindOwn(actor, id)
  const { layers: inputs, revision, variables, ...rest } = change
  if (revision !== undefined && revision !== held.revision) throw savedMeanwhile(held)
  const layers = inStackOrder(await resolveLayers(actor.tenantId, inputs, held.layers))
  const data = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const masked = variables && maskVariables(id, variables, { id, sealed: held.sealedVariables })
  if (held.publishedAt) {
    if (changesPublished(held, rest, layers) || (masked && changesVariables(held, masked)))
      throw finalError(held.name, held.version)
    await updateProfile(actor.tenantId, held, revision, data)
  } else {
    const all = { ...data, ...(masked && { variables: masked.variables, sealedVariables: masked.sealed }) }
    if (!(await updateProfile(actor.tenantId, held, revision, all, layers)))
      throw savedMeanwhile(await mustFindOwn(actor, id))
  }
  await recordAudit(actor, {
    action: 'update',
    kind: 'clusterProfile',
    id,
    name: rest.name ?? held.name,
    message: `Saved the profile version ${rest.version ?? held.version}`,
  })
}

function changesPublished(
  held: StoredProfile,
  { name, version, type }: Pick<ProfileChange, 'name' | 'version' | 'type'>,
  layers: readonly ProfileLayer[],
): boolean {
  // The uids of inline manifests are ours: a client that sends their text alone gets new ones.
  const content = (list: readonly ProfileLayer[]) =>
    JSON.stringify(
      list.map((layer) => [
        ...[layer.name, layer.layer, layer.type, layer.packVersionId, layer.tag, layer.version, layer.digest],
        ...[layer.values, layer.manifests.map((one) => [one.name, one.content])],
      ]),
    )
  return (
    (name !== undefined && name !== held.name) ||
    (version !== undefined && version !== held.version) ||
    (type !== undefined && type !== held.type) ||
    content(layers) !== content(held.layers)
  )
}

/** Whether variables are other than a profile has them. Each seal of the same is another text. */
export const changesVariables = (held: StoredProfile, { variables, sealed }: MaskedVariables): boolean =>
  JSON.stringify(variables) !== JSON.stringify(held.variables) ||
  !sameMasked({ id: held.id, sealed }, { id: held.id, sealed: held.sealedVariables })

export const savedMeanwhile = ({ name, revision }: StoredProfile) =>
  new AppError(
    'conflict',
    `Somebody saved ${name} in the meantime. Open it again, look at what changed, and make your change there.`,
    { data: { revision } },
  )
