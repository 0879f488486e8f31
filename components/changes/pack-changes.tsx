'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { ChangeList } from './change-list'
import { someChangesQuery } from './queries'

const SHOWN = 50

/** What happened to the versions of one pack, in every registry that carries it. */
export function PackChanges({ name }: { name: string }) {
  const changes = useQuery(someChangesQuery({ name }, SHOWN))
  if (changes.isPending) return <SkeletonRows label="Loading changes" rows={4} height="h-14" />
  if (changes.isError)
    return <LoadFailed what="The changes" error={changes.error} retry={() => void changes.refetch()} />
  const { items, listmeta } = changes.data
  if (items.length === 0)
    return (
      <Empty title="Nothing has changed since it came">
        New versions, other content, deprecations and ends of life are told here when a sync finds them.
      </Empty>
    )
  return (
    <div className="overflow-hidden rounded-lg border bg-surface">
      <ChangeList changes={items} label="Changes" ofOnePack />
      {listmeta.continue ? (
        <p className="border-t px-4 py-2.5">
          <Link
            href={`/changes?pack=${encodeURIComponent(name)}`}
            className="text-accent text-xs underline-offset-3 hover:underline"
          >
            All changes of this pack
          </Link>
        </p>
      ) : null}
    </div>
  )
}
