'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { FeedButton } from '@/components/changes/feed-dialog'
import { LayerChip } from '@/components/packs/layer-chip'
import { PackLogo } from '@/components/packs/pack-logo'
import { Button } from '@/components/ui/button'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { packsOfQuery } from './queries'

/** The first of a registry's packs, and the way to all of them. */
export function RegistryPacks({ uid }: { uid: string }) {
  const packs = useQuery(packsOfQuery(uid))
  const total = packs.data?.listmeta.count ?? 0
  return (
    <Panel
      title="Packs"
      flush
      actions={
        total > 0 ? (
          <>
            <FeedButton registryUid={uid} size="small" />
            <Button size="small" asChild>
              <Link href={`/changes?registry=${uid}`}>What changed</Link>
            </Button>
            <Button size="small" asChild>
              <Link href={`/packs?registry=${uid}`}>
                {total === 1 ? 'See it in the catalog' : `See all ${count(total, 'pack')}`}
              </Link>
            </Button>
          </>
        ) : undefined
      }
    >
      {packs.isPending ? (
        <SkeletonRows label="Loading packs" rows={4} height="h-10" />
      ) : packs.isError ? (
        <div className="p-4">
          <LoadFailed what="The packs" error={packs.error} retry={() => void packs.refetch()} />
        </div>
      ) : total === 0 ? (
        <p className="p-4 text-ink-soft">
          None yet. What is pushed to the registry arrives at the next sync.
        </p>
      ) : (
        <ul aria-label="Packs of this registry" className="divide-y divide-line">
          {packs.data.items.map(({ spec }) => (
            <li key={spec.name} className="flex items-center gap-3 px-4 py-2">
              <PackLogo
                url={spec.registries[0]?.logoUrl ?? ''}
                name={spec.displayName}
                layer={spec.layer}
                size={28}
              />
              <Link
                href={`/packs/${encodeURIComponent(spec.name)}`}
                className="min-w-0 flex-1 truncate font-medium underline-offset-3 hover:underline"
              >
                {spec.displayName}
              </Link>
              <span className="mono hidden max-w-32 truncate text-ink-soft text-xs sm:inline">
                {spec.registries.find((one) => one.uid === uid)?.latestVersion}
              </span>
              <LayerChip layer={spec.layer} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
