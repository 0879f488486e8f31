import { type CatalogEntry, type PackContent, type RegistryAdapter, RemoteError } from '../adapters/adapter'
import { explain } from '../adapters/explain'
import { atMost } from '../at-most'
import { log } from '../log'
import { metrics, type SyncEnd } from '../metrics'
import { UnreadablePack } from '../pack-format/pack-facts'
import { openParser } from '../parser/parser'
import { startBlame } from './blame'
import { contentsOf } from './contents'
import { diffCatalog, type Held, keyOf } from './diff'
import { type FilterRule, leaveOut } from './filter'
import { judgeRemovals } from './guard'
import { type Meter, startMeter } from './progress'
import { readAhead } from './read-ahead'
import { type Facts, type Fetched, readFacts, toFetched } from './read-pack'
import { type RunLog, startLog } from './run-log'
import { nextSyncAt } from './schedule'
import { slabs } from './slabs'
import {
  countVersions,
  type Failure,
  heldVersions,
  knownTags,
  settleCatalog,
  writeVersions,
} from './store/catalog'
import { RunLost } from './store/fence'
import { findRetries, keepItems } from './store/history'
import { findHold } from './store/removals'
import {
  endEarly,
  failRun,
  finishRun,
  noteCounts,
  type RunCounts,
  releaseRun,
  type StartedRun,
  startRun,
  touchRun,
} from './store/run'

/** More than any registry seen; one that lists more is at fault, or needs a person to look. */
export const MAX_VERSIONS = 1_000_000
const FETCHES_AT_ONCE = 16
/** Of contents that come many at once, so much is looked into while the next ones come. */
const AHEAD = { items: 16, bytes: 2 * 1024 * 1024 }
/** Versions are written together up to so many, or so many bytes. */
const BATCH_VERSIONS = 100
const BATCH_BYTES = 1024 * 1024
/** The first ones are written sooner, so that people see something. */
const FIRST_VERSIONS = 10
/** So few versions are read by any number of runs at once; of runs with more, only so many read at the same time. */
const FEW = 50
const READING_AT_ONCE = 4
const reading = atMost(READING_AT_ONCE)
/** A run shows that it is alive, and learns whether a person asked it to end. */
const ALIVE_EVERY_MS = 1_000

/** What a run needs from outside: credentials opened and an adapter made of them. */
export type OpenAdapter = (tenantId: string, registryId: string) => Promise<RegistryAdapter>

/**
 * Brings our copy of one registry's catalog up to date.
 *
 * Safe to repeat and to interrupt: versions are written as they are read, so that a run that dies is done again
 * without fetching them anew; what is gone, the tags and the revision are written last, when the whole listing has
 * been read. One version that cannot be read is noted and tried again next time; it stops nothing.
 *
 * @param maxVersions that a registry may list
 * @returns false when the registry was not due, or somebody else has it
 */
