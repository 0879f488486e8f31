import { isRaster, sniffImage } from '@/lib/pack-format/logo'
import type { Call, Handler } from '../call'
import { isHeld } from '../conditional'
import { RegistryError } from '../errors'
import { readManifest } from '../manifest'
import { readRange } from '../range'
import type { Content } from '../storage/content'
import type { Repository } from '../storage/repository'

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
  if (bytes === undefined) throw unknown(repository, digest)
  // A client that finds it here does not send it again before it refers to it.
  if (request.method === 'HEAD') storage.collector.touch(repository, digest)

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

/**
 * Takes a blob out of the repository, unless a manifest there needs it: what can be pulled stays whole.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#deleting-blobs
 */
export const deleteBlob: Handler<'blob'> = async ({ route, reply, storage, config, actor }) => {
  const { repository, digest } = route
  if (!config.storage.delete.enabled)
    throw new RegistryError('UNSUPPORTED', 'Nothing is deleted here: storage.delete.enabled is false')
  await storage.exclusively(repository, async () => {
    const held = storage.catalog.get(repository)
    if (!held?.blobs.has(digest)) throw unknown(repository, digest)
    const user = await findUser(held, digest, storage.content)
    if (user)
      throw new RegistryError('DENIED', `The manifest ${user} needs this blob. Delete the manifest first`, {
        status: 409,
        detail: { manifest: user },
      })
    await storage.commit({ do: 'unlink', repository, digest, at: new Date().toISOString(), by: actor.user })
  })
  return reply.code(202).send()
}

/** The digest of a manifest in the repository that refers to a blob. */
async function findUser(held: Repository, digest: string, content: Content): Promise<string | undefined> {
  for (const manifest of held.manifests.values()) {
    const { refersTo } = readManifest(await content.read(manifest.digest), manifest.mediaType)
    if (refersTo.some((one) => one.digest === digest)) return manifest.digest
  }
  return undefined
}

const unknown = (repository: string, digest: string) =>
  new RegistryError('BLOB_UNKNOWN', `${repository} holds no blob ${digest}`, { detail: { digest } })
