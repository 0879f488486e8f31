import { z } from 'zod'
import { DIGEST } from './oci'
import { PACK_NAME, PACK_NAME_MAX } from './pack-name'

/**
 * How a registry answers with the contents of many packs at once: frames, each a line of JSON; the line of a blob is
 * followed by its bytes. A pack's blobs come before the line that says that all of it is there.
 *
 * @see docs/registry-sync.md
 */
export const CONTENT_FRAMES = 'application/vnd.packyard.contents.v1'

/** How many packs may be asked for at once. */
export const MAX_ASKED = 500
/** How many digests a client may say that it holds. */
export const MAX_HELD = 500

export const ContentsQuestion = z.object({
  packs: z
    .array(
      z.object({ name: z.string().max(PACK_NAME_MAX).regex(PACK_NAME), digest: z.string().regex(DIGEST) }),
    )
    .max(MAX_ASKED),
  /** Blobs that need not be sent. */
  held: z.array(z.string().regex(DIGEST)).max(MAX_HELD).default([]),
})
export type ContentsQuestion = z.input<typeof ContentsQuestion>

const Line = z.union([
  z.object({ blob: z.string().regex(DIGEST), size: z.number().int().min(0) }),
  z.object({
    pack: z.string().max(PACK_NAME_MAX).regex(PACK_NAME),
    digest: z.string().regex(DIGEST),
    /** Why it cannot be sent. */
    error: z.string().max(500).optional(),
  }),
  z.object({ end: z.literal(true) }),
])
type Line = z.infer<typeof Line>

export type ContentFrame =
  | { is: 'blob'; digest: string; bytes: Uint8Array }
  | { is: 'pack'; name: string; digest: string; error?: string | undefined }
  | { is: 'end' }

export const frameLine = (line: Line): string => `${JSON.stringify(line)}\n`

const LINE_LIMIT = 2 * 1024

/** An answer that breaks the form, or ends before its end. */
export class BadFrames extends Error {
  override readonly name = 'BadFrames'
}

/**
 * Reads frames as they arrive, and holds no more than one blob and what one read brought.
 *
 * @param blobBytes the largest blob that is taken
 * @throws BadFrames
 */
export async function* readFrames(
  chunks: AsyncIterable<Uint8Array>,
  blobBytes: number,
): AsyncGenerator<ContentFrame> {
  /** The beginning of a line whose end has not come. */
  let begun = EMPTY
  let blob: { digest: string; bytes: Buffer; filled: number } | null = null
  let ended = false
  for await (let rest of chunks) {
    while (rest.length > 0 || blob) {
      if (blob) {
        const part = rest.subarray(0, blob.bytes.length - blob.filled)
        blob.bytes.set(part, blob.filled)
        blob.filled += part.length
        rest = rest.subarray(part.length)
        if (blob.filled < blob.bytes.length) break
        yield { is: 'blob', digest: blob.digest, bytes: blob.bytes }
        blob = null
        continue
      }
      if (ended) throw new BadFrames('It goes on after its end')
      const end = rest.indexOf(0x0a)
      const length = begun.length + (end < 0 ? rest.length : end)
      if (length > LINE_LIMIT) throw new BadFrames('A line has no end')
      const text = Buffer.concat([begun, end < 0 ? rest : rest.subarray(0, end)])
      begun = end < 0 ? text : EMPTY
      if (end < 0) break
      rest = rest.subarray(end + 1)
      const line = readLine(text)
      if ('blob' in line) {
        if (line.size > blobBytes) throw new BadFrames(`A blob has ${line.size} bytes`)
        blob = { digest: line.blob, bytes: Buffer.allocUnsafeSlow(line.size), filled: 0 }
      } else if ('pack' in line) yield { is: 'pack', name: line.pack, digest: line.digest, error: line.error }
      else {
        ended = true
        yield { is: 'end' }
      }
    }
  }
  if (!ended) throw new BadFrames('It ended too early')
}

const EMPTY = Buffer.alloc(0)

function readLine(bytes: Buffer): Line {
  let data: unknown
  try {
    data = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new BadFrames('A line is no JSON', { cause })
  }
  const parsed = Line.safeParse(data)
  if (!parsed.success) throw new BadFrames('A line is none that we know', { cause: parsed.error })
  return parsed.data
}
