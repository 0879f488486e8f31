'use client'

import { useEffect, useState } from 'react'

import { cn } from '@/components/ui/cn'
import { count, formatBytes, formatDuration, formatNumber } from '@/components/ui/numbers'
import type { RunningSync } from './queries'
import { leftOf, STEP_WORDS } from './run-words'

type Progress = RunningSync['progress']

/** The time, each second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** What the sync does now and how far it is: `Reading 120 of 400 versions`. */
function told(sync: Progress): string {
  if (!sync) return 'Waiting for its turn'
  const { step, done, of } = sync
  if (step === 'reading' && of !== null) return `Reading ${formatNumber(done)} of ${count(of, 'version')}`
  if (step === 'listing' && done > 0) return `Listing, ${count(done, 'version')} so far`
  return STEP_WORDS[step]
}

/** How far a sync is, as a bar. Without an end it moves to and fro; for those who want no motion it stands. */
function Bar({ sync, className }: { sync: Progress; className?: string }) {
  const of = sync?.step === 'reading' ? sync.of : null
  const share = sync && of ? Math.min(1, sync.done / of) : null
  return (
    <div
      role="progressbar"
      aria-label="Sync"
      aria-valuetext={told(sync)}
      {...(share !== null && { 'aria-valuenow': sync?.done, 'aria-valuemin': 0, 'aria-valuemax': of ?? 0 })}
      className={cn('h-1.5 overflow-hidden rounded-full bg-sunken', className)}
    >
      <div
        className={cn(
          'h-full rounded-full bg-accent',
          share === null ? 'progress-unknown w-1/4' : 'transition-[width] duration-700 ease-linear',
        )}
        style={share === null ? undefined : { width: `${Math.max(share * 100, 1)}%` }}
      />
    </div>
  )
}

/** On the page of a registry: what its sync does, how far and how fast it is, and what it cost so far. */
export function SyncProgressPanel({ sync }: { sync: Progress }) {
  const now = useNow()
  const left = sync && leftOf(sync)
  const facts = sync
    ? [
        formatDuration(Math.max(0, Math.floor((now - Date.parse(sync.startedTime)) / 1000) * 1000)),
        sync.perSecond === null || sync.step === 'connecting'
          ? ''
          : `${formatNumber(sync.perSecond)} a second`,
        left ? `about ${formatDuration(left)} left` : '',
        `${count(sync.requests, 'request')}, ${formatBytes(sync.bytes)}`,
      ].filter(Boolean)
    : []
  return (
    <section
      aria-label="Running sync"
      className="flex flex-col gap-2.5 rounded-lg border bg-surface px-4 py-3.5"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 tabular-nums">
        <p className="font-medium">{told(sync)}</p>
        <p className="text-ink-soft text-xs">{facts.join(' · ')}</p>
      </div>
      <Bar sync={sync} />
      {sync && sync.failed > 0 ? (
        <p className="text-warn text-xs">
          {count(sync.failed, 'version')} could not be read so far. They keep what they had.
        </p>
      ) : null}
      {/* Each step is told, not each number. */}
      <p aria-live="polite" className="sr-only">
        {sync ? STEP_WORDS[sync.step] : 'Waiting for its turn'}
      </p>
    </section>
  )
}

/** On a row: the same in one line. */
export const RowProgress = ({ sync }: { sync: Progress }) => (
  <div className="flex max-w-md flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-xs tabular-nums">
    <Bar sync={sync} className="w-28 shrink-0" />
    <span>
      {told(sync)}
      {sync && sync.failed > 0 ? `, ${formatNumber(sync.failed)} not readable` : ''}
    </span>
  </div>
)
