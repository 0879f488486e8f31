import type { Answer, Request } from '@/lib/client/call'
import type { Layer } from '@/lib/pack-format/manifest'
import { compareVersions } from '@/lib/pack-format/tag'
import { CORE_LAYERS, inStackOrder } from '@/lib/profiles/rules/layers'
import type { ProfileType } from '@/lib/profiles/schema'
import { toLabels, toTags } from '@/lib/profiles/tags'
import { MASK, type Variable } from '@/lib/profiles/variable'

export interface DraftManifest {
  uid?: string
  name: string
  content: string
}

/** A layer as it is in the builder. Its name is its identity: one a stack. */
export interface DraftLayer {
  name: string
  displayName: string
  layer: Layer
  type: 'spectro' | 'helm' | 'oci' | 'manifest'
  packUid: string
  registryUid: string
  /** A version, or a track such as `1.33.x`. */
  tag: string
  /** What the tag stands for now. */
  version: string
  digest: string
  logoUrl: string
  values: string
  manifests: DraftManifest[]
  /** Why the pack cannot be used any more; empty while it can. */
  invalidReason: string
}

export interface Draft {
  name: string
  version: string
  description: string
  type: ProfileType
  cloudType: string
  tags: string[]
  /** From the bottom of the stack up. */
  layers: DraftLayer[]
  /** In the order in which they are asked for. */
  variables: Variable[]
}

/** The stored profile that a draft was made from. */
export interface Base {
  uid: string
  revision: number
  annotations: Record<string, string>
  savedTime: string
}

export const NEW_DRAFT: Draft = {
  name: '',
  version: '1.0.0',
  description: '',
  type: 'cluster',
  cloudType: 'all',
  tags: [],
  layers: [],
  variables: [],
}

export type Profile = Answer<'readProfile'>

/** A profile's layers and what is written about it, whichever of draft and published it is. */
export const templateOf = (profile: Profile) => profile.spec.draft ?? profile.spec.published

/** @param manifests the text of inline manifests, by the manifest's uid */
export function toDraft(
  profile: Profile,
  manifests: Readonly<Record<string, string>> = {},
  variables: Variable[] = [],
): Draft {
  const template = templateOf(profile)
  const { displayNames } = profile.spec.packyard
  return {
    name: profile.metadata.name,
    version: profile.spec.version,
    description: profile.metadata.annotations?.description ?? '',
    type: (template?.type ?? 'cluster') as ProfileType,
    cloudType: template?.cloudType ?? 'all',
    tags: toTags(profile.metadata.labels ?? {}),
    variables,
    layers: inStackOrder(
      (template?.packs ?? []).map((pack) => ({
        name: pack.name,
        displayName: displayNames[pack.name] ?? pack.name,
        layer: pack.layer,
        type: pack.type,
        packUid: pack.packUid,
        registryUid: pack.registryUid,
        tag: pack.tag,
        version: pack.version,
        digest: pack.digest,
        logoUrl: pack.logo,
        values: pack.values,
        manifests: pack.manifests.map(({ uid, name }) => ({ uid, name, content: manifests[uid] ?? '' })),
        invalidReason: pack.isInvalid ? pack.inValidReason || 'This pack cannot be used any more.' : '',
      })),
    ),
  }
}

export const toBase = (profile: Profile): Base => ({
  uid: profile.metadata.uid,
  revision: profile.spec.packyard.revision,
  annotations: profile.metadata.annotations ?? {},
  savedTime: profile.metadata.lastModifiedTimestamp ?? '',
})

const toPacks = (layers: readonly DraftLayer[]) =>
  layers.map((one) => ({
    name: one.name,
    type: one.type,
    layer: one.layer,
    values: one.values,
    ...(one.type !== 'manifest' && {
      ...{ uid: one.packUid, tag: one.tag, registryUid: one.registryUid },
      ...(one.digest && { digest: one.digest }),
    }),
    manifests: one.manifests,
  }))

const metadataOf = (draft: Draft, annotations: Record<string, string>) => ({
  name: draft.name.trim(),
  labels: toLabels(draft.tags),
  annotations: { ...annotations, description: draft.description.trim() },
})

