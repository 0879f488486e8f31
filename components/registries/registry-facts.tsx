'use client'

import type { ReactNode } from 'react'

import { formatMinutes, formatNumber } from '@/components/ui/numbers'
import { RelativeTime } from '@/components/ui/time'
import type { Registry } from './queries'

/** A registry in figures. */
export function Facts({ registry }: { registry: Registry }) {
  const { packs, versions, failing, syncEveryMinutes, nextSyncTime, state } = registry.status.packyard
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 lg:grid-cols-5">
      <Fact name="Packs">{formatNumber(packs)}</Fact>
      <Fact name="Versions">{formatNumber(versions)}</Fact>
      <Fact name="Could not be read" tone={failing > 0 ? 'text-warn' : ''}>
        {formatNumber(failing)}
      </Fact>
      <Fact name="Last good sync">
        <RelativeTime time={registry.status.sync.lastSyncedTime} />
      </Fact>
      <Fact name={`Next sync, every ${formatMinutes(syncEveryMinutes)}`} last>
        {state === 'syncing' ? 'now' : <RelativeTime time={nextSyncTime} never="none" />}
      </Fact>
    </dl>
  )
}

const Fact = ({
  name,
  tone,
  last,
  children,
}: {
  name: string
  tone?: string
  last?: boolean
  children: ReactNode
}) => (
  <div className={`flex flex-col gap-1 bg-surface px-4 py-3 ${last ? 'col-span-2 lg:col-span-1' : ''}`}>
    <dt className="text-ink-faint text-xs">{name}</dt>
    <dd className={`text-lg tabular-nums ${tone ?? ''}`}>{children}</dd>
  </div>
)
