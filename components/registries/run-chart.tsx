'use client'

import Link from 'next/link'
import { type KeyboardEvent, useRef, useState } from 'react'

import { cn } from '@/components/ui/cn'
import { formatDuration, formatNumber } from '@/components/ui/numbers'
import { RelativeTime } from '@/components/ui/time'
import type { SyncRun } from './queries'
import { COUNT_WORDS, durationOf, OUTCOMES, runHref, triggerOf } from './run-words'

const MOST = 50

/** Durations differ by thousands, so each line stands for ten times the one below. */
const DECADES_MS = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]

const OUTCOME_FILL: Record<SyncRun['outcome'], string> = {
  running: 'var(--focus)',
  completed: 'var(--accent)',
  unchanged: 'var(--line-strong)',
  failed: 'var(--bad)',
  abandoned: 'var(--warn)',
  cancelled: 'var(--warn)',
}
/** What a run changed, from the bottom up. */
const CHANGE_FILL = {
  added: 'var(--accent)',
  changed: 'color-mix(in oklch, var(--accent) 45%, var(--surface))',
  returned: 'var(--good)',
  removed: 'var(--ink-faint)',
  held: 'var(--warn)',
  failed: 'var(--bad)',
} as const
const CHANGES = Object.keys(CHANGE_FILL) as (keyof typeof CHANGE_FILL)[]

const sumOf = (run: SyncRun) => CHANGES.reduce((sum, key) => sum + run[key], 0)

/** The share of a change in the height, in percent. By the root of all changes: a first sync would hide all others. */
const partOf = (run: SyncRun, key: keyof typeof CHANGE_FILL, most: number) =>
  (run[key] / sumOf(run)) * Math.sqrt(sumOf(run) / most) * 100

/** The same without its fraction: `1.0 s` is `1 s`, a minute and more in minutes. */
const onLine = (ms: number) =>
  ms < 60_000 ? formatDuration(ms).replace('.0', '') : `${Math.round(ms / 60_000)} min`

/**
 * The last runs as bars, oldest first: above how long each took, below what it changed. One stop of the keyboard: arrow
 * keys go from run to run, Enter opens one. The table tells the same.
 */
export function RunChart({ uid, runs }: { uid: string; runs: SyncRun[] }) {
  const shown = runs.slice(0, MOST).reverse()
  const [at, setAt] = useState<string | null>(null)
  const bars = useRef<(HTMLAnchorElement | null)[]>([])
  const now = new Date()
  const longest = Math.max(...shown.map((run) => durationOf(run, now)), 100)
  const ceiling = DECADES_MS.find((ms) => ms >= longest) ?? longest
  const toShare = (ms: number) => Math.max(2, (Math.log10(Math.max(ms, 1.2)) / Math.log10(ceiling)) * 100)
  const most = Math.max(...shown.map(sumOf), 1)
  const told = shown.find((run) => run.uid === at) ?? shown.at(-1)
  const onKeyDown = (event: KeyboardEvent) => {
    const index = bars.current.indexOf(event.target as HTMLAnchorElement)
    const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: shown.length - 1 }[event.key]
    if (index < 0 || next === undefined) return
    event.preventDefault()
    bars.current[Math.min(Math.max(next, 0), shown.length - 1)]?.focus()
  }
  return (
    <figure className="flex flex-col gap-2.5">
      <div className="relative grid grid-cols-[minmax(0,1fr)_3.25rem]">
        <div
          aria-hidden
          className="pointer-events-none absolute inset-0 grid grid-cols-[minmax(0,1fr)_3.25rem]"
        >
          <div className="relative h-24 border-line-strong border-b">
            {DECADES_MS.filter((ms) => ms <= ceiling).map((ms) => (
              <div
                key={ms}
                className="absolute inset-x-0 border-t border-dashed"
                style={{ bottom: `${toShare(ms)}%` }}
              />
            ))}
          </div>
          <div className="relative h-24">
            {DECADES_MS.filter((ms) => ms <= ceiling).map((ms) => (
              <span
                key={ms}
                className="absolute left-2 translate-y-1/2 whitespace-nowrap text-ink-faint text-xs"
                style={{ bottom: `${toShare(ms)}%` }}
              >
                {onLine(ms)}
              </span>
            ))}
          </div>
          <div className="mt-4 h-14 border-line-strong border-t border-b [border-top-style:dashed] [border-top-color:var(--line)]" />
          <span className="mt-4 pl-2 text-ink-faint text-xs leading-none">{formatNumber(most)}</span>
        </div>
        <ol
          aria-label="The last syncs, oldest first"
          className="relative flex h-42 justify-end"
          onKeyDown={onKeyDown}
          onPointerLeave={() => setAt(null)}
        >
          {shown.map((run, index) => (
            <li key={run.uid} className="flex min-w-0 max-w-6 flex-1">
              <Link
                ref={(bar) => {
                  bars.current[index] = bar
                }}
                href={runHref(uid, run)}
                tabIndex={run === told ? 0 : -1}
                aria-label={sentence(run, now)}
                onPointerEnter={() => setAt(run.uid)}
                onFocus={() => setAt(run.uid)}
                className={cn('flex flex-1 flex-col rounded-sm px-[12%]', run.uid === at && 'bg-ink/7')}
              >
                <span className="flex h-24 items-end">
                  <span
                    className="w-full rounded-t-xs"
                    style={{
                      height: `${toShare(durationOf(run, now))}%`,
                      background: OUTCOME_FILL[run.outcome],
                    }}
                  />
                </span>
                <span className="mt-4 flex h-14 flex-col-reverse overflow-hidden">
                  {CHANGES.map((key) =>
                    run[key] === 0 ? null : (
                      <span
                        key={key}
                        className="min-h-0.5 w-full shrink-0"
                        style={{ height: `${partOf(run, key, most)}%`, background: CHANGE_FILL[key] }}
                      />
                    ),
                  )}
                </span>
              </Link>
            </li>
          ))}
        </ol>
      </div>
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1.5 text-ink-soft text-xs">
        <span className="flex flex-wrap gap-x-3.5 gap-y-1">
          <span className="text-ink-faint">Above: how long. Below: what changed.</span>
          {CHANGES.filter((key) => shown.some((run) => run[key] > 0)).map((key) => (
            <Key key={key} fill={CHANGE_FILL[key]} name={COUNT_WORDS[key]} />
          ))}
          <Key fill={OUTCOME_FILL.unchanged} name="Unchanged" />
        </span>
        {told ? (
          <span aria-hidden className="tabular-nums">
            <RelativeTime time={told.startedTime} />: {sentence(told, now)}
          </span>
        ) : null}
      </figcaption>
    </figure>
  )
}

/** `Sync now: completed in 1.2 s, 3 added, 1 failed`. */
function sentence(run: SyncRun, now: Date): string {
  const changes = CHANGES.filter((key) => run[key] > 0).map(
    (key) => `${formatNumber(run[key])} ${COUNT_WORDS[key].toLowerCase()}`,
  )
  const end = `${OUTCOMES[run.outcome].name.toLowerCase()} in ${formatDuration(durationOf(run, now))}`
  return `${triggerOf(run)}: ${[end, ...changes].join(', ')}`
}

const Key = ({ fill, name }: { fill: string; name: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <span aria-hidden className="size-2.5 rounded-xs" style={{ background: fill }} />
    {name}
  </span>
)
