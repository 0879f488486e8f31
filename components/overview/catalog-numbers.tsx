'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import Link from 'next/link'

import { LAYER_LOOKS, STACK_ORDER } from '@/components/packs/layers'
import { LoadFailed, Skeleton } from '@/components/ui/list-states'
import { count, formatNumber } from '@/components/ui/numbers'
import type { Answer } from '@/lib/client/call'
import type { Layer } from '@/lib/pack-format/manifest'
import { Section } from './section'

/** The catalog as a stack: a slab a layer, with the number of its packs. */
export function CatalogNumbers({ catalog }: { catalog: UseQueryResult<Answer<'countPackFacets'>> }) {
  return (
    <Section title="Catalog" all={{ href: '/packs', name: 'All packs' }}>
      {catalog.isPending ? (
        <div role="status" aria-label="Loading the catalog" className="flex flex-col gap-1 pt-6">
          {['a', 'b', 'c', 'd', 'e'].map((key) => (
            <Skeleton key={key} className="h-9" />
          ))}
        </div>
      ) : catalog.isError ? (
        <div className="pt-3">
          <LoadFailed what="The catalog" error={catalog.error} retry={() => void catalog.refetch()} />
        </div>
      ) : (
        <Loaded counts={catalog.data} />
      )}
    </Section>
  )
}

function Loaded({ counts }: { counts: Answer<'countPackFacets'> }) {
  const numbers = new Map(counts.layer.map(({ value, count }) => [value, count]))
  // From the top of the stack down; a kernel is shown only where there is one.
  const layers = STACK_ORDER.filter((layer) => layer !== 'kernel' || numbers.has(layer)).reverse()
  return (
    <>
      <p className="flex items-baseline gap-2 pt-4 pb-1">
        <span className="text-xl tabular-nums">{formatNumber(counts.total)}</span>
        <span className="text-ink-soft">{counts.total === 1 ? 'pack' : 'packs'}</span>
      </p>
      <ul aria-label="Packs by layer" className="flex flex-col pt-2.5">
        {layers.map((layer, index) => (
          <LayerSlab key={layer} layer={layer} packs={numbers.get(layer) ?? 0} isTop={index === 0} />
        ))}
      </ul>
    </>
  )
}

function LayerSlab({ layer, packs, isTop }: { layer: Layer; packs: number; isTop: boolean }) {
  const { name, hue } = LAYER_LOOKS[layer]
  return (
    <li className={`slab ${isTop ? 'slab-top' : ''}`} style={{ '--hue': hue } as React.CSSProperties}>
      <Link
        href={`/packs?layer=${layer}`}
        aria-label={`${name}: ${count(packs, 'pack')}`}
        className="flex h-9 items-center justify-between gap-3 pr-3 pl-4 hover:underline"
      >
        <span>{name}</span>
        <span className={`tabular-nums ${packs === 0 ? 'text-ink-faint' : 'font-medium'}`}>
          {formatNumber(packs)}
        </span>
      </Link>
    </li>
  )
}
