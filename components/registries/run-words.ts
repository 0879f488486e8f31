import {
  CircleAlert,
  CircleCheck,
  CircleStop,
  Diff,
  Equal,
  Hand,
  type LucideIcon,
  Minus,
  Plus,
  RefreshCw,
  TriangleAlert,
  Undo2,
} from 'lucide-react'

import type { BadgeTone } from '@/components/ui/badge'
import type { RunItemKind } from '@/lib/registries/schema'
import type { RunningSync, SyncRun } from './queries'

const TRIGGERS: Record<string, string> = {
  created: 'First sync',
  changed: 'Settings changed',
  manual: 'Sync now',
  retry: 'Retry failed items',
  schedule: 'Schedule',
  webhook: 'Push notification',
}

/** Why a run was made, as people read it. */
export const triggerOf = (run: SyncRun): string => TRIGGERS[run.trigger] ?? run.trigger

interface Look {
  name: string
  tone: BadgeTone
  icon: LucideIcon
}

export const OUTCOMES: Record<SyncRun['outcome'], Look> = {
  running: { name: 'Running', tone: 'accent', icon: RefreshCw },
  completed: { name: 'Completed', tone: 'good', icon: CircleCheck },
  unchanged: { name: 'Unchanged', tone: 'neutral', icon: Equal },
  failed: { name: 'Failed', tone: 'bad', icon: CircleAlert },
  abandoned: { name: 'Ended early', tone: 'warn', icon: TriangleAlert },
  cancelled: { name: 'Cancelled', tone: 'neutral', icon: CircleStop },
}

/** What a run did to versions, as people read it. */
export const KIND_OF_ITEM: Record<RunItemKind, Look> = {
  failed: { name: 'Failed', tone: 'bad', icon: CircleAlert },
  held: { name: 'Held', tone: 'warn', icon: Hand },
  removed: { name: 'Removed', tone: 'neutral', icon: Minus },
  changed: { name: 'Changed', tone: 'accent', icon: Diff },
  returned: { name: 'Returned', tone: 'good', icon: Undo2 },
  added: { name: 'Added', tone: 'good', icon: Plus },
}

/** The figures of a run, as people read them. */
export const COUNT_WORDS = {
  listed: 'Listed',
  added: 'Added',
  changed: 'Changed',
  returned: 'Returned',
  removed: 'Removed',
  held: 'Held',
  failed: 'Failed',
  requests: 'Requests',
  rows: 'Rows written',
} as const satisfies Partial<Record<keyof SyncRun, string>>

/** Where a run tells all that it did. */
export const runHref = (uid: string, run: Pick<SyncRun, 'uid'>): string =>
  `/admin/settings/pack-registries/${uid}/runs/${run.uid}`

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

type Progress = NonNullable<RunningSync['progress']>

/** What a running sync does, as people read it. */
export const STEP_WORDS: Record<Progress['step'], string> = {
  connecting: 'Asking what the registry lists',
  listing: 'Reading its list',
  reading: 'Reading versions',
  writing: 'Writing to the catalog',
}

/** How long the reading will take yet at the rate of the last seconds, in milliseconds; null where nobody can say. */
export const leftOf = ({ step, done, of, perSecond }: Progress): number | null =>
  step === 'reading' && of !== null && perSecond ? Math.ceil((of - done) / perSecond) * 1000 : null
