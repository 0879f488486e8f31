'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import Link from 'next/link'

import { StackMark } from '@/components/profiles/stack-mark'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count } from '@/components/ui/numbers'
import { RelativeTime } from '@/components/ui/time'
import type { Answer } from '@/lib/client/call'
import type { RecentProfile } from './queries'
import { Section } from './section'

/** The profiles that somebody worked on last, each with its stack. */
export function RecentProfiles({ profiles }: { profiles: UseQueryResult<Answer<'listProfiles'>> }) {
  return (
    <Section title="Recent cluster profiles" all={{ href: '/profiles', name: 'All cluster profiles' }}>
      {profiles.isPending ? (
        <SkeletonRows label="Loading cluster profiles" rows={3} height="h-12" />
      ) : profiles.isError ? (
        <div className="pt-3">
          <LoadFailed
            what="The cluster profiles"
            error={profiles.error}
            retry={() => void profiles.refetch()}
          />
        </div>
      ) : profiles.data.items.length === 0 ? (
        <p className="py-4 text-ink-soft">
          None yet. A cluster profile is a stack of packs, one for each layer.
        </p>
      ) : (
        <ul aria-label="Recent cluster profiles" className="divide-y divide-line">
          {profiles.data.items.map((profile) => (
            <ProfileLine key={profile.metadata.uid} profile={profile} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function ProfileLine({ profile }: { profile: RecentProfile }) {
  const { uid, name, lastModifiedTimestamp } = profile.metadata
  const { version, draft, published } = profile.specSummary
  const packs = (draft ?? published)?.packs ?? []
  return (
    <li className="flex items-center gap-4 py-2.5">
      <span className="grid w-10 shrink-0 place-items-center">
        <StackMark layers={packs.map((pack) => pack.layer)} width={30} slab={4} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col">
        <Link href={`/profiles/${uid}`} className="truncate font-medium underline-offset-3 hover:underline">
          {name}
        </Link>
        <span className="truncate text-ink-faint text-xs">
          <span className="mono">{version}</span> · {draft ? 'draft' : 'published'} ·{' '}
          {count(packs.length, 'layer')}
        </span>
      </div>
      <span className="text-ink-faint text-xs">
        <RelativeTime time={lastModifiedTimestamp} />
      </span>
    </li>
  )
}
