import { Readable } from 'node:stream'

import { PackError } from '@/lib/pack-format/archive'
import { CONTENT_FRAMES, ContentsQuestion, frameLine } from '@/lib/pack-format/content-frames'
import { PART_LIMITS } from '@/lib/pack-format/media-types'
import { type PartName, readOciManifest } from '@/lib/pack-format/oci'

import { ahead } from '../ahead'
import { readWhole } from '../body'
import type { Handler } from '../call'
import { RegistryError } from '../errors'
import { explain } from '../manifest'
import type { Storage } from '../storage/storage'

/** 500 names of the longest kind, and 500 digests. */
const QUESTION_BYTES = 256 * 1024
/** A question is answered up to about so many bytes, so that none keeps the others waiting for long. */
const ANSWER_BYTES = 64 * 1024 * 1024
/** A blob of up to so many bytes is read at once and ahead; a larger one is streamed when its turn comes. */
const WHOLE_BYTES = 256 * 1024
const MANIFESTS_AHEAD = 16
const PACKS_AHEAD = 4

/**
 * Manifests and small parts of many packs in one answer, each blob once; never the tar of the other files.
 *
 * @see docs/registry-sync.md
 */
export const postContents: Handler<'contents'> = async ({ request, reply, storage, config, log }) => {
  const question = readQuestion(await readWhole(request.raw, config.limits.bodyidle, QUESTION_BYTES))
  async function* frames() {
    try {
      yield* toFrames(question, storage)
    } catch (err) {
      log.error({ requestId: request.id, err }, 'Contents could not be sent to their end')
      throw err
    }
  }
  return reply
    .header('content-type', CONTENT_FRAMES)
    .header('cache-control', 'no-store')
    .send(Readable.from(frames(), { objectMode: false }))
}

type Question = ReturnType<typeof ContentsQuestion.parse>
type Asked = Question['packs'][0]

function readQuestion(bytes: Uint8Array): Question {
  const refuse = (message: string) => new RegistryError('UNSUPPORTED', message, { status: 400 })
  let data: unknown
  try {
    data = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw refuse('The body is no JSON')
  }
  const parsed = ContentsQuestion.safeParse(data)
  if (!parsed.success) throw refuse(`The body is not valid: ${explain(parsed.error)}`)
  return parsed.data
}

interface Part {
  digest: string
  size: number
  /** null where it is large, and read when its turn comes. */
  bytes: Buffer | null
}

async function* toFrames({ packs, held }: Question, storage: Storage): AsyncGenerator<string | Buffer> {
  const known = new Set(held)
  /** Decides at once and in order what is sent with which pack, then reads it. */
  const readParts = async ({ asked, manifest }: { asked: Asked; manifest: Buffer | null }) => {
    const wanted = manifest
      ? partsOf(asked, manifest, storage).filter(({ digest }) => !known.has(digest))
      : []
    for (const { digest } of wanted) known.add(digest)
    const parts = await Promise.allSettled(
      wanted.map(async ({ digest, size }): Promise<Part> => {
        if (size > WHOLE_BYTES) return { digest, size, bytes: null }
        return { digest, size, bytes: await storage.content.read(digest) }
      }),
    )
    return { asked, manifest, parts }
  }
  const manifests = ahead(packs, MANIFESTS_AHEAD, async (asked) => ({
    asked,
    manifest: await readManifest(asked, storage),
  }))
  let sent = 0
  for await (const { asked, manifest, parts } of ahead(manifests, PACKS_AHEAD, readParts)) {
    const pack = { pack: asked.name, digest: asked.digest }
    if (!manifest) {
      yield frameLine({ ...pack, error: 'There is no such pack here' })
      continue
    }
    yield frameLine({ blob: asked.digest, size: manifest.length })
    yield manifest
    sent += manifest.length
    for (const part of parts) {
      // Whoever asks for it alone gets to know why.
      if (part.status === 'rejected') continue
      const { digest, size, bytes } = part.value
      yield frameLine({ blob: digest, size: bytes?.length ?? size })
      if (bytes) yield bytes
      else yield* streamBlob(digest, size, storage)
      sent += size
    }
    yield frameLine(pack)
    // The client asks again for the rest.
    if (sent > ANSWER_BYTES) break
  }
  yield frameLine({ end: true })
}

async function readManifest({ name, digest }: Asked, { catalog, content }: Storage): Promise<Buffer | null> {
  if (!catalog.get(name)?.manifests.get(digest)?.pack) return null
  return content.read(digest).catch(() => null)
}

/** What a console keeps of a pack: the small parts that lie in its repository. */
function partsOf(
  { name }: Asked,
  manifest: Buffer,
  { catalog }: Storage,
): { digest: string; size: number }[] {
  const pack = tryToRead(manifest)
  if (!pack) return []
  const blobs = catalog.get(name)?.blobs
  const all = Object.entries({ manifest: pack.config, ...pack.parts }) as [PartName, { digest: string }][]
  return all.flatMap(([part, { digest }]) => {
    const size = blobs?.get(digest)
    return size === undefined || size > PART_LIMITS[part] ? [] : [{ digest, size }]
  })
}

/** null where the disk no longer gives back what was written: the client sees that by the digest. */
function tryToRead(manifest: Buffer) {
  try {
    return readOciManifest(manifest)
  } catch (error) {
    if (error instanceof PackError) return null
    throw error
  }
}

/** @throws Error when the file has another length: what follows could not be told from it */
async function* streamBlob(digest: string, size: number, { content }: Storage): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of await content.stream(digest, 0, size - 1)) {
    bytes += chunk.length
    yield chunk
  }
  if (bytes !== size) throw new Error(`${digest} has ${bytes} bytes, and not ${size}`)
}
