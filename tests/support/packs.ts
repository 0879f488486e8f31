import type { PackFile, PackFiles } from '@/lib/pack-format/archive'
import { OCI_MANIFEST } from '@/lib/pack-format/media-types'
import { type Blob, toOciPack } from '@/lib/pack-format/oci'

interface PackInput {
  name: string
  version: string
  layer?: string
  values?: string
  readme?: string
  logo?: Uint8Array
  /** More keys of pack.json. */
  rest?: Record<string, unknown>
}

/** A PNG of 16 by 16 pixels. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAMAAAAoLQ9TAAAAA1BMVEUNbm7+1qT/AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADUlEQVQY02NgGAXIAAABEAAB7JfjegAAAABJRU5ErkJggg==',
  'base64',
)

/** The files of a small pack. */
export function packFiles({
  name,
  version,
  layer = 'addon',
  values,
  readme,
  logo,
  rest,
}: PackInput): PackFiles {
  const text = (content: string) => ({ bytes: Buffer.from(content), executable: false })
  return new Map<string, PackFile>([
    ['pack.json', text(JSON.stringify({ name, displayName: name, version, layer, ...rest }))],
    ['values.yaml', text(values ?? `pack:\n  version: "${version}"\n`)],
    ['README.md', text(readme ?? `# ${name}\n`)],
    ...(logo ? [['logo.png', { bytes: logo, executable: false }] satisfies [string, PackFile]] : []),
  ])
}

export interface Target {
  url: string
  user?: string
  password?: string
  /** The API's path; other servers than ours have `/v2`. */
  api?: '/v1' | '/v2'
  /** Replace a version that exists with other content. */
  force?: boolean
}

/**
 * Pushes a pack over HTTP as the OCI specification says it: each blob, then the manifest under each tag.
 *
 * @returns the digest of the manifest
 */
export async function push(
  { url, user, password, api = '/v1', force }: Target,
  name: string,
  tags: string[],
  pack: { manifest: { bytes: Uint8Array; digest: string }; blobs: Blob[] },
): Promise<string> {
  const headers: Record<string, string> = user
    ? { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
    : {}
  if (force) headers['packyard-force'] = 'true'
  const must = async (method: string, target: string | URL, type: string, body?: Uint8Array) => {
    const response = await fetch(target, {
      method,
      headers: { ...headers, 'content-type': type },
      body: body && new Uint8Array(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`)
    return response
  }
  const base = `${url}${api}/${name}`
  for (const { digest, bytes } of pack.blobs) {
    const begun = await must('POST', `${base}/blobs/uploads/`, 'application/octet-stream')
    const at = new URL(begun.headers.get('location') ?? '', url)
    at.searchParams.set('digest', digest)
    await must('PUT', at, 'application/octet-stream', bytes)
  }
  for (const tag of tags) await must('PUT', `${base}/manifests/${tag}`, OCI_MANIFEST, pack.manifest.bytes)
  return pack.manifest.digest
}

/** Makes a pack and pushes it under its version. @returns the digest of the manifest */
export const pushPack = async (target: Target, input: PackInput): Promise<string> =>
  push(target, input.name, [input.version], await toOciPack(packFiles(input)))

/** Deletes a version: the manifest, with all its tags. */
export async function deletePack({ url, user, password, api = '/v1' }: Target, name: string, digest: string) {
  const response = await fetch(`${url}${api}/${name}/manifests/${digest}`, {
    method: 'DELETE',
    headers: user ? { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } : {},
  })
  if (response.status !== 202) throw new Error(`DELETE: ${response.status} ${await response.text()}`)
}
