'use client'

import { Fragment } from 'react'

import { Badge } from '@/components/ui/badge'
import { formatBytes, formatDuration, formatNumber } from '@/components/ui/numbers'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import type { SyncRun } from './queries'
import { durationOf, OUTCOMES, triggerOf } from './run-words'

const COUNTS = ['listed', 'added', 'changed', 'removed', 'failed', 'requests'] as const

/** The last runs, newest first. */
export function RunTable({ runs }: { runs: SyncRun[] }) {
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
              {`${key[0]?.toUpperCase()}${key.slice(1)}`}
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
                <RelativeTime time={run.startedTime} />
              </Td>
              <Td className="h-9 whitespace-nowrap text-ink-soft">{triggerOf(run)}</Td>
              <Td className="h-9">
                <Badge tone={OUTCOMES[run.outcome].tone}>{OUTCOMES[run.outcome].name}</Badge>
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
                <td colSpan={11} className="px-4 pb-2 text-ink-soft text-xs">
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
