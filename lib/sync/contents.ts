import type { PackContent, PartName } from '../adapters/adapter'
import { findContents } from '../catalog/store/versions'
import { type PartTexts, UnreadablePack } from '../pack-format/pack-facts'
import { heldContents } from './store/catalog'

const MIB = 1024 * 1024
const REMEMBERED_BYTES = 4 * MIB
const REMEMBERED_ONE = MIB
const MAX_SENT = 10_000
/** The parts that are looked into. Values and README are kept as they are. */
const READ: readonly PartName[] = ['manifest', 'schema', 'presets', 'logo']
/** Those of them that versions share. */
const SHARED: readonly PartName[] = ['schema', 'presets', 'logo']

/** One version's contents, with the bytes of everything that is new or has to be looked into. */
export interface Gathered {
  content: PackContent
  texts: PartTexts
}

/**
 * The contents that a run meets. What many versions share (a logo, a README) is fetched, looked up and sent once or a
 * few times, and not for each: of what has to be looked into the last 4 MiB are remembered, of all else the digests;
 * and questions to the database are asked together.
 */
export function contentsOf(tenantId: string) {
  const remembered = new Map<string, Uint8Array>()
  let size = 0
  /** What is on its way to the database: later writes of this run come after it, or not at all. */
  const sent = new Set<string>()
  const isHeld = together((digests) => heldContents(tenantId, digests))

  function remember(digest: string, bytes: Uint8Array) {
    if (bytes.length > REMEMBERED_ONE || remembered.has(digest)) return
    remembered.set(digest, bytes)
    size += bytes.length
    for (const [oldest, { length }] of remembered) {
      if (size <= REMEMBERED_BYTES) break
      remembered.delete(oldest)
      size -= length
    }
  }

  /** What came and is being looked into: the newest entry that has it. That one may fail, so others get the bytes too. */
  const coming = new Map<string, { bytes: Uint8Array; entry: object }>()

  /** What was answered from memory, by entry: it may be forgotten before it is used. */
  const promised = new Map<object, Map<string, Uint8Array>>()

  /** Which of these need not be fetched for an entry, whose content has to be given to `complete` or `forget` next. */
  async function holds(digests: string[], entry: object): Promise<Set<string>> {
    const ours = promised.get(entry) ?? new Map<string, Uint8Array>()
    promised.set(entry, ours)
    for (const digest of digests) {
      const bytes = remembered.get(digest) ?? (sent.has(digest) ? undefined : coming.get(digest)?.bytes)
      if (bytes) ours.set(digest, bytes)
    }
    const known = digests.filter((digest) => ours.has(digest) || sent.has(digest))
    const others = digests.filter((digest) => !ours.has(digest) && !sent.has(digest))
    const held = others.length > 0 ? await isHeld(others) : []
    return new Set([...known, ...held])
  }

  /** To be told when nothing more is done for an entry, or its content came to nothing. */
  function forget(entry: object): void {
    promised.delete(entry)
    for (const [digest, one] of coming) if (one.entry === entry) coming.delete(digest)
  }

  /** Adds what was not fetched and has to be looked into. Until it is forgotten, its bytes serve other entries. */
  async function complete(entry: object, content: PackContent): Promise<Gathered> {
    const ours = promised.get(entry)
    promised.delete(entry)
    // What is only remembered may not be written yet, or never: it goes with this version too.
    for (const part of Object.values(content.parts)) part.bytes ??= ours?.get(part.digest) ?? null
    for (const { digest, bytes } of Object.values(content.parts))
      if (bytes) coming.set(digest, { bytes, entry })
    for (const name of SHARED) {
      const part = content.parts[name]
      if (part?.bytes) remember(part.digest, part.bytes)
    }
    const unread = READ.flatMap((name) => {
      const part = content.parts[name]
      return part && part.bytes === null ? [part.digest] : []
    })
    const known = unread.length > 0 ? await findContents(tenantId, unread) : new Map<string, Uint8Array>()
    for (const [digest, bytes] of known) remember(digest, bytes)
    if (unread.some((digest) => !known.has(digest)))
      throw new UnreadablePack('It shares a part with a pack that is being written just now.')
    const texts = READ.flatMap((name) => {
      const part = content.parts[name]
      const bytes = part && (part.bytes ?? known.get(part.digest))
      return bytes ? [[name, bytes] as const] : []
    })
    return { content, texts: Object.fromEntries(texts) as unknown as PartTexts }
  }

  /** To be told when a content goes to the database before whatever comes next. What went before is taken out of it. */
  function send({ parts }: PackContent): void {
    for (const name of ['values', 'readme'] as const) {
      const part = parts[name]
      if (!part?.bytes) continue
      if (sent.has(part.digest)) part.bytes = null
      else sent.add(part.digest)
    }
    for (const oldest of sent) {
      if (sent.size <= MAX_SENT) break
      sent.delete(oldest)
    }
  }

  return { holds, complete, send, forget }
}

/** Asks one question at a time: those that come meanwhile become the next one, together. */
export function together(find: (digests: string[]) => Promise<Set<string>>) {
  let next: { digests: string[]; answer: Promise<Set<string>> } | undefined
  let running: Promise<unknown> = Promise.resolve()
  return (digests: string[]): Promise<Set<string>> => {
    if (!next) {
      const asked: string[] = []
      const answer = running.then(() => {
        next = undefined
        return find([...new Set(asked)])
      })
      running = answer.catch(() => {})
      next = { digests: asked, answer }
    }
    next.digests.push(...digests)
    return next.answer
  }
}
