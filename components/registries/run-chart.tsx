'use client'

import { useState } from 'react'

import { count, formatDuration } from '@/components/ui/numbers'
import type { SyncRun } from './queries'
import { durationOf, OUTCOMES, triggerOf } from './run-words'

const MOST = 50
const FEWEST = 24
const SLOT = 12
const BAR = 8
const TOP = { y: 6, height: 70 }
const BOTTOM = { y: 96, height: 44 }
const HEIGHT = BOTTOM.y + BOTTOM.height + 4

/** Durations differ by thousands, so each line stands for ten times the one below. */
const DECADES_MS = [10, 100, 1_000, 10_000, 100_000, 1_000_000]

const OUTCOME_FILL: Record<SyncRun['outcome'], string> = {
  running: 'var(--focus)',
  completed: 'var(--accent)',
  unchanged: 'var(--line-strong)',
  failed: 'var(--bad)',
  abandoned: 'var(--warn)',
  cancelled: 'var(--warn)',
}
const CHANGE_FILL = {
  added: 'var(--accent)',
  changed: 'color-mix(in oklch, var(--accent) 45%, var(--surface))',
  removed: 'var(--ink-faint)',
  failed: 'var(--bad)',
} as const
const CHANGES = Object.keys(CHANGE_FILL) as (keyof typeof CHANGE_FILL)[]

/** The last runs as bars, oldest first: how long each took, and below what it changed. The table tells the same. */
export function RunChart({ runs }: { runs: SyncRun[] }) {
  const [at, setAt] = useState<SyncRun | null>(null)
  const now = new Date()
  const shown = runs.slice(0, MOST).reverse()
  const slots = Math.max(shown.length, FEWEST)
  const width = slots * SLOT
  const longest = Math.max(...shown.map((run) => durationOf(run, now)), 100)
  const ceiling = DECADES_MS.find((ms) => ms >= longest) ?? longest
  const toHeight = (ms: number) =>
    Math.max(2, (Math.log10(Math.max(ms, 1)) / Math.log10(ceiling)) * TOP.height)
  const most = Math.max(...shown.map((run) => CHANGES.reduce((sum, key) => sum + run[key], 0)), 1)
  const first = slots - shown.length
  const failures = shown.filter((run) => run.outcome === 'failed').length
  const told = at ?? shown.at(-1)
  return (
    <figure className="flex flex-col gap-2" style={{ maxWidth: (width + 40) * 1.25 }}>
      <svg
        viewBox={`0 0 ${width + 40} ${HEIGHT}`}
        role="img"
        aria-label={`The last ${count(shown.length, 'sync')}: ${failures === 0 ? 'none failed' : `${failures} failed`}`}
        className="w-full"
        onPointerLeave={() => setAt(null)}
      >
        {DECADES_MS.filter((ms) => ms <= ceiling).map((ms) => {
          const y = TOP.y + TOP.height - toHeight(ms)
          return (
            <g key={ms}>
              <line x1="0" x2={width} y1={y} y2={y} stroke="var(--line)" strokeDasharray="2 3" />
              <text x={width + 6} y={y + 3.5} fontSize="10" fill="var(--ink-faint)">
                {ms < 60_000 ? formatDuration(ms).replace('.0', '') : formatDuration(ms)}
              </text>
            </g>
          )
        })}
        <line
          x1="0"
          x2={width}
          y1={TOP.y + TOP.height + 0.5}
          y2={TOP.y + TOP.height + 0.5}
          stroke="var(--line-strong)"
        />
        <line
          x1="0"
          x2={width}
          y1={BOTTOM.y + BOTTOM.height + 0.5}
          y2={BOTTOM.y + BOTTOM.height + 0.5}
          stroke="var(--line-strong)"
        />
        <text x={width + 6} y={BOTTOM.y + 10} fontSize="10" fill="var(--ink-faint)">
          {most}
        </text>
        {shown.map((run, index) => {
          const x = (first + index) * SLOT + (SLOT - BAR) / 2
          const height = toHeight(durationOf(run, now))
          let y = BOTTOM.y + BOTTOM.height
          return (
            <g key={run.uid} onPointerEnter={() => setAt(run)}>
              <rect
                x={x - 2}
                y="0"
                width={SLOT}
                height={HEIGHT}
                fill={run === at ? 'var(--sunken)' : 'transparent'}
              />
              <rect
                x={x}
                y={TOP.y + TOP.height - height}
                width={BAR}
                height={height}
                rx="1"
                fill={OUTCOME_FILL[run.outcome]}
              />
              {CHANGES.map((key) => {
                if (run[key] === 0) return null
                const part = Math.max(2, (run[key] / most) * BOTTOM.height)
                y -= part
                return <rect key={key} x={x} y={y} width={BAR} height={part} fill={CHANGE_FILL[key]} />
              })}
            </g>
          )
        })}
      </svg>
      <figcaption className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 text-ink-faint text-xs">
        <span className="flex flex-wrap gap-x-3.5 gap-y-1">
          <Key fill={OUTCOME_FILL.unchanged} name="Unchanged" />
          {CHANGES.map((key) => (
            <Key key={key} fill={CHANGE_FILL[key]} name={`${key[0]?.toUpperCase()}${key.slice(1)}`} />
          ))}
        </span>
        {told ? (
          <span className="tabular-nums">
            {triggerOf(told)} · {OUTCOMES[told.outcome].name.toLowerCase()} in{' '}
            {formatDuration(durationOf(told, now))}
          </span>
        ) : null}
      </figcaption>
    </figure>
  )
}

const Key = ({ fill, name }: { fill: string; name: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <span aria-hidden className="size-2.5 rounded-xs" style={{ background: fill }} />
    {name}
  </span>
)
