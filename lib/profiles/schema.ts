import type { Layer } from '../pack-format/manifest'

export type ProfileType = 'cluster' | 'infra' | 'add-on'
export type PackType = 'spectro' | 'helm' | 'oci' | 'manifest'

/** A layer as a person or program asks for it: by the pack's uid, or by name, tag and registry. */
export interface LayerInput {
  name: string
  packUid?: string
  tag?: string
  layer?: string
  type: PackType
  registryUid?: string
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
  variables: Record<string, unknown>[]
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
