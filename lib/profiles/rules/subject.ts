import type { Layer, PackManifest } from '../../pack-format/manifest'
import type { ValueRule } from '../../pack-format/value-schema'
import type { ProfileType } from '../schema'
import type { Variable } from '../variable'

type Constraints = NonNullable<PackManifest['constraints']>
export type Dependency = Pick<
  NonNullable<Constraints['dependencies']>[number],
  'packName' | 'layer' | 'type' | 'minVersion' | 'maxVersion'
>

/** What a pack needs of the machines: millicores, MiB, GB. */
export interface Resource {
  type: 'cpu' | 'memory' | 'diskSize'
  minLimit?: number | null | undefined
  components?: {
    scheduleType: 'all' | 'master' | 'control-plane' | 'worker'
    resourceRequestParamRef?: string | undefined
    replicaCountParamRef?: string | undefined
  }[]
}

/** What is known of a layer's pack besides what the layer holds. */
export interface PackFacts {
  /** The clouds that it is made for. Empty, or with `all`: every one. */
  cloudTypes: readonly string[]
  dependencies: readonly Dependency[]
  resources: readonly Resource[]
  /** Rules for its values. */
  schema: readonly ValueRule[]
  /** Its own values. */
  own: string
  state: 'active' | 'deprecated' | 'disabled' | 'deleted' | 'gone'
  /** A day, `2026-07-31`, or empty. */
  eol: string
  /** Of what its registry serves under this version now. */
  digest: string
}

export interface CheckedLayer {
  name: string
  displayName: string
  version: string
  layer: Layer
  type?: string
  values: string
  manifests?: readonly { name: string; content: string }[]
  /** Of what the layer holds. */
  digest?: string
  /** Absent where the catalog does not know the pack, or has not been asked yet. */
  pack?: PackFacts | undefined
}

/** What is checked: a profile, as far as rules look at it. */
export interface Subject {
  type: ProfileType
  cloudType: string
  layers: readonly CheckedLayer[]
  variables: readonly Variable[]
  /** Which versions of its packs the published version before this one has. */
  before?: readonly { name: string; version: string }[]
  /** Today, as `2026-01-31`: what has ended is told by it. */
  today: string
}

/** A pack that is there twice goes by `<its own name>--<pack name>`. */
export const packNameOf = (layerName: string): string => layerName.split('--').at(-1) ?? layerName
