'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { LayoutGrid, ListFilter, Rows3, X } from 'lucide-react'
import Link from 'next/link'
import { useMemo, useState } from 'react'

import { ALL_LAYERS, StackMark } from '@/components/profiles/stack-mark'
import { SearchText } from '@/components/shell/search-text'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count, formatNumber } from '@/components/ui/numbers'
import { asName, notHereHref } from '@/components/why/href'
import { ExportMenu, ExportNotice, useExport } from './export-menu'
import { Facets } from './facets'
import { PackGrid, PackTable } from './pack-rows'
import { facetsQuery, PACK_SORTS, packsQuery, readChoice } from './queries'

/** The catalog: search, facets, grid or table. All of its state is in the address. */
export function PackList() {
  const { query, set } = useAddress()
  const choice = readChoice(query)
  const dense = query.get('view') === 'table'
  const packs = useInfiniteQuery(packsQuery(choice))
  const [facetsOpen, setFacetsOpen] = useState(false)
  const facets = useQuery(facetsQuery(choice))
  const exporting = useExport(choice)
  const { registries, layers, addonTypes, clouds, states } = choice
  const chosen = [registries, layers, addonTypes, clouds, states].reduce((sum, one) => sum + one.length, 0)
  const isNarrowed = chosen > 0 || choice.text !== ''
  const clear = () => set({ q: null, registry: null, layer: null, type: null, cloud: null, state: null })

  const items = useMemo(() => packs.data?.pages.flatMap((page) => page.items) ?? [], [packs.data])
  const more = () => {
    if (packs.hasNextPage && !packs.isFetchingNextPage && !packs.isPlaceholderData) void packs.fetchNextPage()
  }
  const total = packs.data?.pages[0]?.listmeta.count ?? 0
  const isAlike = items[0]?.spec.packyard.isAlike === true
  if (packs.isSuccess && total === 0 && !isNarrowed) return <NoPacks />
  const Rows = dense ? PackTable : PackGrid
  return (
    <div className="grid gap-6 lg:grid-cols-[220px_minmax(0,1fr)]">
      <aside aria-label="Filters" className={cn('lg:block', facetsOpen ? 'block' : 'hidden')}>
        <Facets choice={choice} onChange={(key, values) => set({ [key]: values })} />
      </aside>
      <div className="flex min-w-0 flex-col gap-4">
        <div className="flex flex-wrap items-center gap-2">
          <SearchText
            label="Search packs"
            placeholder="Search by name or description"
            text={choice.text}
            onText={(q) => set({ q })}
            className="min-w-52 flex-1"
          />
          <Button
            className="lg:hidden"
            aria-expanded={facetsOpen}
            onClick={() => setFacetsOpen(!facetsOpen)}
            icon={<ListFilter aria-hidden />}
          >
            Filters{chosen > 0 ? ` (${chosen})` : ''}
          </Button>
          <select
            aria-label="Sort by"
            value={choice.sort}
            onChange={(event) => set({ sort: event.target.value })}
            className="h-9 rounded border border-line-strong bg-surface px-2"
          >
            {Object.entries(PACK_SORTS).map(([value, { name }]) =>
              value === 'best' && !choice.text ? null : (
                <option key={value} value={value}>
                  {name}
                </option>
              ),
            )}
          </select>
          <fieldset className="flex">
            <legend className="sr-only">View</legend>
            <Button
              size="icon"
              aria-label="Grid"
              aria-pressed={!dense}
              onClick={() => set({ view: null })}
              className={cn('rounded-r-none', !dense && 'bg-accent-soft text-accent')}
            >
              <LayoutGrid aria-hidden />
            </Button>
            <Button
              size="icon"
              aria-label="Table"
              aria-pressed={dense}
              onClick={() => set({ view: 'table' })}
              className={cn('-ml-px rounded-l-none', dense && 'bg-accent-soft text-accent')}
            >
              <Rows3 aria-hidden />
            </Button>
          </fieldset>
          <ExportMenu exporting={exporting} isEmpty={packs.isSuccess && total === 0} />
        </div>
        <ExportNotice exporting={exporting} />
        <div className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-xs">
          <p aria-live="polite">
            {packs.isSuccess
              ? isAlike
                ? `No pack has these words. ${total === 1 ? 'One is' : `${total} are`} spelled alike.`
                : total === RANKED && (facets.data?.total ?? 0) > RANKED
                  ? `The ${count(RANKED, 'best match', 'best matches')} of ${howMany(facets.data)}`
                  : count(total, 'pack')
              : ''}
          </p>
          {isNarrowed ? (
            <button
              type="button"
              onClick={clear}
              className="inline-flex items-center gap-1 whitespace-nowrap text-accent hover:underline"
            >
              <X aria-hidden className="size-3.5" />
              Clear search and filters
            </button>
          ) : null}
        </div>
        {packs.isPending ? (
          <SkeletonRows label="Loading packs" rows={6} height={dense ? 'h-8' : 'h-32'} />
        ) : packs.isError ? (
          <LoadFailed what="The packs" error={packs.error} retry={() => void packs.refetch()} />
        ) : items.length === 0 ? (
          <NothingFits text={choice.text} clear={clear} />
        ) : (
          <div className={cn(packs.isPlaceholderData && 'opacity-60')}>
            <Rows packs={items} total={total} onNearEnd={more} />
          </div>
        )}
        {packs.hasNextPage ? (
          <Button className="self-center" busy={packs.isFetchingNextPage} onClick={more}>
            Show more
          </Button>
        ) : null}
      </div>
    </div>
  )
}

/** Of a search by words so many are listed at most. */
const RANKED = 1000

const howMany = (facets: { total: number; isMore: boolean } | undefined) =>
  `${formatNumber(facets?.total ?? 0)}${facets?.isMore ? '+' : ''} packs`

const NothingFits = ({ text, clear }: { text: string; clear: () => void }) => (
  <Empty
    title="No pack fits"
    action={
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={clear}>Clear search and filters</Button>
        <Button asChild>
          <Link href={notHereHref(asName(text))}>Why is it not here?</Link>
        </Button>
      </div>
    }
  >
    Search looks at names, display names, descriptions and keywords. Take back a filter, or use fewer words.
  </Empty>
)

const NoPacks = () => (
  <Empty
    picture={<StackMark layers={ALL_LAYERS} width={80} slab={12} />}
    title="The catalog is empty"
    action={
      <Button look="primary" asChild>
        <Link href="/admin/settings/pack-registries/new">Add New Pack Registry</Link>
      </Button>
    }
  >
    Packs come from registries. Add one, and its packs are here after the first sync.
  </Empty>
)
