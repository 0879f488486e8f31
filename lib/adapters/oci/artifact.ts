import { z } from 'zod'

import { PackError } from '../../pack-format/archive'
import { OCI_INDEX, PACK_ARTIFACT_TYPE, TITLE_ANNOTATION } from '../../pack-format/media-types'
import { DIGEST, type OciPack, readOciManifest } from '../../pack-format/oci'
import type { OciSettings } from '../schema'

export const INDEX_TYPES = [OCI_INDEX, 'application/vnd.docker.distribution.manifest.list.v2+json']
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

const HELM_CONFIG = 'application/vnd.cncf.helm.config.v1+json'
/** The second is what Helm wrote before 3.7. */
const HELM_LAYERS = ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip']
/** What ORAS writes where nobody names a config: its 1.x in the form of OCI 1.0, and in that of OCI 1.1. */
const NO_CONFIG = ['application/vnd.unknown.config.v1+json', 'application/vnd.oci.empty.v1+json']
const IMAGE_CONFIG = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]

const Descriptor = z.object({
  mediaType: z.string().max(256).default(''),
  digest: z.string().regex(DIGEST),
  size: z.number().int().min(0),
  annotations: z.record(z.string(), z.string()).optional(),
})

const Manifest = z.object({
  artifactType: z.string().max(256).nullish(),
  config: Descriptor,
  layers: z.array(Descriptor).max(1000),
})

/** An archive that is one layer. */
export interface Archive {
  digest: string
  size: number
  /** What it is called, for people. */
  title: string
}

/** What lies under a tag: a pack as we push it, a pack as ORAS pushes an archive, a Helm chart, or none of them. */
export type Artifact =
  | { kind: 'pack'; pack: OciPack }
  | { kind: 'packed-pack'; archive: Archive }
  | { kind: 'chart'; archive: Archive }
  /** `what` ends the sentence "it is …". */
  | { kind: 'foreign'; what: string }

/**
 * Tells what an image manifest is.
 *
 * @throws PackError where it is a pack of ours, and not a sound one
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md
 */
export function readArtifact(bytes: Uint8Array): Artifact {
  let data: unknown
  try {
    data = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return { kind: 'foreign', what: 'no JSON' }
  }
  const parsed = Manifest.safeParse(data)
  if (!parsed.success) return { kind: 'foreign', what: 'no image manifest' }
  const { artifactType, config, layers } = parsed.data
  if (artifactType === PACK_ARTIFACT_TYPE) return { kind: 'pack', pack: readOciManifest(bytes) }
  const [layer, second] = layers
  if (config.mediaType === HELM_CONFIG) {
    const chart = layers.find((one) => HELM_LAYERS.includes(one.mediaType))
    if (!chart) throw new PackError('manifest', 'is that of a Helm chart without a chart')
    return { kind: 'chart', archive: toArchive(chart, 'chart.tgz') }
  }
  if (IMAGE_CONFIG.includes(config.mediaType)) return { kind: 'foreign', what: 'a container image' }
  if (!NO_CONFIG.includes(config.mediaType))
    return {
      kind: 'foreign',
      what: `an artifact of the type ${artifactType || config.mediaType || 'unknown'}`,
    }
  if (!layer || second)
    return { kind: 'foreign', what: `an artifact of ${layers.length} files, and not of one` }
  return { kind: 'packed-pack', archive: toArchive(layer, 'pack.tar.gz') }
}

const toArchive = ({ digest, size, annotations }: z.infer<typeof Descriptor>, name: string): Archive => ({
  digest,
  size,
  title: annotations?.[TITLE_ANNOTATION]?.slice(0, 200) || name,
})

const KIND_WORDS = { pack: 'a pack', 'packed-pack': 'a pack', chart: 'a Helm chart' } as const

/** Why an artifact is not what is read of this registry; null where it is. */
export function whyNot(artifact: Artifact, providerType: OciSettings['providerType']): string | null {
  if (artifact.kind === 'foreign') return artifact.what
  return (artifact.kind === 'chart') === (providerType === 'helm') ? null : KIND_WORDS[artifact.kind]
}