export async function runSync(
  tenantId: string,
  registryId: string,
  openAdapter: OpenAdapter,
  signal: AbortSignal,
  maxVersions = MAX_VERSIONS,
): Promise<boolean> {
  const run = await startRun(tenantId, registryId)
  if (!run) return false
  const { runId } = run
  const began = performance.now()
  const told = (end: SyncEnd) => metrics.countSync(end, (performance.now() - began) / 1000)
  const lost = new AbortController()
  const cancelled = new AbortController()
  let cancelledBy = ''
  let adapter: RegistryAdapter | undefined
  const counts: RunCounts = {
    ...{ listed: 0, added: 0, changed: 0, removed: 0, failed: 0, held: 0, returned: 0 },
    ...{ requests: 0, bytes: 0, rows: 0 },
  }
  const items = startLog()
  const meter = startMeter(() => {
    const { requests, bytes } = adapter?.traffic ?? counts
    return { failed: counts.failed, requests, bytes }
  })
  let touching = false
  const alive = setInterval(() => {
    if (touching) return
    touching = true
    touchRun(tenantId, registryId, runId, meter.look(new Date()))
      .then((asked) => {
        if (asked.cancelledBy === null) return
        cancelledBy = asked.cancelledBy
        cancelled.abort(new Error('A person cancelled the run'))
      })
      .catch((error) => {
        if (error instanceof RunLost) lost.abort(error)
      })
      .finally(() => {
        touching = false
      })
  }, ALIVE_EVERY_MS)
  try {
    adapter = await openAdapter(tenantId, registryId)
    const either = AbortSignal.any([signal, lost.signal, cancelled.signal])
    const end = await syncWith(adapter, {
      tenantId,
      registryId,
      run,
      counts,
      items,
      meter,
      maxVersions,
      signal: either,
    })
    Object.assign(counts, adapter.traffic)
    await keepItems(tenantId, runId, items.collect())
    if (end.isListed) {
      const nextAt = nextSyncAt(new Date(), run.syncEveryMinutes, 0)
      await finishRun(tenantId, registryId, runId, { ...end, nextAt, counts })
    } else {
      const nextAt = nextSyncAt(new Date(), run.syncEveryMinutes, run.failures)
      await endEarly(tenantId, registryId, runId, { ...end, outcome: 'completed', nextAt, counts })
    }
    told(end.outcome)
    log.info({ event: 'sync', registryId, runId, trigger: run.trigger, ...end, counts }, 'Synced a registry')
  } catch (error) {
    if (adapter) Object.assign(counts, adapter.traffic)
    await keepItems(tenantId, runId, items.collect()).catch((err) =>
      log.warn({ err, registryId, runId }, 'What a sync did to which version could not be noted'),
    )
    if (error instanceof RunLost || lost.signal.aborted) {
      log.warn({ registryId, runId }, 'A sync was taken over')
      told('taken_over')
      await noteCounts(tenantId, runId, counts)
    } else if (cancelled.signal.aborted) {
      const message = `It was cancelled${cancelledBy && ` by ${cancelledBy}`}. What was read until then is kept.`
      const nextAt = nextSyncAt(new Date(), run.syncEveryMinutes, run.failures)
      told('cancelled')
      await endEarly(tenantId, registryId, runId, { outcome: 'cancelled', message, nextAt, counts })
      log.info({ event: 'sync-cancelled', registryId, runId, counts }, 'A sync was cancelled')
    } else {
      told(signal.aborted ? 'given_back' : 'failed')
      if (signal.aborted) await releaseRun(tenantId, registryId, run, counts)
      else await settleFailure(tenantId, registryId, run, error, counts)
    }
  } finally {
    clearInterval(alive)
    await adapter?.close()
  }
  return true
}

/**
 * A registry whose catalog was read before is at the right address: a page in its place, a broken certificate or a
 * strange answer may be over by itself, and is tried again until it is. Refused credentials are not: accounts are
 * locked for less.
 */
const mayHeal = (error: RemoteError, { hasSynced }: StartedRun): RemoteError =>
  error.next === 'stalled' && hasSynced && error.step !== 'credentials'
    ? new RemoteError(error.step, 'generic', error.message, error.fix, error.details)
    : error

async function settleFailure(
  tenantId: string,
  registryId: string,
  run: StartedRun,
  cause: unknown,
  counts: RunCounts,
): Promise<void> {
  const known = explain(cause)
  const error =
    known instanceof RemoteError
      ? mayHeal(known, run)
      : new RemoteError(
          'catalog',
          'generic',
          'The sync met an error of our own.',
          'It is tried again. The log says more.',
          {
            cause,
          },
        )
  if (!(known instanceof RemoteError))
    log.error({ err: cause, registryId, runId: run.runId }, 'A sync met an error of our own')
  const failures = run.failures + 1
  const now = new Date()
  const { retryAfterSeconds } = error.details
  const backOff = nextSyncAt(now, run.syncEveryMinutes, failures)
  const asked = new Date(now.getTime() + (retryAfterSeconds ?? 0) * 1000)
  // A registry that asks for a second, again and again, is left alone for longer.
  const nextAt = error.next === 'stalled' ? null : asked > backOff ? asked : backOff
  await failRun(tenantId, registryId, run.runId, { error, failures, nextAt, counts })
  log.info(
    { event: 'sync-failed', registryId, runId: run.runId, step: error.step, reason: error.message },
    'A sync failed',
  )
}

interface Context {
  tenantId: string
  registryId: string
  run: StartedRun
  counts: RunCounts
  items: RunLog
  meter: Meter
  maxVersions: number
  signal: AbortSignal
}

interface End {
  outcome: 'completed' | 'unchanged'
  revision: string | null
  /** What a person should know of the run. */
  message: string
  /** Whether the registry was asked what it lists; otherwise only what failed earlier was tried. */
  isListed: boolean
  read: 'all' | 'changes' | 'nothing'
}

