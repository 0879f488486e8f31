import { type Listing, type RegistryAdapter, RemoteError } from '../adapters/adapter'
import { explain } from '../adapters/explain'
import { atMost } from '../at-most'
import { log } from '../log'
import { metrics, type SyncEnd } from '../metrics'
import { type Context, fetchAll } from './fetch'
import { startMeter } from './progress'
import { startLog } from './run-log'
import { nextSyncAt } from './schedule'
import { knownTags } from './store/catalog'
import { RunLost } from './store/fence'
import { findRetries, keepItems } from './store/history'
import { countListed, dropListed, findUnread, keepListed, type RunOf } from './store/listed'
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
import { type Found, type Settled, settleCatalog } from './store/settle'
import { filterListing, takeListing } from './take-listing'

/** More than any registry seen; one that lists more is at fault, or needs a person to look. */
export const MAX_VERSIONS = 1_000_000
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
  const { tenantId, registryId, run, counts, meter, maxVersions, signal } = context
  const of = { tenantId, registryId, runId: run.runId }
  const asBefore = {
    revision: run.revision,
    message: '',
    isListed: run.trigger !== 'retry',
    read: 'nothing',
  } as const
  const listing = !asBefore.isListed
    ? 'unchanged'
    : run.isRereadDue
      ? await adapter.list(null, signal)
      : await adapter.list(run.revision, signal, (name) => knownTags(tenantId, registryId, name))
  if (listing !== 'unchanged') {
    try {
      meter.begin('listing')
      const { listed, kept } = await takeListing(of, listing, maxVersions, meter.tick, signal)
      if (!listing.isUnchanged) {
        counts.listed = listed
        await filterListing(of, run.filter)
        return await readListed(adapter, listing, kept, context)
      }
    } finally {
      await forgetListed(of)
    }
  }
  // What failed is tried again although nothing changed.
  const retries = await findRetries(tenantId, registryId, [])
  if (retries.length === 0) return { outcome: 'unchanged', ...asBefore }
  try {
    const kept = await keepListed(of, retries, 0, true)
    await readAndSettle(adapter, { kept, changed: [], isTagByTag: false }, context)
    return { outcome: 'completed', ...asBefore }
  } finally {
    await forgetListed(of)
  }
}

const forgetListed = (of: RunOf) =>
  dropListed(of).catch((err) =>
    log.warn({ err, ...of }, 'What a sync listed could not be forgotten; that is done within an hour'),
  )

/** Reads what is new of a listing that waits in the database, and what failed earlier, and settles all of it. */
async function readListed(
  adapter: RegistryAdapter,
  listing: Listing,
  kept: number,
  context: Context,
): Promise<End> {
  const { tenantId, registryId, run, counts } = context
  const of = { tenantId, registryId, runId: run.runId }
  // The packs that it is about; null: all.
  const changed = listing.changed ?? null
  const retries = changed ? await findRetries(tenantId, registryId, changed) : []
  const again = await keepListed(of, retries, counts.listed, true)
  const found = { kept: kept + again, changed, isTagByTag: listing.isTagByTag === true }
  const { held, of: ofVersions, leftOut } = await readAndSettle(adapter, found, context)
  return {
    outcome: 'completed',
    // While removals wait the listing is in doubt: the next run reads all of it again.
    revision: held.count > 0 ? null : listing.revision,
    message: [
      held.count > 0 &&
        `The registry no longer lists ${held.count.toLocaleString('en')} of ${ofVersions.toLocaleString('en')} versions. They stay until a person decides.`,
      leftOut > 0 &&
        `The filter leaves out ${leftOut.toLocaleString('en')} of ${counts.listed.toLocaleString('en')} versions.`,
      tellLeftOut(listing.leftOut ?? []),
    ]
      .filter(Boolean)
      .join(' '),
    isListed: true,
    read: changed || listing.isTrusting ? 'changes' : 'all',
  }
}

async function readAndSettle(
  adapter: RegistryAdapter,
  found: Found,
  context: Context,
): Promise<Settled & { leftOut: number }> {
  const { tenantId, registryId, run, counts, items, meter, signal } = context
  const of = { tenantId, registryId, runId: run.runId }
  const { unread, leftOut } = await countListed(of)
  const read = () => {
    meter.begin('reading', unread)
    return fetchAll(adapter, findUnread(of), context)
  }
  await (unread > FEW ? reading(read, signal) : read())
  meter.begin('writing')
  const settled = await settleCatalog(of, found)
  counts.rows += settled.rows
  for (const kind of ['held', 'removed', 'returned'] as const) {
    counts[kind] = settled[kind].count
    items.addIds(kind, settled[kind].ids)
  }
  return { ...settled, leftOut }
}

const SHOWN = 3
/** What the registry lists that no pack can be called, in words. */
function tellLeftOut(entries: readonly string[]): string {
  if (entries.length === 0) return ''
  const first = entries.slice(0, SHOWN).join(', ')
  const more = entries.length > SHOWN ? ` and ${(entries.length - SHOWN).toLocaleString('en')} more` : ''
  return `Left out, since no pack can have such a name or version: ${first}${more}.`
}
