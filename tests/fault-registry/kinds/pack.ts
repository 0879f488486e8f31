import { CONTENT_FRAMES, frameLine } from '../../../lib/pack-format/content-frames'
import { digestOf } from '../../../lib/pack-format/oci'
import type { Catalog } from '../catalog'
import { answer, json, type Request } from '../http'
import type { Served } from '.'
import { answerDistribution } from './oci'

/** The lines of our server's listing. */
export const listingOf = (catalog: Catalog): string[] => [
  ...[...catalog]
    .sort((a, b) => (a.name < b.name || (a.name === b.name && a.version < b.version) ? -1 : 1))
    .map(({ name, version, digest, tags }) => JSON.stringify({ name, version, digest, tags })),
  JSON.stringify({ end: true, count: catalog.length }),
]

export const etagOf = (catalog: Catalog): string =>
  `"${digestOf(Buffer.from(listingOf(catalog).join())).slice(7, 23)}"`

/** Our server's API, or with `isOurs` false as much of it as Distribution has. @see docs/registry-sync.md */
export function answerPack(catalog: Catalog, request: Request, isOurs: boolean): Served {
  const { method, path, headers } = request
  if (!isOurs || !path.startsWith('/v1/_packyard/')) return answerDistribution(catalog, request, '/v1/')
  if (path === '/v1/_packyard/catalog') {
    const etag = etagOf(catalog)
    const body = `${listingOf(catalog).join('\n')}\n`
    return {
      endpoint: 'catalog',
      answer:
        headers['if-none-match'] === etag
          ? answer(304, '', { etag })
          : answer(200, body, { etag, 'content-type': 'application/x-ndjson' }),
    }
  }
  if (path === '/v1/_packyard/contents' && method === 'POST')
    return {
      endpoint: 'contents',
      answer: answer(200, framesOf(catalog, request), { 'content-type': CONTENT_FRAMES }),
    }
  return { endpoint: 'other', answer: json({ errors: [{ code: 'NOT_FOUND' }] }) }
}

function framesOf(catalog: Catalog, { body }: Request): Buffer {
  const { packs = [], held = [] } = JSON.parse(body.toString()) as {
    packs: { name: string; digest: string }[]
    held: string[]
  }
  const sent = new Set(held)
  const frames: Buffer[] = []
  const addBlob = (digest: string, bytes: Uint8Array) => {
    if (sent.has(digest)) return
    sent.add(digest)
    frames.push(Buffer.from(frameLine({ blob: digest, size: bytes.length })), Buffer.from(bytes))
  }
  for (const { name, digest } of packs) {
    const item = catalog.find((one) => one.name === name && one.digest === digest)
    if (item) {
      addBlob(digest, item.manifest)
      for (const [each, { bytes }] of item.blobs) addBlob(each, bytes)
    }
    frames.push(
      Buffer.from(frameLine({ pack: name, digest, ...(!item && { error: 'There is no such pack here' }) })),
    )
  }
  return Buffer.concat([...frames, Buffer.from(frameLine({ end: true }))])
}
