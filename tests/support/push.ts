import type { PackFiles } from '@/lib/pack-format/archive'
import { OCI_MANIFEST } from '@/lib/pack-format/media-types'
import { digestOf, toOciPack } from '@/lib/pack-format/oci'

/** Sends a request to a registry; the path begins with a slash. */
export type Send = (method: string, path: string, init?: RequestInit) => Promise<Response>

export const sender =
  (base: string, credentials?: string): Send =>
  (method, path, init) =>
    fetch(base + path, {
      method,
      ...init,
      headers: {
        ...(credentials && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
        ...init?.headers,
      },
    })

export const toBody = (bytes: Uint8Array | string): BodyInit => Buffer.from(bytes) as unknown as BodyInit

/** The files of a small pack. `extra` are more of them, by path. */
export function packFiles(pack: Record<string, unknown>, extra: Record<string, string> = {}): PackFiles {
  const manifest = { displayName: 'Demo', layer: 'addon', ...pack }
  return new Map(
    Object.entries({ 'pack.json': JSON.stringify(manifest), ...extra }).map(([path, text]) => [
      path,
      { bytes: Buffer.from(text), executable: false },
    ]),
  )
}

export async function pushBlob(send: Send, repository: string, bytes: Uint8Array): Promise<Response> {
  return send('POST', `/v1/${repository}/blobs/uploads/?digest=${digestOf(bytes)}`, { body: toBody(bytes) })
}

export const pushManifest = (
  send: Send,
  repository: string,
  reference: string,
  bytes: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  send('PUT', `/v1/${repository}/manifests/${reference}`, {
    body: toBody(bytes),
    headers: { 'content-type': OCI_MANIFEST, ...headers },
  })

/** Pushes a pack as its manifest says. @returns the answer to the manifest, and the digest */
export async function pushPack(
  send: Send,
  files: PackFiles,
  { repository, tag, headers }: { repository?: string; tag?: string; headers?: Record<string, string> } = {},
) {
  const { name, version } = JSON.parse(Buffer.from(files.get('pack.json')?.bytes ?? '').toString())
  const { manifest, blobs } = await toOciPack(files)
  for (const { bytes } of blobs) await (await pushBlob(send, repository ?? name, bytes)).arrayBuffer()
  const response = await pushManifest(send, repository ?? name, tag ?? version, manifest.bytes, headers)
  return { response, digest: manifest.digest, bytes: manifest.bytes, blobs }
}