/** @param from the profile that it was made from, which knows the masked defaults */
export const toCreate = (draft: Draft, from = ''): Request<'createProfile'>['body'] => ({
  metadata: metadataOf(draft, {}),
  spec: {
    version: draft.version.trim(),
    template: { type: draft.type, cloudType: draft.cloudType, packs: toPacks(draft.layers) },
    variables: draft.variables,
    ...(from && { packyard: { from } }),
  },
})

/** What can be set when a profile is changed: where it runs stays. */
export const toUpdate = (draft: Draft, base: Base): Request<'updateProfile'>['body'] => ({
  metadata: metadataOf(draft, base.annotations),
  spec: {
    version: draft.version.trim(),
    template: { type: draft.type, packs: toPacks(draft.layers) },
    packyard: { revision: base.revision, variables: draft.variables },
  },
})

/** Whether two drafts say the same. */
export const isSameDraft = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [x, y] = [Object.entries(a), Object.entries(b)]
  return (
    x.length === y.length &&
    x.every(([key, value]) => isSameDraft(value, (b as Record<string, unknown>)[key]))
  )
}

/** As it is once it is kept: masked defaults cannot be read any more. */
export const withMasks = (draft: Draft): Draft =>
  draft.variables.some((one) => one.isSensitive && one.defaultValue && one.defaultValue !== MASK)
    ? {
        ...draft,
        variables: draft.variables.map((one) =>
          one.isSensitive && one.defaultValue ? { ...one, defaultValue: MASK } : one,
        ),
      }
    : draft

/** The core layers that wait for a pack. */
export const emptyPlaces = ({ type, layers }: Draft): Layer[] =>
  type === 'add-on' ? [] : CORE_LAYERS.filter((layer) => !layers.some((one) => one.layer === layer))

/** Puts a layer in its place of the stack, or in the place of another. */
export function putLayer(draft: Draft, layer: DraftLayer, replacing?: string): Draft {
  const at = draft.layers.findIndex((one) => one.name === (replacing ?? layer.name))
  const layers = at < 0 ? [...draft.layers, layer] : draft.layers.with(at, layer)
  return { ...draft, layers: inStackOrder(layers) }
}

export const changeLayer = (draft: Draft, name: string, change: Partial<DraftLayer>): Draft => ({
  ...draft,
  layers: draft.layers.map((one) => (one.name === name ? { ...one, ...change } : one)),
})

export const removeLayer = (draft: Draft, name: string): Draft => ({
  ...draft,
  layers: draft.layers.filter((one) => one.name !== name),
})

/** Up or down among the layers of its kind: add-ons are installed from the bottom up. */
export function moveLayer(draft: Draft, name: string, by: 1 | -1): Draft {
  const at = draft.layers.findIndex((one) => one.name === name)
  const [held, other] = [draft.layers[at], draft.layers[at + by]]
  if (!held || held.layer !== other?.layer) return draft
  return { ...draft, layers: draft.layers.with(at, other).with(at + by, held) }
}

/** Where one is in the builder. Part of the address. */
export type Place = 'basics' | 'variables' | 'add' | 'review' | `place:${Layer}` | `layer:${string}`

/** The places from the bottom of the stack to the review, in the order in which one builds. */
export function placesOf(draft: Draft): Place[] {
  const core: Place[] = CORE_LAYERS.flatMap((layer): Place[] => {
    const held = draft.layers.filter((one) => one.layer === layer).map((one): Place => `layer:${one.name}`)
    return held.length > 0 || draft.type === 'add-on' ? held : [`place:${layer}`]
  })
  const isCore = (layer: Layer) => (CORE_LAYERS as readonly Layer[]).includes(layer)
  const others = draft.layers.filter((one) => !isCore(one.layer)).map((one): Place => `layer:${one.name}`)
  return [
    'basics',
    ...core,
    ...others,
    ...(draft.type === 'infra' ? [] : ['add' as const]),
    'variables',
    'review',
  ]
}

/** The place itself, or the beginning when it is no more. */
export const placeIn = (draft: Draft, wanted: string | null): Place =>
  placesOf(draft).find((one) => one === wanted) ?? 'basics'

/** The version after the newest of those that there are. */
export function nextVersion(versions: readonly string[]): string {
  const newest = [...versions].sort(compareVersions).at(-1) ?? '0.0.0'
  const [major = 0, minor = 0, patch = 0] = (/^\d+\.\d+\.\d+/.exec(newest)?.[0] ?? '1.0.0')
    .split('.')
    .map(Number)
  return `${major}.${minor}.${patch + 1}`
}
