import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { PackManifest } from '../pack-format/manifest'
import { UnreadablePack } from '../pack-format/pack-facts'
import type { ValuesProblem } from '../pack-format/values-problem'
import { openParser } from '../parser/parser'
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
  const [revisions, packs, problems] = await Promise.all([
    findHeldRevisions(tenantId, ids('packRevisionId')),
    findHeldPacks(tenantId, ids('packVersionId')),
    readLargeValues(layers),
  ])
  const manifests = new Map(revisions.map((one) => [one.id, PackManifest.safeParse(one.manifest).data]))
  const known = new Map(packs.map((one) => [one.id, one]))
  return checkProfile({
    type,
    layers: layers.map((layer) => {
      const pack = known.get(layer.packVersionId ?? '')
      return {
        ...layer,
        valuesProblem: problems.get(layer),
        dependencies: manifests.get(layer.packRevisionId ?? '')?.constraints?.dependencies ?? [],
        state: pack && (pack.goneAt ? 'gone' : pack.state),
      }
    }),
  })
}

/** Reading such values takes a few milliseconds. */
const SMALL_VALUES = 16 * 1024

/** Has large values read where they keep nobody else waiting: packs bring them, and not all packs mean well. */
async function readLargeValues(layers: readonly ProfileLayer[]) {
  const parser = openParser()
  const problems = new Map<ProfileLayer, ValuesProblem | null>()
  const large = layers.filter(({ values }) => values.length > SMALL_VALUES)
  await Promise.all(
    large.map(async (layer) => {
      try {
        problems.set(layer, JSON.parse(await parser.read('values', { text: Buffer.from(layer.values) })))
      } catch (error) {
        if (!(error instanceof UnreadablePack)) throw error
        const message = 'The values take too long to read, or too much memory. Make them smaller.'
        problems.set(layer, { code: 'ValuesNoYaml', message })
      }
    }),
  )
  return problems
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
