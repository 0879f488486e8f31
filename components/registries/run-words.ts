import type { BadgeTone } from '@/components/ui/badge'
import type { SyncRun } from './queries'

const TRIGGERS: Record<string, string> = {
  created: 'First sync',
  changed: 'Settings changed',
  manual: 'Sync now',
  retry: 'Retry failed items',
  schedule: 'Schedule',
}

/** Why a run was made, as people read it. */
export const triggerOf = (run: SyncRun): string => TRIGGERS[run.trigger] ?? run.trigger

export const OUTCOMES: Record<SyncRun['outcome'], { name: string; tone: BadgeTone }> = {
  running: { name: 'Running', tone: 'accent' },
  completed: { name: 'Completed', tone: 'good' },
  unchanged: { name: 'Unchanged', tone: 'neutral' },
  failed: { name: 'Failed', tone: 'bad' },
  abandoned: { name: 'Ended early', tone: 'warn' },
  cancelled: { name: 'Cancelled', tone: 'neutral' },
}

/** How long a run took, in milliseconds; one that runs has taken the time until now. */
export const durationOf = (run: SyncRun, now: Date): number =>
  Math.max(0, (run.finishedTime ? Date.parse(run.finishedTime) : now.getTime()) - Date.parse(run.startedTime))

/** Since when a registry fails without a good run between; null where its last ended run was good. */
export function failingSince(newestFirst: readonly SyncRun[]): string | null {
  let since: string | null = null
  for (const run of newestFirst) {
    if (run.outcome === 'failed') since = run.startedTime
    else if (run.outcome === 'completed' || run.outcome === 'unchanged') break
  }
  return since
}
