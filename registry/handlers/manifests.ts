import { createHash } from 'node:crypto'

import { OCI_MANIFEST_LIMIT, PACK_ARTIFACT_TYPE } from '@/lib/pack-format/media-types'
import { digestOf } from '@/lib/pack-format/oci'

import { readWhole } from '../body'
import type { Handler } from '../call'
import { isHeld } from '../conditional'
import { RegistryError } from '../errors'
import { type AnyManifest, readManifest } from '../manifest'
import { algorithmOf, type DigestAlgorithm, isDigest } from '../names'
import { checkPackJson, readPack } from '../pack-check'
import type { Manifest, Pack } from '../storage/changes'
import type { Repository } from '../storage/repository'
import type { Storage } from '../storage/storage'
import { tagsToMove } from '../tag-rules'

const MAX_MESSAGE = 1_000

/** By tag, track or digest. */
export const getManifest: Handler<'manifest'> = async ({ route, request, reply, storage }) => {
  const { repository, reference } = route
  const { digest, mediaType, bytes } = find(storage, repository, reference)
  const etag = `"${digest}"`
  reply
    .header('docker-content-digest', digest)
    .header('etag', etag)
    .header('cache-control', isDigest(reference) ? 'private, max-age=31536000, immutable' : 'no-cache')
    .header('content-type', mediaType)
  if (isHeld(request.headers['if-none-match'], etag)) return reply.code(304).send()
  reply.header('content-length', bytes)
  return request.method === 'HEAD' ? reply.send() : reply.send(await storage.content.read(digest))
}

/**
 * Publishes a manifest. A version of a pack that exists keeps its content, unless the client forces it.
 *
 * @see docs/registry-sync.md
 */
export const putManifest: Handler<'manifest'> = async (call) => {
  const { route, request, reply, storage, config, actor } = call
  const { prefix, repository, reference } = route
  const bytes = await readWhole(request.raw, config.limits.bodyidle, OCI_MANIFEST_LIMIT)
  const digest = isDigest(reference) ? digestBy(algorithmOf(reference), bytes) : digestOf(bytes)
  const tag = isDigest(reference) ? null : reference
  if (tag === null && reference !== digest)
    throw new RegistryError('DIGEST_INVALID', `The manifest has the digest ${digest}, not ${reference}`, {
      detail: { digest: reference, actual: digest },
    })
  const read = readManifest(bytes, request.headers['content-type'])
  const force = request.headers['packyard-force'] === 'true'
  const message = force ? readMessage(request.headers['packyard-message']) : undefined

  await storage.exclusively(repository, async () => {
    const held = storage.catalog.get(repository)
    requireContent(read, held)
    const pack =
      read.artifactType === PACK_ARTIFACT_TYPE
        ? await understand(bytes, repository, tag, storage, held?.manifests.has(digest))
        : undefined
    const tags = tag === null ? [] : tagsToMove(held, { tag, digest, version: pack?.version ?? null, force })
    const isThere = held?.manifests.has(digest) && tags.every((one) => held.tags.get(one) === digest)
    if (isThere) return
    const manifest: Manifest = {
      digest,
      mediaType: read.mediaType,
      bytes: bytes.length,
      ...(pack && { pack }),
      ...(read.subject && { subject: read.subject, referrerType: read.referrerType }),
    }
    const done = { at: new Date().toISOString(), by: actor.user, ...(message && { message }) }
    await storage.content.exclusively(digest, async () => {
      await storage.content.put(digest, bytes)
      await storage.commit({ do: 'push', repository, manifest, tags, ...done })
    })
  })
  return reply
    .code(201)
    .header('location', `${prefix}/${repository}/manifests/${digest}`)
    .header('docker-content-digest', digest)
    .headers(read.subject ? { 'oci-subject': read.subject } : {})
    .send()
}

const digestBy = (algorithm: DigestAlgorithm, bytes: Uint8Array) =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`

/** A tag goes alone; a digest goes with every tag that points at it. */
export const deleteManifest: Handler<'manifest'> = async ({ route, reply, storage, config, actor }) => {
  const { repository, reference } = route
  if (!config.storage.delete.enabled)
    throw new RegistryError('UNSUPPORTED', 'Nothing is deleted here: storage.delete.enabled is false')
  await storage.exclusively(repository, async () => {
    const held = storage.catalog.get(repository)
    if (held?.keepsTrack(reference))
      throw new RegistryError(
        'UNSUPPORTED',
        `${reference} is a track: the registry keeps it as long as there is a version in it`,
      )
    const { digest } = find(storage, repository, reference)
    const done = { repository, at: new Date().toISOString(), by: actor.user }
    if (isDigest(reference)) await storage.commit({ do: 'remove', digest, ...done })
    else await storage.commit({ do: 'untag', tags: [reference], ...done })
  })
  return reply.code(202).send()
}

function find({ catalog }: Storage, repository: string, reference: string): Manifest {
  const held = catalog.get(repository)
  if (!held || held.manifests.size === 0)
    throw new RegistryError('NAME_UNKNOWN', `There is no repository ${repository}`)
  const manifest = held.find(reference)
  if (manifest) return manifest
  throw new RegistryError('MANIFEST_UNKNOWN', `${repository} holds no ${reference}`, {
    detail: { name: repository, reference },
  })
}

/** @throws RegistryError `MANIFEST_BLOB_UNKNOWN`, or `MANIFEST_INVALID` where a size is not the blob's */
function requireContent({ refersTo }: AnyManifest, held: Repository | undefined): void {
  for (const { digest, size, kind } of refersTo) {
    const bytes =
      held?.blobs.get(digest) ?? (kind === 'manifest' ? held?.manifests.get(digest)?.bytes : undefined)
    if (bytes === undefined)
      throw new RegistryError(
        'MANIFEST_BLOB_UNKNOWN',
        `The manifest refers to the ${kind} ${digest}, which is not in this repository. Push it first`,
        { detail: { digest } },
      )
    if (bytes !== size)
      throw new RegistryError(
        'MANIFEST_INVALID',
        `The manifest says that ${digest} has ${size} bytes, and it has ${bytes}`,
        { detail: { digest } },
      )
  }
}

async function understand(
  bytes: Uint8Array,
  repository: string,
  tag: string | null,
  { content }: Storage,
  isThere = false,
): Promise<Pack> {
  const { config, parts, files } = readPack(bytes)
  const { version } = checkPackJson(await content.read(config.digest), repository, tag, isThere)
  const blobs = new Map(
    [config, ...Object.values(parts), ...(files ? [files] : [])].map((one) => [one.digest, one.size]),
  )
  let total = bytes.length
  for (const size of blobs.values()) total += size
  return { version, bytes: total, ...(parts.logo && { logo: parts.logo.digest }) }
}

/** Headers hold no more than Latin characters, so the text comes percent-encoded. */
function readMessage(header: string | string[] | undefined): string | undefined {
  try {
    return decodeURIComponent(String(header ?? '')).slice(0, MAX_MESSAGE) || undefined
  } catch {
    throw new RegistryError('MANIFEST_INVALID', 'Packyard-Message is not percent-encoded UTF-8')
  }
}
