'use client'

import { useQuery } from '@tanstack/react-query'

import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Panel } from '@/components/ui/panel'
import { runsQuery } from './queries'
import { RunChart } from './run-chart'
import { RunTable } from './run-table'

/** A few runs show no course of things: the table tells them better alone. */
const FEWEST_FOR_CHART = 6

/** What the last syncs of a registry did. */
export function RunHistory({ uid, busy }: { uid: string; busy: boolean }) {
  const runs = useQuery(runsQuery(uid, busy))
  return (
    <Panel title="Sync history" description="Newest first, the last 50 runs at most." flush>
      {runs.isPending ? (
        <SkeletonRows label="Loading the sync history" rows={4} height="h-9" />
      ) : runs.isError && !runs.data ? (
        <div className="p-4">
          <LoadFailed what="The sync history" error={runs.error} retry={() => void runs.refetch()} />
        </div>
      ) : runs.data?.length ? (
        <>
          {runs.data.length < FEWEST_FOR_CHART ? null : (
            <div className="border-b p-4">
              <RunChart uid={uid} runs={runs.data} />
            </div>
          )}
          <RunTable uid={uid} runs={runs.data} />
        </>
      ) : (
        <p className="p-4 text-ink-soft">It has not been synced yet.</p>
      )}
    </Panel>
  )
}
