import type { RegistryState } from './schema'

/** What of a registry's row tells how it is doing. */
export interface Condition {
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

/** How a registry is doing, in one word. One that was asked to sync counts as syncing before its run begins. */
export function stateOf(row: Condition): RegistryState {
  if (row.runId !== null || (!row.paused && row.requestedBy !== '' && row.dueAt !== null)) return 'syncing'
  if (row.paused) return 'paused'
  if (row.lastOutcome === 'stalled') return 'stalled'
  if (row.lastOutcome === 'failed') return 'failing'
  if (row.lastOutcome === 'never') return 'syncing'
  if (row.held > 0) return 'held'
  return row.failing > 0 ? 'degraded' : 'healthy'
}

/** The same in the words of the public API. */
export function syncStatusOf(row: Condition): 'Pending' | 'InProgress' | 'Completed' | 'Failed' {
  if (row.runId !== null) return 'InProgress'
  if (!row.paused && row.dueAt !== null && (row.requestedBy !== '' || row.lastOutcome === 'never'))
    return 'Pending'
  if (row.lastOutcome === 'completed') return 'Completed'
  return row.lastOutcome === 'never' ? 'Pending' : 'Failed'
}
