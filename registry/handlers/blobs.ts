import { isRaster, sniffImage } from '@/lib/pack-format/logo'
import type { Call, Handler } from '../call'
import { isHeld } from '../conditional'
import { RegistryError } from '../errors'
import { readRange } from '../range'

const SNIFF_BYTES = 64
/** A blob of up to so many bytes is read at once: cheaper than a stream. */
const WHOLE_BYTES = 256 * 1024

/**
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs
 */
export const getBlob: Handler<'blob'> = async (call) => {
  const { route, request, reply, storage } = call
  const { repository, digest } = route
  const bytes = storage.catalog.get(repository)?.blobs.get(digest)
  if (bytes === undefined)
    throw new RegistryError('BLOB_UNKNOWN', `${repository} holds no blob ${digest}`, { detail: { digest } })

  const etag = `"${digest}"`
  reply
    .header('docker-content-digest', digest)
    .header('etag', etag)
    .header('cache-control', 'private, max-age=31536000, immutable')
    .header('accept-ranges', 'bytes')
    // Whatever somebody pushed must not run in the origin of whoever looks at it.
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('content-type', await typeOf(call))
  if (isHeld(request.headers['if-none-match'], etag)) return reply.code(304).send()

  const range = readRange(request.headers.range, bytes)
  if (range === 'unsatisfiable') {
    throw new RegistryError('RANGE_INVALID', `The blob has ${bytes} bytes`, {
      headers: { 'content-range': `bytes */${bytes}` },
    })
  }
  const { start, end } = range ?? { start: 0, end: bytes - 1 }
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`)
  const length = end - start + 1
  reply.header('content-length', length)
  if (request.method === 'HEAD') return reply.send()
  if (length === 0) return reply.send(Buffer.alloc(0))
  if (length === bytes && bytes <= WHOLE_BYTES) return reply.send(await storage.content.read(digest))
  return reply.send(await storage.content.stream(digest, start, end))
}

/** The type that was asked for by `?type=`, when the bytes are such an image; otherwise plain bytes. */
async function typeOf({ query, route, storage }: Call<'blob'>): Promise<string> {
  if (query.get('type')?.startsWith('image/')) {
    const type = sniffImage(await storage.content.head(route.digest, SNIFF_BYTES))
    if (isRaster(type)) return type
  }
  return 'application/octet-stream'
}

/** Blobs are shared by manifests: they go when the space is collected, not one by one. */
export const deleteBlob: Handler<'blob'> = () => {
  throw new RegistryError(
    'UNSUPPORTED',
    'Blobs are not deleted one by one. Delete the manifests that refer to them',
  )
}
