import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { UnreadablePack } from '../pack-format/pack-facts'
import type { ValuesProblem } from '../pack-format/values-problem'
import { openParser } from '../parser/parser'
import { factsOf } from './facts'
import { mustFind } from './find'
import { resolveLayer } from './resolve'
import { checkProfile } from './rules/check'
import { type Finding, toFinding } from './rules/finding'
import type { PackFacts, Subject } from './rules/subject'
import type { LayerInput, ProfileLayer, ProfileType } from './schema'
import { compareSemver } from './semver'
import { findPublished, findVersionsHeld } from './store'
import type { Variable } from './variable'

/** As much of a profile as rules look at. */
export interface Checkable {
  /** Absent for one that has no name yet. */
  name?: string
  version?: string
  projectId?: string | null
  type: ProfileType
  cloudType: string
  layers: readonly ProfileLayer[]
  variables: readonly Variable[]
}

interface Checked {
  findings: Finding[]
  facts: Map<ProfileLayer, PackFacts>
  before: NonNullable<Subject['before']>
}

/** What is wrong with layers that were found: the rules, with what the catalog knows of the packs now. */
export async function findingsOf(tenantId: string, profile: Checkable): Promise<Checked> {
  const facts = await factsOf(tenantId, profile.layers)
  const isBounded = [...facts.values()].some((one) => one.dependencies.some(({ type }) => type === 'upgrade'))
  const before = isBounded ? await findBefore(tenantId, profile) : []
  const { type, cloudType, variables } = profile
  const findings = await check({
    ...{ type, cloudType, variables, before },
    today: new Date().toISOString().slice(0, 10),
    layers: profile.layers.map(
      ({ name, displayName, version, layer, type, values, manifests, digest }, at) => ({
        ...{ name, displayName, version, layer, type, values, manifests, digest },
        pack: facts.get(profile.layers[at] as ProfileLayer),
      }),
    ),
  })
  return { findings, facts, before }
}

/** The layers of the newest published version before this one. */
async function findBefore(tenantId: string, { name, version, projectId = null }: Checkable) {
  if (!name || !version) return []
  const older = (await findPublished(tenantId, projectId, name))
    .filter((one) => compareSemver(one.version, version) < 0)
    .sort((a, b) => compareSemver(b.version, a.version))
  return older[0] ? findVersionsHeld(tenantId, older[0].id) : []
}

/** Reading such texts takes a few milliseconds. */
const SMALL_TEXTS = 16 * 1024

/** Large texts are read where they keep nobody else waiting: packs bring them, and not all packs mean well. */
async function check(subject: Subject): Promise<Finding[]> {
  const size = subject.layers.reduce((sum, one) => sum + sizeOf(one), 0)
  if (size <= SMALL_TEXTS) return checkProfile(subject)
  const parser = openParser()
  try {
    return JSON.parse(await parser.read('profile', { json: Buffer.from(JSON.stringify(subject)) }))
  } catch (error) {
    if (!(error instanceof UnreadablePack)) throw error
    return checkOneByOne(subject)
  }
}

const sizeOf = ({ values, manifests = [], pack }: Subject['layers'][number]) =>
  values.length + (pack?.own.length ?? 0) + manifests.reduce((sum, one) => sum + one.content.length, 0)

/** One of the texts is too much for a reader: which one is found out, and the others are checked without it. */
async function checkOneByOne(subject: Subject): Promise<Finding[]> {
  const parser = openParser()
  const problems: Finding[] = []
  const layers = await Promise.all(
    subject.layers.map(async (layer) => {
      if (sizeOf(layer) <= SMALL_TEXTS) return layer
      try {
        const text = [
          layer.values,
          layer.pack?.own ?? '',
          ...(layer.manifests ?? []).map((one) => one.content),
        ]
        for (const one of text)
          JSON.parse(await parser.read('values', { text: Buffer.from(one) })) as ValuesProblem | null
        return layer
      } catch (error) {
        if (!(error instanceof UnreadablePack)) throw error
        problems.push(
          toFinding({
            code: 'ValuesNoYaml',
            pack: layer.name,
            what: 'The values take too long to read, or too much memory.',
            why: 'What cannot be read cannot be installed.',
            mend: 'Make them smaller.',
          }),
        )
        return {
          ...layer,
          values: '',
          manifests: [],
          pack: layer.pack && { ...layer.pack, schema: [], own: '' },
        }
      }
    }),
  )
  try {
    const json = Buffer.from(JSON.stringify({ ...subject, layers }))
    return [...problems, ...JSON.parse(await parser.read('profile', { json }))]
  } catch (error) {
    if (!(error instanceof UnreadablePack)) throw error
    const what = 'The texts of this profile take too long to read together, or too much memory.'
    return [...problems, toFinding({ code: 'ProfileTooLarge', what, mend: 'Make them smaller.' })]
  }
}

export interface ProfileReport {
  layers: { name: string; displayName: string }[]
  findings: Finding[]
  /** What is known of the packs, by the layer's name: with it the rules can be asked again without the catalog. */
  facts: { pack: string; facts: PackFacts }[]
  before: NonNullable<Subject['before']>
}

export interface ProfileToCheck {
  type: ProfileType
  cloudType: string
  layers: LayerInput[]
  /** Absent: those that the profile has. */
  variables?: Variable[]
}

/**
 * Checks what nobody has saved yet. A pack that is not there is a finding too.
 *
 * @param id of the profile that it is a change of: what it holds already may stay
 * @throws AppError `not_found`
 */
export async function validateProfile(
  actor: Actor,
  { type, cloudType, layers: inputs, variables }: ProfileToCheck,
  id?: string,
): Promise<ProfileReport> {
  authorize(actor, 'clusterProfile.get')
  const profile = id === undefined ? null : await mustFind(actor, id)
  const missing: Finding[] = []
  const resolved = await Promise.all(
    inputs.map(async (input, index) => {
      try {
        return await resolveLayer(actor.tenantId, input, index, profile?.layers ?? [])
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'invalid') throw error
        missing.push(toFinding({ code: 'PackMissing', pack: input.name, what: error.message, mend: '' }))
        return null
      }
    }),
  )
  const layers = resolved.filter((one) => one !== null)
  const { findings, facts, before } = await findingsOf(actor.tenantId, {
    ...(profile && { name: profile.name, version: profile.version, projectId: profile.projectId }),
    ...{ type, cloudType: profile?.cloudType ?? cloudType, layers },
    variables: variables ?? profile?.variables ?? [],
  })
  return {
    layers: inputs.map(({ name }) => layers.find((one) => one.name === name) ?? { name, displayName: name }),
    findings: [...missing, ...findings],
    facts: [...facts].map(([layer, one]) => ({ pack: layer.name, facts: one })),
    before,
  }
}
