import { gzipSync } from 'node:zlib'

import { type PackFiles, writeTar } from '@/lib/pack-format/archive'
import { digestOf } from '@/lib/pack-format/oci'

import { toBody } from './push'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const EMPTY = Buffer.from('{}')

export interface Pushed {
  config?: { mediaType: string; bytes?: Uint8Array }
  layers: { mediaType: string; bytes: Uint8Array; title?: string }[]
  artifactType?: string
}

/** Where to push to; `authorization` as the header says it. */
export interface Target {
  url: string
  authorization?: string
}

async function send({ url, authorization }: Target, method: string, path: string, init: RequestInit = {}) {
  const headers = { ...(authorization && { authorization }), ...(init.headers as Record<string, string>) }
  const response = await fetch(new URL(path, url), { method, ...init, headers })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
  return response
}

async function pushBlob(target: Target, repository: string, bytes: Uint8Array): Promise<void> {
  const started = await send(target, 'POST', `/v2/${repository}/blobs/uploads/`)
  const to = new URL(started.headers.get('location') ?? '', target.url)
  to.searchParams.set('digest', digestOf(bytes))
  const headers = { 'content-type': 'application/octet-stream' }
  await send(target, 'PUT', to.href, { body: toBody(bytes), headers })
}

/** Pushes any manifest as it is. @returns its digest */
export async function pushManifest(
  target: Target,
  repository: string,
  tag: string,
  manifest: object,
  mediaType = MANIFEST,
): Promise<string> {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...manifest }))
  await send(target, 'PUT', `/v2/${repository}/manifests/${tag}`, {
    body: toBody(bytes),
    headers: { 'content-type': mediaType },
  })
  return digestOf(bytes)
}

/** Pushes an artifact, as ORAS does. @returns the digest of its manifest */
export async function pushOci(
  target: Target,
  repository: string,
  tag: string,
  { config = { mediaType: 'application/vnd.unknown.config.v1+json' }, layers, artifactType }: Pushed,
): Promise<string> {
  const configBytes = config.bytes ?? EMPTY
  for (const bytes of [configBytes, ...layers.map((layer) => layer.bytes)])
    await pushBlob(target, repository, bytes)
  const descriptorOf = (mediaType: string, bytes: Uint8Array) => ({
    ...{ mediaType, digest: digestOf(bytes), size: bytes.length },
  })
  return pushManifest(target, repository, tag, {
    ...(artifactType && { artifactType }),
    config: descriptorOf(config.mediaType, configBytes),
    layers: layers.map(({ mediaType, bytes, title }) => ({
      ...descriptorOf(mediaType, bytes),
      ...(title && { annotations: { 'org.opencontainers.image.title': title } }),
    })),
  })
}

/** Files below one directory, as `tar -czf` packs it. */
export async function toTgz(folder: string, files: PackFiles): Promise<Uint8Array> {
  const moved = new Map([...files].map(([path, file]) => [folder ? `${folder}/${path}` : path, file]))
  return gzipSync(await writeTar(moved))
}

/** A pack's archive as ORAS pushes it: one layer of the media type that ORAS gives to a file. */
export const asOras = (bytes: Uint8Array, title: string): Pushed => ({
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', bytes, title }],
})

/** A packed chart as `helm push` does it. */
export const asChart = (bytes: Uint8Array): Pushed => ({
  config: { mediaType: 'application/vnd.cncf.helm.config.v1+json' },
  layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', bytes }],
})

/** A container image, as far as a registry looks. */
export const anImage: Pushed = {
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', bytes: Buffer.from('{"os":"linux"}') },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', bytes: gzipSync('layer') }],
}
