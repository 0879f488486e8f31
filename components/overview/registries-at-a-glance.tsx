'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import Link from 'next/link'

import type { Registry } from '@/components/registries/queries'
import { STATE_ORDER, StateBadge, troubleOf } from '@/components/registries/state'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count } from '@/components/ui/numbers'
import { RelativeTime } from '@/components/ui/time'
import { Section } from './section'

const SHOWN = 6
const LIST = '/admin/settings/pack-registries'

/** Registries by state, those that need a person first and with their reason. */
export function RegistriesAtAGlance({ registries }: { registries: UseQueryResult<Registry[]> }) {
  return (
    <Section title="Pack registries" all={{ href: LIST, name: 'All pack registries' }}>
      {registries.isPending ? (
        <SkeletonRows label="Loading pack registries" rows={3} height="h-10" />
      ) : registries.isError && !registries.data ? (
        <div className="pt-3">
          <LoadFailed
            what="The pack registries"
            error={registries.error}
            retry={() => void registries.refetch()}
          />
        </div>
      ) : (
        <Loaded all={registries.data ?? []} />
      )}
    </Section>
  )
}

function Loaded({ all }: { all: Registry[] }) {
  const ordered = [...all].sort(
    (one, other) =>
      STATE_ORDER.indexOf(one.status.packyard.state) - STATE_ORDER.indexOf(other.status.packyard.state),
  )
  const rest = ordered.length - SHOWN
  if (all.length === 0) return <p className="py-4 text-ink-soft">None yet. Packs come from registries.</p>
  return (
    <ul aria-label="Pack registries" className="divide-y divide-line">
      {ordered.slice(0, SHOWN).map((registry) => {
        const { uid, name } = registry.metadata
        const { state, versions } = registry.status.packyard
        const trouble = troubleOf(registry)
        return (
          <li key={uid} className="flex flex-col gap-1 py-2.5">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
              <Link
                href={`${LIST}/${uid}`}
                className="min-w-0 truncate font-medium underline-offset-3 hover:underline"
              >
                {name}
              </Link>
              <StateBadge state={state} />
              <span className="ml-auto text-ink-faint text-xs tabular-nums">
                {count(versions, 'version')} ·{' '}
                <RelativeTime time={registry.status.sync.lastSyncedTime} never="never synced" />
              </span>
            </div>
            {trouble ? (
              <p className="text-ink-soft text-xs [overflow-wrap:anywhere]">
                <span className="text-ink">{trouble.reason}</span> {trouble.fix}
              </p>
            ) : null}
          </li>
        )
      })}
      {rest > 0 ? (
        <li className="py-2.5">
          <Link href={LIST} className="text-accent text-xs underline-offset-3 hover:underline">
            {rest} more
          </Link>
        </li>
      ) : null}
    </ul>
  )
}
