import type { RegistryState } from './schema'

/** What of a registry's row tells how it is doing. */
export interface Signs {
  paused: boolean
  runId: string | null
  requestedBy: string
  lastOutcome: string
  dueAt: Date | null
  /** Versions that are listed and could not be read. */
  failing: number
  /** Versions that are no longer listed and stay until a person decides. */
  held: number
}

/** Why nothing will be read although nothing runs; null where something will. */
export function whyStopped(row: Signs, now: Date): 'paused' | 'stalled' | null {
  if (row.paused) return 'paused'
  return row.lastOutcome === 'stalled' && !isAsked(row, now) ? 'stalled' : null
}

/** What was due a moment ago may have been written by a clock that is ahead. */
const MOMENT_MS = 5_000

/** Whether a sync was asked for and waits for its turn. One that waits for its time too is not about to begin. */
const isAsked = (row: Signs, now: Date) =>
  !row.paused &&
  row.requestedBy !== '' &&
  row.dueAt !== null &&
  row.dueAt.getTime() <= now.getTime() + MOMENT_MS

/** How a registry is doing, in one word. One that was asked to sync counts as syncing before its run begins. */
export function stateOf(row: Signs, now = new Date()): RegistryState {
  if (row.runId !== null || isAsked(row, now)) return 'syncing'
  if (row.paused) return 'paused'
  if (row.lastOutcome === 'stalled') return 'stalled'
  if (row.lastOutcome === 'failed') return 'failing'
  if (row.lastOutcome === 'never') return 'syncing'
  if (row.held > 0) return 'held'
  return row.failing > 0 ? 'degraded' : 'healthy'
}

/**
 * The same in the words of the public API. One that was paused before its first sync has Failed: for programs that
 * wait until a sync ends, Pending would never end.
 */
export function syncStatusOf(
  row: Signs,
  now = new Date(),
): 'Pending' | 'InProgress' | 'Completed' | 'Failed' {
  if (row.runId !== null) return 'InProgress'
  if (isAsked(row, now)) return 'Pending'
  if (row.lastOutcome === 'completed') return 'Completed'
  return row.lastOutcome === 'never' && !row.paused ? 'Pending' : 'Failed'
}
