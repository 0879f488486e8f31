import { gzipSync } from 'node:zlib'

import { type PackFiles, writeTar } from '../../lib/pack-format/archive'
import { digestOf, toOciPack } from '../../lib/pack-format/oci'
import { type Random, seeded } from './random'

/** The kinds of registries that are played: our server, one with Distribution's API alone, OCI, chart repository. */
export const FAULT_KINDS = ['pack', 'distribution', 'oci', 'helm'] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** What a version holds, before it is put into a kind's form: file → content. */
export interface Content {
  name: string
  version: string
  files: Record<string, string | Uint8Array>
}

/** One version in the form in which a registry of a kind has it. */
export interface Item {
  name: string
  version: string
  /** As the registry lists it. */
  digest: string
  tags: string[]
  /** The OCI manifest; empty with a chart repository. */
  manifest: Uint8Array
  /** By digest. `logo` marks a logo that is a blob of its own. */
  blobs: Map<string, { bytes: Uint8Array; isLogo: boolean }>
  /** With a chart repository: more keys of its entry in the index. */
  entry?: Record<string, unknown>
}

export type Catalog = readonly Item[]

const PNG_HEAD = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** A small version. Equal arguments make equal bytes. */
export function contentOf(name: string, version: string, random: Random): Content {
  const note = random.bytes(6).toString('hex')
  const manifest = { name, displayName: name, version, layer: 'addon', annotations: { note } }
  return {
    name,
    version,
    files: {
      'pack.json': JSON.stringify(manifest),
      'values.yaml': `pack:\n  name: ${name}\n  note: "${note}"\n`,
      'README.md': `# ${name}\n\nVersion ${version}, ${note}.\n`,
      'logo.png': Buffer.concat([PNG_HEAD, Buffer.from(`${name} ${note}`)]),
    },
  }
}

const toFiles = (files: Content['files'], folder = ''): PackFiles =>
  new Map(
    Object.entries(files).map(([path, text]) => [
      `${folder}${path}`,
      { bytes: Buffer.from(text), executable: false },
    ]),
  )

const blobsOf = (blobs: { digest: string; bytes: Uint8Array; mediaType: string }[]): Item['blobs'] =>
  new Map(
    blobs.map(({ digest, bytes, mediaType }) => [digest, { bytes, isLogo: mediaType.includes('.logo.') }]),
  )

/** A pack as our own server keeps it. */
export async function packItem({ name, version, files }: Content): Promise<Item> {
  const { manifest, blobs } = await toOciPack(toFiles(files))
  return {
    name,
    version,
    digest: manifest.digest,
    tags: [version],
    manifest: manifest.bytes,
    blobs: blobsOf(blobs),
  }
}

/** A pack as one archive in an OCI registry. @param tgz instead of the archive of its files */
export async function archiveItem({ name, version, files }: Content, tgz?: Uint8Array): Promise<Item> {
  const archive = tgz ?? gzipSync(await writeTar(toFiles(files, `${name}/`)))
  const config = Buffer.from('{}')
  const descriptor = (mediaType: string, bytes: Uint8Array) => ({
    ...{ mediaType, digest: digestOf(bytes), size: bytes.length },
  })
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: descriptor('application/vnd.unknown.config.v1+json', config),
      layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', archive)],
    }),
  )
  const blobs = [config, archive].map((bytes) => ({ digest: digestOf(bytes), bytes, mediaType: '' }))
  return { name, version, digest: digestOf(manifest), tags: [version], manifest, blobs: blobsOf(blobs) }
}

/** A chart of a chart repository. @param tgz instead of the archive of its files */
export async function chartItem({ name, version, files }: Content, tgz?: Uint8Array): Promise<Item> {
  const { 'pack.json': manifest, 'logo.png': _logo, ...rest } = files
  const note = /"note":"([^"]*)"/.exec(String(manifest))?.[1] ?? ''
  const chart = `apiVersion: v2\nname: ${name}\nversion: ${version}\ndescription: "${note}"\n`
  const archive = tgz ?? gzipSync(await writeTar(toFiles({ 'Chart.yaml': chart, ...rest }, `${name}/`)))
  const digest = digestOf(archive)
  const blobs = blobsOf([{ digest, bytes: archive, mediaType: '' }])
  return { name, version, digest, tags: [version], manifest: Buffer.alloc(0), blobs }
}

/** Puts a version into the form of a kind. */
export const itemFor = (kind: FaultKind, content: Content, tgz?: Uint8Array): Promise<Item> =>
  kind === 'helm' ? chartItem(content, tgz) : kind === 'oci' ? archiveItem(content, tgz) : packItem(content)

/** The new pack of the later catalog: what strikes one item strikes this one. */
export const VICTIM = { name: 'pack-new', version: '1.0.0' }

const PACKS = 6

/**
 * Two states of one catalog, the same for the same seed: in the later one a pack has one version more, one version has
 * other content, one is gone, and one pack is new.
 */
export async function catalogsOf(
  kind: FaultKind,
  seed: number,
): Promise<{ before: Catalog; after: Catalog }> {
  const random = seeded(seed)
  const make = (name: string, version: string) => itemFor(kind, contentOf(name, version, random))
  const before: Item[] = []
  for (let pack = 1; pack <= PACKS; pack++)
    for (const version of ['1.0.0', '1.1.0']) before.push(await make(`pack-${pack}`, version))
  const isOf = (name: string, version: string) => (one: Item) => one.name === name && one.version === version
  const changed = await make('pack-2', '1.1.0')
  const after = before
    .filter((one) => !isOf('pack-3', '1.0.0')(one))
    .map((one) => (isOf('pack-2', '1.1.0')(one) ? changed : one))
  after.push(await make('pack-1', '1.2.0'), await make(VICTIM.name, VICTIM.version))
  return { before, after }
}
