import { packTypeOf } from '../catalog/pack-type'
import {
  findContents,
  findRevisions,
  findVersion,
  findVersions,
  type VersionRow,
} from '../catalog/store/versions'
import { newestFirst } from '../catalog/version-key'
import { AppError } from '../errors'
import { LAYERS } from '../pack-format/layers'
import { tracksOf } from '../pack-format/tag'
import { newUid } from '../uid'
import type { LayerInput, LayerManifest, ProfileLayer } from './schema'

const MAX_VERSIONS = 10_000

/**
 * Finds the packs that layers ask for.
 *
 * @param held layers that the profile has already
 * @throws AppError `invalid` at the layer's field: a pack that is not there, or is there twice
 */
export async function resolveLayers(
  tenantId: string,
  inputs: readonly LayerInput[],
  held: readonly ProfileLayer[],
): Promise<ProfileLayer[]> {
  inputs.forEach(({ name }, index) => {
    if (inputs.findIndex((one) => one.name === name) === index) return
    const message = `${name} is in the profile already. Remove one, or call the second one "second--${name}".`
    throw new AppError('invalid', message, { fields: { [`spec.template.packs.${index}.name`]: message } })
  })
  return Promise.all(inputs.map((input, index) => resolveLayer(tenantId, input, index, held)))
}

/**
 * Finds the pack that a layer asks for: by its uid, or by name, tag (a version, a track such as `1.33.x`, a label) and
 * registry. What is found is kept with version, digest and values; a layer that stays keeps what it held, although the
 * registry may have got other content under the same version.
 *
 * @param held layers that the profile has already: a pack that left its registry may stay
 * @throws AppError `invalid` at the layer's field
 */
export async function resolveLayer(
  tenantId: string,
  input: LayerInput,
  index: number,
  held: readonly ProfileLayer[],
): Promise<ProfileLayer> {
  const field = `spec.template.packs.${index}`
  const refuse = (message: string, part = ''): never => {
    throw new AppError('invalid', message, { fields: { [`${field}${part}`]: message } })
  }
  if (input.type === 'manifest') return manifestLayer(input, held)

  const version = await findPack(tenantId, input)
  if (!version) {
    const same = held.find((one) => one.name === input.name && (!input.tag || one.tag === input.tag))
    if (same)
      return {
        ...same,
        values: input.values === undefined ? same.values : trimmed(input.values),
        manifests: toManifests(input, same.manifests),
      }
    return refuse(
      `There is no pack ${input.name}${input.tag ? ` ${input.tag}` : ''} in the catalog. Choose one that is there.`,
    )
  }
  const same = held.find((one) => one.name === input.name && one.packVersionId === version.id)
  const isAsHeld = same && (!input.digest || input.digest === same.digest)
  if (input.name.split('--').at(-1) !== version.name)
    refuse(`This uid is of the pack ${version.name}, not of ${input.name}.`, '.name')
  const stands = input.tag === same?.tag || standsFor(input.tag, version)
  if (input.tag && !stands)
    refuse(`This uid is of ${version.name} ${version.version}, not of ${input.tag}.`, '.tag')
  if (isAsHeld)
    return {
      ...same,
      tag: input.tag || same.tag,
      values: input.values === undefined ? same.values : trimmed(input.values),
      manifests: toManifests(input, same.manifests),
    }
  const { state } = version
  if (state === 'disabled' || state === 'deleted' || version.goneAt)
    refuse(
      `${version.displayName} ${version.version} is ${version.goneAt ? 'gone from its registry' : state} and cannot be chosen any more.`,
      '.tag',
    )
  const [revision] = await findRevisions(tenantId, [version.revisionId])
  if (!revision) return refuse('This pack has no content. Sync its registry.')
  const defaults = revision.valuesDigest
    ? (await findContents(tenantId, [revision.valuesDigest])).get(revision.valuesDigest)
    : undefined
  return {
    name: input.name,
    displayName: version.displayName,
    layer: version.layer as ProfileLayer['layer'],
    type: packTypeOf(version.registry.kind),
    registryId: version.registryId,
    packVersionId: version.id,
    packRevisionId: revision.id,
    tag: input.tag || version.version,
    version: version.version,
    digest: version.digest,
    values: trimmed(input.values ?? (defaults ? Buffer.from(defaults).toString('utf8') : '')),
    manifests: toManifests(input, same?.manifests ?? []),
  }
}

/** Texts are kept without white space at their end: clients of the original cut it and compare. */
const trimmed = (text: string) => text.trimEnd()

const standsFor = (tag = '', { version, tags }: VersionRow) =>
  tag === version || tags.some((one) => one.tag === tag) || tracksOf(version).includes(tag)

async function findPack(tenantId: string, input: LayerInput) {
  if (input.packUid && /^[0-9a-f]{24}$/.test(input.packUid)) {
    const found = await findVersion(tenantId, input.packUid)
    if (found) return found
  }
  // A pack that is there twice goes by `<its own name>--<pack name>`.
  const name = input.name.split('--').at(-1)
  const versions = await findVersions(
    tenantId,
    { name, registryId: input.registryUid || undefined },
    { take: MAX_VERSIONS },
  )
  const fitting = input.tag
    ? versions.filter((one) => one.version === input.tag || one.tags.some((tag) => tag.tag === input.tag))
    : versions
  return [...fitting].sort(newestFirst)[0] ?? null
}

function manifestLayer(input: LayerInput, held: readonly ProfileLayer[]): ProfileLayer {
  const same = held.find((one) => one.type === 'manifest' && one.name === input.name)
  const layer = LAYERS.find((one) => one === input.layer) ?? 'addon'
  return {
    name: input.name,
    displayName: input.name,
    layer,
    type: 'manifest',
    registryId: null,
    packVersionId: null,
    packRevisionId: null,
    tag: input.tag ?? '',
    version: input.tag ?? '',
    digest: '',
    values: trimmed(input.values ?? ''),
    manifests: toManifests(input, same?.manifests ?? []),
  }
}

/** A manifest that comes with its uid and without a text keeps the text that it has. */
const toManifests = (input: LayerInput, held: readonly LayerManifest[]): LayerManifest[] =>
  input.manifests?.map(({ name, content, uid }) => ({
    uid: uid || newUid(),
    name,
    content: trimmed(content ?? held.find((one) => one.uid === uid)?.content ?? ''),
  })) ?? [...held]