async function syncWith(adapter: RegistryAdapter, context: Context): Promise<End> {
  const { tenantId, registryId, run, counts, items, meter, maxVersions, signal } = context
  const isRetry = run.trigger === 'retry'
  const listing = isRetry
    ? 'unchanged'
    : run.isRereadDue
      ? await adapter.list(null, signal)
      : await adapter.list(run.revision, signal, (name) => knownTags(tenantId, registryId, name))
  /** The packs that it is about; null: all. */
  const changed = listing === 'unchanged' ? [] : (listing.changed ?? null)
  const offered: CatalogEntry[] = []
  if (listing !== 'unchanged') {
    meter.begin('listing')
    for await (const entry of listing.entries) {
      meter.tick()
      if (offered.push(entry) > maxVersions)
        throw new RemoteError(
          'catalog',
          'stalled',
          `The registry lists more than ${maxVersions.toLocaleString('en')} versions.`,
          'Split it, or ask for a higher limit.',
        )
    }
    counts.listed = offered.length
  }
  // What failed is tried again although it did not change.
  const retries = changed ? await findRetries(tenantId, registryId, changed) : []
  const asBefore = { revision: run.revision, message: '', isListed: !isRetry, read: 'nothing' } as const
  if (listing === 'unchanged' && retries.length === 0) return { outcome: 'unchanged', ...asBefore }

  const names = changed && [...changed, ...new Set(retries.map((one) => one.name))]
  const known = await heldVersions(tenantId, registryId, names)
  const held = changed ? onlyOf(known, changed) : known
  const out = leaveOut(offered, run.filter, (entry) => {
    const one = known.get(keyOf(entry))
    return one?.digest === entry.digest ? one : undefined
  })
  const taken = out.size > 0 ? offered.filter((entry) => !out.has(keyOf(entry))) : offered
  const { fetch, returned, removed } = diffCatalog(held, taken)
  const leftOut = changesOf(held, offered, out)
  // What a person left out is not missing.
  const missing = removed.filter((id) => !leftOut.has(id))
  const present = missing.length > 0 ? await countVersions(tenantId, registryId) : 0
  const unread = [...fetch, ...retries]
  const read = () => fetchAll(adapter, unread, known, context)
  const failures = await (unread.length > FEW ? reading(read, signal) : read())
  const judged = judgeRemovals(missing, present, await findHold(tenantId, registryId))
  counts.removed = judged.removed.length
  meter.begin('writing')
  const found = {
    ...{ ...judged, missing, returned, leftOut, failures, changed },
    offered: [...taken, ...retries],
    leftOutTags:
      listing !== 'unchanged' && listing.isTagByTag ? offered.filter((entry) => out.has(keyOf(entry))) : null,
  }
  counts.rows += await settleCatalog(tenantId, registryId, run.runId, found)
  counts.held = judged.held.length
  counts.returned = returned.length
  for (const kind of ['held', 'removed'] as const) items.addIds(kind, judged[kind])
  items.addIds('returned', returned)
  if (listing === 'unchanged') return { outcome: 'completed', ...asBefore }
  const waiting = judged.held.length
  return {
    outcome: 'completed',
    // While removals wait the listing is in doubt: the next run reads all of it again.
    revision: waiting > 0 ? null : listing.revision,
    message: [
      waiting > 0 &&
        `The registry no longer lists ${waiting.toLocaleString('en')} of ${judged.of.toLocaleString('en')} versions. They stay until a person decides.`,
      out.size > 0 &&
        `The filter leaves out ${out.size.toLocaleString('en')} of ${offered.length.toLocaleString('en')} versions.`,
      tellLeftOut(listing.leftOut ?? []),
    ]
      .filter(Boolean)
      .join(' '),
    isListed: true,
    read: changed || listing.isTrusting ? 'changes' : 'all',
  }
}

const SHOWN = 3
/** What the registry lists that no pack can be called, in words. */
function tellLeftOut(entries: readonly string[]): string {
  if (entries.length === 0) return ''
  const first = entries.slice(0, SHOWN).join(', ')
  const more = entries.length > SHOWN ? ` and ${(entries.length - SHOWN).toLocaleString('en')} more` : ''
  return `Left out, since no pack can have such a name or version: ${first}${more}.`
}

