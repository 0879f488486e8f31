import { createHash } from 'node:crypto'

import { z } from 'zod'

import { checkCollisions, inChunks, PackError, type PackFiles, readTar, writeTar } from './archive'
import {
  OCI_MANIFEST,
  PACK_ARTIFACT_TYPE,
  PACK_MEDIA_TYPES,
  PART_FILES,
  TITLE_ANNOTATION,
} from './media-types'

export type PartName = keyof typeof PART_FILES

export interface Blob {
  digest: string
  mediaType: string
  bytes: Uint8Array
}

export const DIGEST = /^sha256:[0-9a-f]{64}$/

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Files that have a layer of their own, in the order of the layers. */
const PARTS = ['values', 'readme', 'schema', 'presets', 'logo'] as const
const FILES_TITLE = 'files.tar'

/**
 * A pack as it lies in a registry. The same files always give the same digest.
 *
 * @returns the manifest, and the blobs that it refers to, each once
 * @throws PackError without pack.json
 */
export async function toOciPack(
  files: PackFiles,
): Promise<{ manifest: { bytes: Uint8Array; digest: string }; blobs: Blob[] }> {
  const config = files.get(PART_FILES.manifest)
  if (!config) throw new PackError(PART_FILES.manifest, 'is missing')
  const rest: PackFiles = new Map(files)
  // The config is pack.json in any case. A layer has no mode: what is executable lies with the rest.
  if (!config.executable) rest.delete(PART_FILES.manifest)
  const layers: (Blob & { title: string })[] = []
  for (const part of PARTS) {
    const file = rest.get(PART_FILES[part])
    if (!file || file.executable) continue
    rest.delete(PART_FILES[part])
    layers.push({ ...toBlob(file.bytes, PACK_MEDIA_TYPES[part]), title: PART_FILES[part] })
  }
  if (rest.size > 0)
    layers.push({ ...toBlob(await writeTar(rest), PACK_MEDIA_TYPES.files), title: FILES_TITLE })

  const configBlob = toBlob(config.bytes, PACK_MEDIA_TYPES.manifest)
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: PACK_ARTIFACT_TYPE,
      config: descriptorOf(configBlob),
      layers: layers.map((layer) => ({
        ...descriptorOf(layer),
        annotations: { [TITLE_ANNOTATION]: layer.title },
      })),
    }),
  )
  const blobs = new Map([configBlob, ...layers].map((blob) => [blob.digest, blob]))
  return { manifest: { bytes, digest: digestOf(bytes) }, blobs: [...blobs.values()] }
}

const toBlob = (bytes: Uint8Array, mediaType: string): Blob => ({ digest: digestOf(bytes), mediaType, bytes })

const descriptorOf = ({ mediaType, digest, bytes }: Blob) => ({ mediaType, digest, size: bytes.length })

const Descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(DIGEST),
  size: z.number().int().min(0),
  annotations: z.record(z.string(), z.string()).optional(),
})
export type Descriptor = z.infer<typeof Descriptor>

const Manifest = z.object({
  schemaVersion: z.literal(2),
  artifactType: z.string().optional(),
  config: Descriptor,
  layers: z.array(Descriptor).max(100),
})

/** What a pack's manifest refers to. */
export interface OciPack {
  /** pack.json */
  config: Descriptor
  parts: Partial<Record<Exclude<PartName, 'manifest'>, Descriptor>>
  /** The tar of the rest. */
  files: Descriptor | null
}

/**
 * Reads a manifest of a pack.
 *
 * @throws PackError where it is no manifest, or not a pack's
 */
export function readOciManifest(bytes: Uint8Array): OciPack {
  let data: unknown
  try {
    data = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw new PackError('manifest', 'is no JSON')
  }
  const parsed = Manifest.safeParse(data)
  if (!parsed.success) throw new PackError('manifest', 'is no OCI image manifest')
  const { artifactType, config, layers } = parsed.data
  if (artifactType !== PACK_ARTIFACT_TYPE || config.mediaType !== PACK_MEDIA_TYPES.manifest)
    throw new PackError(
      'manifest',
      `is not a pack: its artifact type is ${JSON.stringify(artifactType ?? '')}`,
    )
  const pack: OciPack = { config, parts: {}, files: null }
  for (const layer of layers) {
    const part = PARTS.find((one) => PACK_MEDIA_TYPES[one] === layer.mediaType)
    if (part) pack.parts[part] = layer
    else if (layer.mediaType === PACK_MEDIA_TYPES.files) pack.files = layer
  }
  return pack
}

/**
 * A pack's files out of its blobs: the other way round of `toOciPack`.
 *
 * @param read gives a blob's bytes, checked against its digest
 * @throws PackError where the blobs contradict one another
 */
export async function fromOciPack(
  pack: OciPack,
  read: (descriptor: Descriptor, title: string) => Promise<Uint8Array>,
): Promise<PackFiles> {
  const files: PackFiles = new Map()
  const parts = { manifest: pack.config, ...pack.parts }
  for (const [part, descriptor] of Object.entries(parts) as [PartName, Descriptor][])
    files.set(PART_FILES[part], { bytes: await read(descriptor, PART_FILES[part]), executable: false })
  if (!pack.files) return files
  const tar = await read(pack.files, FILES_TITLE)
  for (const [path, file] of await readTar(inChunks(tar))) {
    const part = files.get(path)
    if (part && !Buffer.from(part.bytes).equals(file.bytes))
      throw new PackError(path, 'is there twice, with different content')
    files.set(path, file)
  }
  checkCollisions(files.keys())
  return files
}
