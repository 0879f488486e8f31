'use client'

import { useQuery } from '@tanstack/react-query'

import { ChangeList } from '@/components/changes/change-list'
import { someChangesQuery } from '@/components/changes/queries'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Section } from './section'

const SHOWN = 5

/** The last changes of the catalog. */
export function RecentChanges() {
  const changes = useQuery(someChangesQuery({}, SHOWN))
  return (
    <Section title="What changed" all={{ href: '/changes', name: 'All changes' }}>
      {changes.isPending ? (
        <SkeletonRows label="Loading changes" rows={3} height="h-12" />
      ) : changes.isError ? (
        <div className="pt-3">
          <LoadFailed what="The changes" error={changes.error} retry={() => void changes.refetch()} />
        </div>
      ) : changes.data.items.length === 0 ? (
        <p className="py-4 text-ink-soft">Nothing yet. What the next syncs find is told here.</p>
      ) : (
        <ChangeList changes={changes.data.items} label="Last changes" plainDays flush />
      )}
    </Section>
  )
}
