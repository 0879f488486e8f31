'use client'

import { useQuery } from '@tanstack/react-query'
import { Diff } from 'lucide-react'
import Link from 'next/link'

import { api } from '@/components/api'
import { packHref } from '@/components/changes/words'
import { endOfLife } from '@/components/packs/end-of-life'
import { PackStateBadge } from '@/components/packs/state-badge'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { count } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { RelativeTime } from '@/components/ui/time'
import type { Answer } from '@/lib/client/call'

export type AgingPack = Answer<'listAgingPacks'>['items'][number]

/** Packs of profiles that are going out of life. @param profileUid of one profile version; of all, without it */
export const agingPacksQuery = (profileUid?: string) => ({
  queryKey: ['profiles', 'aging', profileUid ?? ''],
  queryFn: ({ signal }: { signal: AbortSignal }) => api('listAgingPacks', { query: { profileUid } }, signal),
})

/** What is to be known of the packs of one profile version; nothing where all are well. */
export function AgingPacksOfProfile({ uid }: { uid: string }) {
  const { data } = useQuery(agingPacksQuery(uid))
  if (!data || data.items.length === 0) return null
  return (
    <Panel
      title={
        data.items.length === 1
          ? 'One pack is going out of life'
          : `${data.items.length} packs are going out of life`
      }
      description="The profile keeps what it holds. Make a new version with packs that are well."
      className="mb-6"
      flush
    >
      <AgingPackList items={data.items} />
    </Panel>
  )
}

/** Each pack with what is wrong and since when. */
export function AgingPackList({
  items,
  withProfiles,
  flush,
}: {
  items: readonly AgingPack[]
  /** Also says which profiles hold it. */
  withProfiles?: boolean
  flush?: boolean
}) {
  return (
    <ul aria-label="Packs going out of life" className="flex flex-col">
      {items.map((pack) => (
        <li
          key={pack.packUid}
          className={cn(
            'flex flex-col gap-x-4 gap-y-1 border-line border-b py-2.5 last:border-b-0 sm:flex-row sm:items-start',
            !flush && 'px-4',
          )}
        >
          <span className="w-44 shrink-0">
            <Mark pack={pack} />
          </span>
          <div className="flex min-w-0 flex-1 flex-col gap-0.5">
            <Link
              href={packHref(pack)}
              className="font-medium underline-offset-3 [overflow-wrap:anywhere] hover:underline"
            >
              {pack.displayName} {pack.version}
            </Link>
            <p className="text-ink-soft">
              <Why pack={pack} />
            </p>
            {withProfiles ? <HeldBy pack={pack} /> : null}
          </div>
        </li>
      ))}
    </ul>
  )
}

const isWell = (pack: AgingPack) =>
  pack.state === 'active' &&
  pack.goneTime === null &&
  !['near', 'ended'].includes(endOfLife(pack.eol, new Date())?.stage ?? '')

function Mark({ pack }: { pack: AgingPack }) {
  if (isWell(pack))
    return (
      <Badge tone="warn" icon={<Diff aria-hidden />}>
        Re-pushed
      </Badge>
    )
  return <PackStateBadge state={pack.state} gone={pack.goneTime !== null} eol={pack.eol} />
}

const Ago = ({ time }: { time: string | null }) =>
  time ? (
    <>
      {' '}
      <RelativeTime time={time} />
    </>
  ) : null

const STATE_WORDS = {
  deprecated: 'Deprecated',
  disabled: 'Disabled',
  deleted: 'Deleted by its author',
} as const

function Why({ pack: { goneTime, state, stateSinceTime, eol, rePushed, registry } }: { pack: AgingPack }) {
  const end = endOfLife(eol, new Date())
  return (
    <>
      {goneTime ? (
        <>
          {registry.name} stopped listing it
          <Ago time={goneTime} />.{' '}
        </>
      ) : null}
      {state !== 'active' ? (
        <>
          {STATE_WORDS[state]}
          <Ago time={stateSinceTime} />.{' '}
        </>
      ) : null}
      {end?.when && end.stage !== 'far'
        ? `Its life ${end.stage === 'ended' ? 'ended' : 'ends'} on ${end.date}, ${end.when}. `
        : null}
      {rePushed ? (
        <>
          Pushed again with other content
          <Ago time={rePushed.time} />.
        </>
      ) : null}
    </>
  )
}

const NAMED = 3

function HeldBy({ pack: { profiles, profileCount } }: { pack: AgingPack }) {
  const more = profileCount - Math.min(profiles.length, NAMED)
  return (
    <p className="text-ink-faint text-xs">
      In{' '}
      {profiles.slice(0, NAMED).map((one, index) => (
        <span key={one.uid}>
          {index > 0 ? ', ' : ''}
          <Link href={`/profiles/${one.uid}`} className="underline-offset-3 hover:underline">
            {one.name} {one.version}
          </Link>
        </span>
      ))}
      {more > 0 ? ` and ${count(more, 'more', 'more')}` : ''}
    </p>
  )
}
