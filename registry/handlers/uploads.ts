import type { FastifyReply } from 'fastify'

import { readBody } from '../body'
import type { Call, Handler } from '../call'
import { RegistryError } from '../errors'
import { isDigest, isRepositoryName } from '../names'
import { readContentRange } from '../range'
import type { Upload } from '../storage/uploads'

type UploadCall = Call<'uploads'> | Call<'upload'>

/**
 * Begins an upload; or takes a whole blob at once (`?digest=`), or one that another repository holds
 * (`?mount=&from=`).
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 */
export const startUpload: Handler<'uploads'> = async (call) => {
  const { route, query, storage } = call
  if (query.has('mount')) {
    const digest = readDigest(query, 'mount')
    const from = query.get('from') ?? ''
    const bytes = isRepositoryName(from) ? storage.catalog.get(from)?.blobs.get(digest) : undefined
    if (bytes !== undefined) return mount(call, digest, from)
  }
  if (!query.has('digest'))
    return tell(call, await storage.uploads.start(route.repository))
      .code(202)
      .send()
  const digest = readDigest(query, 'digest')
  const upload = await storage.uploads.start(route.repository)
  try {
    await append(call, upload)
  } catch (error) {
    // Nobody learned its address, so nobody can go on with it.
    await storage.uploads.cancel(upload)
    throw error
  }
  return finish(call, upload, digest)
}

/** Takes the next part of a blob. */
export const appendUpload: Handler<'upload'> = async (call) => {
  const upload = open(call)
  await append(call, upload)
  return tell(call, upload).code(202).send()
}

/** Ends an upload, with its last part or none. */
export const finishUpload: Handler<'upload'> = async (call) => {
  const digest = readDigest(call.query, 'digest')
  const upload = open(call)
  await append(call, upload)
  return finish(call, upload, digest)
}

/** Tells how far an upload came. */
export const getUpload: Handler<'upload'> = (call) => tell(call, open(call)).code(204).send()

export const cancelUpload: Handler<'upload'> = async (call) => {
  await call.storage.uploads.cancel(open(call))
  return call.reply.code(204).send()
}

const open = ({ route, storage }: Call<'upload'>): Upload => storage.uploads.get(route.repository, route.id)

/** @throws RegistryError `RANGE_INVALID` where the part does not begin where the last one ended */
async function append({ route, request, storage, config }: UploadCall, upload: Upload): Promise<void> {
  const range = readContentRange(request.headers['content-range'])
  if (range === 'malformed' || (range && range.start !== upload.bytes))
    throw new RegistryError('RANGE_INVALID', `The next byte of this upload is ${upload.bytes}`, {
      headers: whereabouts(route, upload),
    })
  const length = request.headers['content-length']
  if (range && length !== undefined && Number(length) !== range.end - range.start + 1)
    throw new RegistryError(
      'SIZE_INVALID',
      `Content-Range and Content-Length (${Number(length)}) do not agree`,
    )
  await storage.uploads.append(upload, readBody(request.raw, config.limits.bodyidle))
}

async function finish(call: UploadCall, upload: Upload, digest: string): Promise<FastifyReply> {
  const { content, uploads } = call.storage
  // Whoever removes contents that nobody holds must not come between the two.
  return content.exclusively(digest, async () => {
    await uploads.finish(upload, digest)
    return link(call, digest, upload.bytes)
  })
}

/** Takes a blob of another repository; begins an upload where it is gone from there by now. */
const mount = (call: Call<'uploads'>, digest: string, from: string): Promise<FastifyReply> =>
  call.storage.content.exclusively(digest, async () => {
    const bytes = call.storage.catalog.get(from)?.blobs.get(digest)
    if (bytes !== undefined) return link(call, digest, bytes)
    return tell(call, await call.storage.uploads.start(call.route.repository))
      .code(202)
      .send()
  })

/** Makes a blob that is stored a blob of the repository. */
async function link(
  { route, reply, storage }: UploadCall,
  digest: string,
  bytes: number,
): Promise<FastifyReply> {
  const { prefix, repository } = route
  storage.collector.touch(repository, digest)
  if (!storage.catalog.get(repository)?.blobs.has(digest))
    await storage.commit({ do: 'link', repository, digest, bytes })
  return reply
    .code(201)
    .header('location', `${prefix}/${repository}/blobs/${digest}`)
    .header('docker-content-digest', digest)
    .send()
}

const tell = ({ route, reply }: UploadCall, upload: Upload): FastifyReply =>
  reply.headers(whereabouts(route, upload))

/** Where an upload goes on, and how far it came: `0-0` also when nothing is there, as Distribution says it. */
const whereabouts = ({ prefix, repository }: UploadCall['route'], { id, bytes }: Upload) => ({
  location: `${prefix}/${repository}/blobs/uploads/${id}`,
  'docker-upload-uuid': id,
  range: `0-${Math.max(bytes - 1, 0)}`,
})

function readDigest(query: URLSearchParams, name: string): string {
  const digest = query.get(name) ?? ''
  if (isDigest(digest)) return digest
  throw new RegistryError('DIGEST_INVALID', `${name} must be sha256: and 64 hex digits, or sha512: and 128`, {
    detail: { digest: digest.slice(0, 256) },
  })
}
