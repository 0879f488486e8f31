import { type RegistryCondition, SyncProgress } from './schema'
import { type Signs, stateOf, whyStopped } from './state'

/** What of a registry's row tells its conditions, and since when each is so. */
export interface Observed extends Signs {
  lastStep: string
  lastMessage: string
  lastFix: string
  lastSyncedAt: Date | null
  syncEveryMinutes: number
  progress: unknown
  pausedBy: string
  settingsRevision: number
  runRevision: number
  observedRevision: number
  readySince: Date
  syncingSince: Date
  stalledSince: Date
  heldSince: Date
  freshSince: Date
}

const MINUTE_MS = 60_000
/** A next sync comes up to a tenth later than the interval says, and takes its time. */
const LATE = { share: 1.1, ms: 10 * MINUTE_MS }

/** Until when a catalog read at this time is as fresh as its interval promises. The database says the same. */
export const freshUntil = (readAt: Date, everyMinutes: number): Date =>
  new Date(readAt.getTime() + everyMinutes * MINUTE_MS * LATE.share + LATE.ms)

/** Where a sync failed, as one word for programs. */
const FAILED_AT: Record<string, string> = {
  address: 'AddressNotAllowed',
  name: 'NameNotResolved',
  connection: 'NotConnected',
  tls: 'TlsFailed',
  http: 'NoHttpAnswer',
  registry: 'NotThisKind',
  credentials: 'CredentialsRefused',
  catalog: 'CatalogNotReadable',
  pack: 'PackNotReadable',
}
const reasonOf = (step: string) => FAILED_AT[step] ?? 'SyncFailed'

const NUMBERS = new Intl.NumberFormat('en')
const versions = (count: number) => `${NUMBERS.format(count)} ${count === 1 ? 'version' : 'versions'}`

type About = Omit<RegistryCondition, 'type'>

/**
 * How a registry is doing, in parts, each with its reason, since when, and the revision of the settings that it is
 * about. Ready says whether the last sync that ended read the registry, Fresh whether that was long ago.
 *
 * @see lib/registries/state.ts for the same in one word
 */
export const conditionsOf = (row: Observed, now: Date): RegistryCondition[] => [
  { type: 'Ready', ...ready(row) },
  { type: 'Syncing', ...syncing(row, now) },
  { type: 'Stalled', ...stalled(row) },
  { type: 'Held', ...held(row) },
  { type: 'Fresh', ...fresh(row, now) },
]

function ready(row: Observed): About {
  const about = { since: row.readySince, observedRevision: row.observedRevision }
  if (row.lastOutcome === 'never')
    return {
      ...about,
      status: 'Unknown',
      reason: row.paused ? 'PausedBeforeFirstSync' : 'NotSyncedYet',
      message: row.paused
        ? 'It was paused before its first sync. Resume it, and it syncs at once.'
        : 'Its first sync has not ended yet.',
    }
  if (row.lastOutcome !== 'completed')
    return {
      ...about,
      ...{
        status: 'False',
        reason: reasonOf(row.lastStep),
        message: sentences(row.lastMessage, row.lastFix),
      },
    }
  if (row.failing > 0)
    return {
      ...about,
      ...{ status: 'True', reason: 'SomeVersionsNotReadable' },
      message: `${versions(row.failing)} could not be read. All else that it lists is in the catalog.`,
    }
  return {
    ...about,
    ...{ status: 'True', reason: 'CatalogRead', message: 'All that it lists is in the catalog.' },
  }
}

const DOING: Record<SyncProgress['step'], [reason: string, message: string]> = {
  connecting: ['Connecting', 'It is asked what it lists.'],
  listing: ['Listing', 'Its list is read.'],
  reading: ['Reading', 'Versions are read.'],
  writing: ['Writing', 'What was found is written to the catalog.'],
}

function syncing(row: Observed, now: Date): About {
  const since = row.syncingSince
  if (row.runId !== null) {
    const progress = SyncProgress.safeParse(row.progress)
    const [reason, message] = DOING[progress.data?.step ?? 'connecting']
    return { status: 'True', reason, message, since, observedRevision: row.runRevision }
  }
  const about = { status: 'False', since, observedRevision: row.settingsRevision } as const
  const stopped = whyStopped(row, now)
  if (stopped === 'paused')
    return {
      ...{ ...about, reason: 'Paused' },
      message: `${row.pausedBy ? `${row.pausedBy} paused it` : 'It is paused'}. Nothing is read until somebody resumes it.`,
    }
  if (stopped === 'stalled')
    return { ...about, reason: 'WaitsForChange', message: 'Nothing is tried until somebody changes it.' }
  if (stateOf(row, now) === 'syncing')
    return { ...about, reason: 'Queued', message: 'A sync was asked for and waits for its turn.' }
  if (row.lastOutcome === 'failed')
    return { ...about, reason: 'WaitsForRetry', message: 'It is tried again by itself.' }
  return { ...about, reason: 'WaitsForInterval', message: `The next sync comes by itself, ${every(row)}.` }
}

function stalled(row: Observed): About {
  const about = { since: row.stalledSince, observedRevision: row.observedRevision }
  return row.lastOutcome === 'stalled'
    ? {
        ...about,
        ...{ status: 'True', reason: reasonOf(row.lastStep) },
        message: sentences(row.lastMessage, row.lastFix),
      }
    : { ...about, status: 'False', reason: 'NothingToChange', message: 'No sync waits for a change.' }
}

function held(row: Observed): About {
  const about = { since: row.heldSince, observedRevision: row.observedRevision }
  return row.held > 0
    ? {
        ...about,
        ...{ status: 'True', reason: 'ManyRemovals' },
        message: `It no longer lists ${versions(row.held)}. They stay until a person removes or keeps them.`,
      }
    : { ...about, status: 'False', reason: 'NothingHeld', message: 'No removal waits for a person.' }
}

function fresh(row: Observed, now: Date): About {
  const { observedRevision, lastSyncedAt } = row
  if (lastSyncedAt === null)
    return {
      ...{ status: 'Unknown', reason: 'NeverRead', message: 'Its catalog was never read to the end.' },
      ...{ since: row.freshSince, observedRevision },
    }
  const until = freshUntil(lastSyncedAt, row.syncEveryMinutes)
  const age = `Read ${ago(lastSyncedAt, now)}, ${every(row)}`
  return until < now
    ? {
        ...{ status: 'False', reason: row.paused ? 'Paused' : 'TooOld', since: until, observedRevision },
        message: row.paused ? `Read ${ago(lastSyncedAt, now)}, and paused.` : `${age}: too long ago.`,
      }
    : {
        ...{ status: 'True', reason: 'WithinInterval', message: `${age}.` },
        ...{ since: row.freshSince, observedRevision },
      }
}

const sentences = (...all: string[]) => all.filter(Boolean).join(' ')

const UNITS = [
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const
const WORDS = new Intl.RelativeTimeFormat('en')

function ago(then: Date, now: Date): string {
  const minutes = (now.getTime() - then.getTime()) / MINUTE_MS
  for (const [unit, size] of UNITS)
    if (minutes >= size) return WORDS.format(-Math.floor(minutes / size), unit)
  return 'just now'
}

function every({ syncEveryMinutes }: { syncEveryMinutes: number }): string {
  const [unit, size] = UNITS.find(([, minutes]) => syncEveryMinutes % minutes === 0) ?? ['minute', 1]
  const many = syncEveryMinutes / size
  return many === 1 ? `every ${unit}` : `every ${NUMBERS.format(many)} ${unit}s`
}
