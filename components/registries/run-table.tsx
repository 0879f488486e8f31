'use client'

import Link from 'next/link'
import { Fragment } from 'react'

import { formatBytes, formatDuration, formatNumber } from '@/components/ui/numbers'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import type { SyncRun } from './queries'
import { COUNT_WORDS, durationOf, OUTCOMES, runHref, triggerOf } from './run-words'
import { LookBadge } from './state'

const COUNTS = ['listed', 'added', 'changed', 'removed', 'held', 'failed', 'requests'] as const

/** The last runs, newest first. Each leads to what it did to which version. */
export function RunTable({ uid, runs }: { uid: string; runs: SyncRun[] }) {
  const now = new Date()
  return (
    <Table label="Sync runs">
      <thead>
        <tr>
          <Th>Started</Th>
          <Th>Trigger</Th>
          <Th>Outcome</Th>
          <Th className="text-right">Duration</Th>
          {COUNTS.map((key) => (
            <Th key={key} className="text-right">
              {COUNT_WORDS[key]}
            </Th>
          ))}
          <Th className="text-right">Bytes</Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Fragment key={run.uid}>
            <tr>
              <Td className="h-9">
                <Link
                  href={runHref(uid, run)}
                  className="inline-block text-accent underline-offset-3 hover:underline"
                >
                  <span className="sr-only">Sync run of </span>
                  <RelativeTime time={run.startedTime} />
                </Link>
              </Td>
              <Td className="h-9 whitespace-nowrap text-ink-soft">
                {triggerOf(run)}
                {run.actor ? <span className="text-ink-faint"> by {run.actor}</span> : null}
              </Td>
              <Td className="h-9">
                <LookBadge {...OUTCOMES[run.outcome]} />
              </Td>
              <Td className="h-9 whitespace-nowrap text-right">{formatDuration(durationOf(run, now))}</Td>
              {COUNTS.map((key) => (
                <Td key={key} className={`h-9 text-right ${run[key] === 0 ? 'text-ink-faint' : ''}`}>
                  {formatNumber(run[key])}
                </Td>
              ))}
              <Td className="h-9 whitespace-nowrap text-right text-ink-soft">{formatBytes(run.bytes)}</Td>
            </tr>
            {run.message ? (
              <tr>
                <td colSpan={COUNTS.length + 5} className="px-4 pb-2 text-ink-soft text-xs">
                  {run.message}
                </td>
              </tr>
            ) : null}
          </Fragment>
        ))}
      </tbody>
    </Table>
  )
}