/** What the filter says otherwise of versions that we have than it did: the rule by uid, empty where none leaves it out. */
function changesOf(
  held: ReadonlyMap<string, Held>,
  offered: readonly CatalogEntry[],
  out: ReadonlyMap<string, FilterRule>,
): Map<string, string> {
  const changes = new Map<string, string>()
  const isOffered = new Set(offered.map(keyOf))
  for (const [key, { id, gone, leftOutBy }] of held) {
    const rule = out.get(key) ?? ''
    if (rule !== '' && rule !== leftOutBy) changes.set(id, rule)
    // It is no longer listed at all: that is another reason.
    else if (rule === '' && gone && leftOutBy !== '' && !isOffered.has(key)) changes.set(id, '')
  }
  return changes
}

const onlyOf = (held: ReadonlyMap<string, Held>, names: readonly string[]) => {
  const wanted = new Set(names)
  return new Map([...held].filter(([key]) => wanted.has(key.slice(0, key.indexOf('@')))))
}

/** A content, and what its files say. */
interface Read {
  content: PackContent
  facts: Facts
}

const sizeOf = ({ parts }: PackContent) =>
  Object.values(parts).reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)

/** Fetches, reads and writes entries, a few at a time. @returns those that failed */
async function fetchAll(
  adapter: RegistryAdapter,
  entries: readonly CatalogEntry[],
  held: ReadonlyMap<string, unknown>,
  { tenantId, registryId, run, counts, items, meter, signal }: Context,
): Promise<Failure[]> {
  meter.begin('reading', entries.length)
  const failures: Failure[] = []
  const contents = contentsOf(tenantId)
  const parser = openParser()
  const blame = startBlame()
  const room = slabs(BATCH_BYTES)
  let ready: Fetched[] = []
  let writing = Promise.resolve()
  let batches = 0
  let flushed = false
  const flush = () => {
    flushed = true
    const batch = ready
    const slab = room.next()
    ready = []
    batches++
    writing = writing.then(async () => {
      counts.rows += await writeVersions(tenantId, registryId, run.runId, batch)
      slab.free()
      for (const { entry } of batch) {
        const { name, version } = entry
        const kind = held.has(keyOf(entry)) ? 'changed' : 'added'
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

  const isFull = () => ready.length >= (flushed ? BATCH_VERSIONS : FIRST_VERSIONS) || room.isFull()
  const look = async (entry: CatalogEntry, content: PackContent): Promise<Read> => {
    const { texts } = await contents.complete(entry, content)
    return { content, facts: await readFacts(parser, entry, texts, either) }
  }
  const take = (entry: CatalogEntry, { content, facts }: Read) => {
    contents.send(content)
    const one = toFetched(entry, content, facts, run.filter)
    // Kept together until they are written, in memory that is used again.
    for (const part of one.contents) part.bytes = room.keep(part.bytes)
    ready.push(one)
  }
  const fail = (entry: CatalogEntry, error: unknown) => {
    if (either.aborted || !blame.isOfItem(error)) throw error
    const { name, version } = entry
    const reason = reasonOf(error)
    failures.push({ ...entry, reason })
    counts.failed++
    items.add({
      kind: 'failed',
      name,
      version,
      reason,
      step: error instanceof UnreadablePack ? 'read' : 'fetch',
    })
  }
  const settle = async (entry: CatalogEntry, read: Promise<Read>) => {
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

  for (const entry of entries) if (entry.fault) fail(entry, new UnreadablePack(entry.fault))
  const sound = entries.filter((one) => !one.fault)
  const left = new Set(sound)
  const ahead = readAhead(AHEAD)
  const many = async () => {
    if (!adapter.contents) return
    for await (const one of adapter.contents(sound, contents.holds, either)) {
      left.delete(one.entry)
      const read = 'error' in one ? Promise.reject(one.error) : look(one.entry, one.content)
      // Told where its turn comes.
      read.catch(() => {})
      const size = 'error' in one ? 0 : sizeOf(one.content)
      await ahead.add(size, () => orBreak(() => settle(one.entry, read)))
      either.throwIfAborted()
    }
  }
  const worker = async (queue: Iterable<CatalogEntry>) => {
    for (const entry of queue) {
      either.throwIfAborted()
      const fetched = adapter.content(entry, (digests) => contents.holds(digests, entry), either)
      await settle(
        entry,
        fetched.then((content) => look(entry, content)),
      )
    }
  }
  await orBreak(many)
  await ahead.end()
  const queue = left.values()
  await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, () => orBreak(() => worker(queue))))
  flush()
  await writing
  either.throwIfAborted()
  return failures
}

const REASON_MAX = 500

const reasonOf = (error: unknown) =>
  (error instanceof Error ? error.message : 'It could not be read.').slice(0, REASON_MAX)
