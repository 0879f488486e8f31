import { z } from 'zod'
import { Name } from '../access/schema'
import type { Layer } from '../pack-format/manifest'
import type { Variable } from './variable'

/** Strict: `1.2.3`, `1.2.3-rc.1`. @see https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
export const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/

export const FIRST_VERSION = '1.0.0'

/** Absent or empty: the first version. */
export const ProfileVersion = z
  .string()
  .trim()
  .max(64, 'Use at most 64 characters')
  .transform((text) => text || FIRST_VERSION)
  .refine((text) => SEMVER.test(text), 'Use three numbers, such as 1.2.3 or 1.2.3-rc.1')

export const ProfileName = Name

export const PROFILE_TYPES = ['cluster', 'infra', 'add-on'] as const

export type ProfileType = (typeof PROFILE_TYPES)[number]
export type PackType = 'spectro' | 'helm' | 'oci' | 'manifest'

/** A layer as a person or program asks for it: by the pack's uid, or by name, tag and registry. */
export interface LayerInput {
  name: string
  packUid?: string
  tag?: string
  layer?: string
  type: PackType
  registryUid?: string
  /** Of the content that was seen. Another one than a layer holds: what the registry serves now is taken. */
  digest?: string
  /** Absent: the pack's own. */
  values?: string
  manifests?: { name: string; content?: string; uid?: string }[]
}

export interface ProfileInput {
  name: string
  /** Strict semantic version. */
  version: string
  type: ProfileType
  cloudType: string
  labels: Record<string, string>
  annotations: Record<string, string>
  layers: LayerInput[]
  variables: Variable[]
}

export interface LayerManifest {
  uid: string
  name: string
  content: string
}

/** A layer as it is kept: enough to open the profile when its registry is gone. */
export interface ProfileLayer {
  name: string
  displayName: string
  layer: Layer
  type: PackType
  registryId: string | null
  packVersionId: string | null
  packRevisionId: string | null
  tag: string
  version: string
  digest: string
  values: string
  manifests: LayerManifest[]
}

export const PROFILE_ORDERS = [
  'profileName',
  'environment',
  'profileType',
  'creationTimestamp',
  'lastModifiedTimestamp',
] as const

/** Which profiles someone wants to see. The parts are "and", a list is "any of", an empty one is all. */
export interface ProfilesWanted {
  name?: { eq?: string; ne?: string; contains?: string; beginsWith?: string; ignoreCase: boolean }
  types: string[]
  cloudTypes: string[]
  order: { field: (typeof PROFILE_ORDERS)[number]; descending: boolean }[]
}
