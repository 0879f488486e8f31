'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import Link from 'next/link'

import { registryNamesQuery } from '@/components/profiles/queries'
import { PageHeader } from '@/components/shell/page-header'
import { SearchText } from '@/components/shell/search-text'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { CHANGE_KINDS } from '@/lib/catalog/words'
import { ChangeList } from './change-list'
import { FeedButton } from './feed-dialog'
import { changesQuery, readChangeChoice, SPANS } from './queries'
import { KIND_LOOKS } from './words'

const box = 'h-9 max-w-full rounded border border-line-strong bg-surface px-2'

/** What changed in the catalog, over all registries. What is chosen stands in the address. */
export function ChangesPage() {
  const { query, set } = useAddress()
  const choice = readChangeChoice(query)
  const changes = useInfiniteQuery(changesQuery(choice))
  const registries = useQuery(registryNamesQuery())
  const items = changes.data?.pages.flatMap((page) => page.items) ?? []
  const { registries: chosen, kinds, name, run, days } = choice
  const isNarrowed = chosen.length + kinds.length > 0 || name !== '' || run !== '' || days !== ''
  const clear = () => set({ registry: null, kind: null, pack: null, run: null, days: null })
  return (
    <>
      <PageHeader
        title="What changed"
        description="New versions, other content, life cycle: what syncs found in your registries, and what the calendar brought."
        trail={[{ href: '/packs', name: 'Packs' }]}
        actions={<FeedButton registryUid={chosen[0]} name={name || undefined} />}
      />
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center gap-2">
          <SearchText
            label="Pack name"
            placeholder="Name of a pack, in full"
            text={name}
            onText={(pack) => set({ pack })}
            className="min-w-52 flex-1"
          />
          <select
            aria-label="Registry"
            value={chosen[0] ?? ''}
            onChange={(event) => set({ registry: event.target.value || null })}
            className={box}
          >
            <option value="">All registries</option>
            {registries.data?.items.map((one) => (
              <option key={one.uid} value={one.uid}>
                {one.name}
              </option>
            ))}
          </select>
          <select
            aria-label="What happened"
            value={kinds.length === 1 ? kinds[0] : kinds.length > 1 ? 'several' : ''}
            onChange={(event) => set({ kind: event.target.value || null })}
            className={box}
          >
            <option value="">All changes</option>
            {kinds.length > 1 ? (
              <option value="several" disabled>
                {kinds.map((kind) => KIND_LOOKS[kind].name).join(', ')}
              </option>
            ) : null}
            {CHANGE_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {KIND_LOOKS[kind].name}
              </option>
            ))}
          </select>
          <select
            aria-label="Since"
            value={days}
            onChange={(event) => set({ days: event.target.value || null })}
            className={box}
          >
            <option value="">Any time</option>
            {Object.entries(SPANS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        {isNarrowed ? (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-xs">
            {run ? <span>Of one sync run only</span> : null}
            <button
              type="button"
              onClick={clear}
              className="inline-flex items-center gap-1 whitespace-nowrap text-accent hover:underline"
            >
              <X aria-hidden className="size-3.5" />
              Clear filters
            </button>
          </p>
        ) : null}
        {changes.isPending ? (
          <SkeletonRows label="Loading changes" rows={8} height="h-14" />
        ) : changes.isError ? (
          <LoadFailed what="The changes" error={changes.error} retry={() => void changes.refetch()} />
        ) : items.length === 0 ? (
          isNarrowed ? (
            <Empty title="No change fits" action={<Button onClick={clear}>Clear filters</Button>}>
              Take back a filter, or look further back. A pack is found by its whole name.
            </Empty>
          ) : (
            <Empty
              title="Nothing has changed yet"
              action={
                <Button asChild>
                  <Link href="/admin/settings/pack-registries">Go to pack registries</Link>
                </Button>
              }
            >
              When a registry gets new versions, changes or loses some, the next sync tells it here.
            </Empty>
          )
        ) : (
          <>
            <div className="overflow-hidden rounded-lg border bg-surface">
              <ChangeList changes={items} label="Changes" />
            </div>
            {changes.hasNextPage ? (
              <Button
                className="self-center"
                busy={changes.isFetchingNextPage}
                onClick={() => void changes.fetchNextPage()}
              >
                Show older changes
              </Button>
            ) : null}
          </>
        )}
      </div>
    </>
  )
}
