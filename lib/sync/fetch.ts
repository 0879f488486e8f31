import type { CatalogEntry, PackContent, RegistryAdapter } from '../adapters/adapter'
import { UnreadablePack } from '../pack-format/pack-facts'
import { openParser } from '../parser/parser'
import { startBlame } from './blame'
import { contentsOf } from './contents'
import type { Meter } from './progress'
import { readAhead } from './read-ahead'
import { type Facts, type Fetched, readFacts, toFetched } from './read-pack'
import type { RunLog } from './run-log'
import { slabs } from './slabs'
import { writeVersions } from './store/catalog'
import { noteFailures, type Unread } from './store/listed'
import type { RunCounts, StartedRun } from './store/run'

const FETCHES_AT_ONCE = 16
/** Of contents that come many at once, so much is looked into while the next ones come. */
const AHEAD = { items: 16, bytes: 2 * 1024 * 1024 }
/** Versions are written together up to so many, or so many bytes. */
const BATCH_VERSIONS = 100
const BATCH_BYTES = 1024 * 1024
/** The first ones are written sooner, so that people see something. */
const FIRST_VERSIONS = 10
/** So many may be left by answers for many before they are fetched one by one. */
const MAX_LEFT = 2_000
const REASON_MAX = 500

export interface Context {
  tenantId: string
  registryId: string
  run: StartedRun
  counts: RunCounts
  items: RunLog
  meter: Meter
  maxVersions: number
  signal: AbortSignal
}

/** A content, and what its files say. */
interface Read {
  content: PackContent
  facts: Facts
}

/** Fetches, reads and writes entries, a few at a time, and notes those that failed. */
export async function fetchAll(
  adapter: RegistryAdapter,
  entries: AsyncIterable<Unread>,
  { tenantId, registryId, run, counts, items, meter, signal }: Context,
): Promise<void> {
  const of = { tenantId, registryId, runId: run.runId }
  const contents = contentsOf(tenantId)
  const parser = openParser()
  const blame = startBlame()
  const room = slabs(BATCH_BYTES)
  let ready: (Fetched & { entry: Unread })[] = []
  let failed: { name: string; version: string; reason: string }[] = []
  let writing = Promise.resolve()
  let batches = 0
  let flushed = false
  const flush = () => {
    flushed = true
    const [batch, failures, slab] = [ready, failed, room.next()]
    ready = []
    failed = []
    batches++
    writing = writing.then(async () => {
      counts.rows += await writeVersions(tenantId, registryId, run.runId, batch)
      await noteFailures(of, failures)
      slab.free()
      for (const { entry } of batch) {
        const { name, version } = entry
        const kind = entry.isHeld ? 'changed' : 'added'
        counts[kind]++
        items.add({ kind, name, version })
      }
      batches--
    })
    // Told where it is waited for.
    writing.catch(() => {})
  }

  // Where the registry itself is at fault nothing more is asked, and what is being asked is broken off: each request
  // with credentials that are refused may count towards locking the account. What was read is kept.
  const broken = new AbortController()
  const either = AbortSignal.any([signal, broken.signal])
  const orBreak = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      broken.abort(error)
    }
  }

  const isFull = () =>
    ready.length >= (flushed ? BATCH_VERSIONS : FIRST_VERSIONS) ||
    failed.length >= BATCH_VERSIONS ||
    room.isFull()
  const look = async (entry: CatalogEntry, content: PackContent): Promise<Read> => {
    const { texts } = await contents.complete(entry, content)
    return { content, facts: await readFacts(parser, entry, texts, either) }
  }
  const take = (entry: Unread, { content, facts }: Read) => {
    contents.send(content)
    const one = toFetched(entry, content, facts, run.filter)
    // Kept together until they are written, in memory that is used again.
    for (const part of one.contents) part.bytes = room.keep(part.bytes)
    ready.push({ ...one, entry })
  }
  const fail = ({ name, version }: CatalogEntry, error: unknown) => {
    if (either.aborted || !blame.isOfItem(error)) throw error
    const reason = reasonOf(error)
    failed.push({ name, version, reason })
    counts.failed++
    const step = error instanceof UnreadablePack ? 'read' : 'fetch'
    items.add({ kind: 'failed', name, version, reason, step })
  }
  const settle = async (entry: Unread, read: Promise<Read>) => {
    try {
      take(entry, await read)
      blame.itemCame()
    } catch (error) {
      fail(entry, error)
    } finally {
      contents.forget(entry)
    }
    meter.tick()
    if (isFull()) flush()
    // One batch is written while the next is read, and no more.
    if (batches > 1) await writing
  }

  /** What is to be fetched, each once. What is listed so that nobody can fetch it has failed. */
  const sound = (async function* () {
    for await (const entry of entries) {
      if (!entry.fault) yield entry
      else await settle(entry, Promise.reject(new UnreadablePack(entry.fault)))
    }
  })()
  /** Asked for together with others, and not come yet. */
  const left = new Set<Unread>()
  let isEnd = false
  const next = async (): Promise<Unread | undefined> => {
    const one = await sound.next()
    if (!one.done) return one.value
    isEnd = true
    return undefined
  }
  async function* offer() {
    while (left.size < MAX_LEFT) {
      const entry = await next()
      if (!entry) return
      left.add(entry)
      yield entry
    }
  }
  const ahead = readAhead(AHEAD)
  /** @returns whether any came */
  const many = async () => {
    if (!adapter.contents) return false
    let came = false
    for await (const one of adapter.contents(offer(), contents.holds, either)) {
      came = true
      left.delete(one.entry)
      const read = 'error' in one ? Promise.reject(one.error) : look(one.entry, one.content)
      // Told where its turn comes.
      read.catch(() => {})
      const size = 'error' in one ? 0 : sizeOf(one.content)
      await ahead.add(size, () => orBreak(() => settle(one.entry, read)))
      either.throwIfAborted()
    }
    return came
  }
  const fetchOne = async (entry: Unread) => {
    either.throwIfAborted()
    const fetched = adapter.content(entry, (digests) => contents.holds(digests, entry), either)
    await settle(
      entry,
      fetched.then((content) => look(entry, content)),
    )
  }
  /** @param take the next one; nothing at the end */
  const oneByOne = (take: () => Promise<Unread | undefined> | Unread | undefined) =>
    Promise.all(
      Array.from({ length: FETCHES_AT_ONCE }, () =>
        orBreak(async () => {
          for (let entry = await take(); entry; entry = await take()) await fetchOne(entry)
        }),
      ),
    )
  for (let came = true; came && !isEnd && !either.aborted; ) {
    came = false
    await orBreak(async () => {
      came = await many()
    })
    await ahead.end()
    const queue = left.values()
    await oneByOne(() => queue.next().value)
    left.clear()
  }
  await oneByOne(next)
  flush()
  await writing
  either.throwIfAborted()
}

const sizeOf = ({ parts }: PackContent) =>
  Object.values(parts).reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)

const reasonOf = (error: unknown) =>
  (error instanceof Error ? error.message : 'It could not be read.').slice(0, REASON_MAX)
