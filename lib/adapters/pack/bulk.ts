import type { Outbound, OutboundResponse } from '../../outbound/client'
import { OutboundError } from '../../outbound/errors'
import {
  BadFrames,
  CONTENT_FRAMES,
  type ContentsQuestion,
  MAX_ASKED,
  MAX_HELD,
  readFrames,
} from '../../pack-format/content-frames'
import { OCI_MANIFEST_LIMIT, PART_LIMITS } from '../../pack-format/media-types'
import { digestOf } from '../../pack-format/oci'
import { type CatalogEntry, type PackContent, type RegistryAdapter, RemoteError } from '../adapter'
import { explainStatus } from '../explain'

type Contents = NonNullable<RegistryAdapter['contents']>

interface Way {
  url: string
  withCredentials: boolean
  outbound: Outbound
  /** Makes a content of a manifest and what came with it, and fetches the rest. */
  readParts(
    entry: CatalogEntry,
    manifest: Uint8Array,
    brought: ReadonlyMap<string, Uint8Array>,
    holds: (digests: string[]) => Promise<Set<string>>,
    signal: AbortSignal,
  ): Promise<PackContent>
}

/** The largest blob of an answer, and what may come for one pack. */
const BLOB_LIMIT = Math.max(OCI_MANIFEST_LIMIT, ...Object.values(PART_LIMITS))
const PACK_BYTES = Object.values(PART_LIMITS).reduce((sum, one) => sum + one, OCI_MANIFEST_LIMIT)
/** An answer that brings nothing is asked for so often. */
const TRIES = 3

/**
 * Contents by the answer that our server gives for many packs, as far as it gives them.
 *
 * @see docs/registry-sync.md
 */
export function bulkContents({ url, withCredentials, outbound, readParts }: Way): Contents {
  return async function* contents(entries, holds, signal) {
    /** Parts that several packs of the last answer have, which need not come with the next one again. */
    const shared = new Set<string>()
    let inVain = 0
    for await (let rest of inGroups(entries, MAX_ASKED)) {
      // The server may end an answer early, and connections break: as long as something comes, it goes on.
      while (rest.length > 0) {
        const open = new Map(rest.map((entry) => [keyOf(entry), entry]))
        try {
          const response = await ask(rest, [...shared], signal)
          if (!response) return
          yield* readAnswer(response, open, shared, holds, signal)
        } catch (error) {
          if (signal.aborted || !(error instanceof BadFrames || error instanceof OutboundError)) throw error
        }
        inVain = open.size === rest.length ? inVain + 1 : 0
        if (inVain === TRIES) return
        rest = [...open.values()]
      }
    }
  }

  /** @returns null where the server gives no such answer @throws OutboundError */
  async function ask(entries: readonly CatalogEntry[], held: string[], signal: AbortSignal) {
    const packs = entries.map(({ name, digest }) => ({ name, digest }))
    const response = await outbound.request('POST', url, {
      signal,
      body: JSON.stringify({ packs, held } satisfies ContentsQuestion),
      headers: { accept: CONTENT_FRAMES, 'content-type': 'application/json' },
      maxBytes: entries.length * PACK_BYTES,
    })
    const { status, headers } = response
    if (status === 200 && headers.get('content-type') === CONTENT_FRAMES) return response
    await response.discard()
    // A gateway may let nothing pass but GET. Only what would meet every request ends the run.
    if (status === 401 || status === 429 || status === 503)
      throw explainStatus(status, headers, 'catalog', withCredentials)
    return null
  }

  /** @param open is emptied of what the answer tells about */
  async function* readAnswer<E extends CatalogEntry>(
    response: OutboundResponse,
    open: Map<string, E>,
    shared: Set<string>,
    holds: (digests: string[], entry: E) => Promise<Set<string>>,
    signal: AbortSignal,
  ) {
    const seen = new Set<string>()
    shared.clear()
    let brought = new Map<string, Uint8Array>()
    let bytes = 0
    for await (const frame of readFrames(response.stream(), BLOB_LIMIT)) {
      if (frame.is === 'end') continue
      if (frame.is === 'blob') {
        bytes += frame.bytes.length
        if (bytes > PACK_BYTES) throw new BadFrames('More comes than belongs to a pack')
        // Bytes that are not what they are said to be are as good as none.
        if (digestOf(frame.bytes) === frame.digest) brought.set(frame.digest, frame.bytes)
        continue
      }
      const entry = open.get(keyOf(frame))
      if (!entry) throw new BadFrames('A pack that was not asked for')
      open.delete(keyOf(frame))
      const manifest = brought.get(entry.digest)
      const its = brought
      brought = new Map()
      bytes = 0
      if (!manifest) continue
      try {
        const content = await readParts(entry, manifest, its, (digests) => holds(digests, entry), signal)
        for (const { digest } of Object.values(content.parts)) {
          if (seen.has(digest) && shared.size < MAX_HELD) shared.add(digest)
          seen.add(digest)
        }
        yield { entry, content }
      } catch (error) {
        if (!(error instanceof RemoteError) || error.step === 'credentials' || error.next === 'waiting')
          throw error
        yield { entry, error }
      }
    }
  }
}

const keyOf = ({ name, digest }: { name: string; digest: string }) => `${name}@${digest}`

async function* inGroups<T>(list: AsyncIterable<T> | Iterable<T>, size: number): AsyncIterable<T[]> {
  let group: T[] = []
  for await (const one of list) {
    group.push(one)
    if (group.length < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
