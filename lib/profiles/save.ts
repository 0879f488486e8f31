import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { newUid } from '../uid'
import { mustFindOwn } from './find'
import { mustBeSound } from './publish'
import { resolveLayers } from './resolve'
import { inStackOrder } from './rules'
import type { LayerInput, ProfileInput, ProfileLayer, ProfileType } from './schema'
import { finalError, insertProfile, type StoredProfile, updateProfile } from './store'

/**
 * Makes a profile version, as a draft or published at once. The project that the actor works in owns it, or the tenant.
 *
 * @returns its uid, and the audit event's
 * @throws AppError `invalid` at the layer whose pack is not there, or with `findings` where it is not fit to publish;
 *   `conflict` when name and version are taken
 */
export async function createProfile(
  actor: Actor,
  { layers: inputs, ...input }: ProfileInput,
  { publish }: { publish: boolean },
): Promise<{ id: string; auditId: string }> {
  authorize(actor, 'clusterProfile.create')
  if (publish) authorize(actor, 'clusterProfile.publish')
  const layers = inStackOrder(await resolveLayers(actor.tenantId, inputs, []))
  if (publish) await mustBeSound(actor.tenantId, { ...input, layers })
  const id = newUid()
  await insertProfile(
    actor.tenantId,
    { ...input, id, projectId: actor.projectId, layers, createdBy: actor.id },
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
  const { layers: inputs, revision, ...rest } = change
  if (revision !== undefined && revision !== held.revision) throw savedMeanwhile(held)
  const layers = inStackOrder(await resolveLayers(actor.tenantId, inputs, held.layers))
  const data = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  if (held.publishedAt) {
    if (changesPublished(held, rest, layers)) throw finalError(held.name, held.version)
    await updateProfile(actor.tenantId, held, revision, data)
  } else if (!(await updateProfile(actor.tenantId, held, revision, data, layers)))
    throw savedMeanwhile(await mustFindOwn(actor, id))
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

const savedMeanwhile = ({ name, revision }: StoredProfile) =>
  new AppError(
    'conflict',
    `Somebody saved ${name} in the meantime. Open it again, look at what changed, and make your change there.`,
    { data: { revision } },
  )
