import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { PackManifest } from '../pack-format/manifest'
import { mustFind } from './find'
import { resolveLayer } from './resolve'
import { checkProfile, type Finding } from './rules'
import type { LayerInput, ProfileLayer, ProfileType } from './schema'
import { findHeldPacks, findHeldRevisions } from './store'

/** What is wrong with layers that were found: the rules, with what the catalog knows of the packs now. */
export async function findingsOf(
  tenantId: string,
  type: ProfileType,
  layers: readonly ProfileLayer[],
): Promise<Finding[]> {
  const ids = (key: 'packRevisionId' | 'packVersionId') => layers.flatMap((one) => one[key] ?? [])
  const [revisions, packs] = await Promise.all([
    findHeldRevisions(tenantId, ids('packRevisionId')),
    findHeldPacks(tenantId, ids('packVersionId')),
  ])
  const manifests = new Map(revisions.map((one) => [one.id, PackManifest.safeParse(one.manifest).data]))
  const known = new Map(packs.map((one) => [one.id, one]))
  return checkProfile({
    type,
    layers: layers.map((layer) => {
      const pack = known.get(layer.packVersionId ?? '')
      return {
        ...layer,
        dependencies: manifests.get(layer.packRevisionId ?? '')?.constraints?.dependencies ?? [],
        state: pack && (pack.goneAt ? 'gone' : pack.state),
      }
    }),
  })
}

export interface ProfileReport {
  layers: { name: string; displayName: string }[]
  findings: Finding[]
}

/**
 * Checks what nobody has saved yet. A pack that is not there is a finding too.
 *
 * @param id of the profile that it is a change of: what it holds already may stay
 * @throws AppError `not_found`
 */
export async function validateProfile(
  actor: Actor,
  { type, layers: inputs }: { type: ProfileType; layers: LayerInput[] },
  id?: string,
): Promise<ProfileReport> {
  authorize(actor, 'clusterProfile.get')
  const held = id === undefined ? [] : (await mustFind(actor, id)).layers
  const missing: Finding[] = []
  const resolved = await Promise.all(
    inputs.map(async (input, index) => {
      try {
        return await resolveLayer(actor.tenantId, input, index, held)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'invalid') throw error
        missing.push({ level: 'error', code: 'PackMissing', pack: input.name, message: error.message })
        return null
      }
    }),
  )
  const layers = resolved.filter((one) => one !== null)
  return {
    layers: inputs.map(({ name }) => layers.find((one) => one.name === name) ?? { name, displayName: name }),
    findings: [...missing, ...(await findingsOf(actor.tenantId, type, layers))],
  }
}
