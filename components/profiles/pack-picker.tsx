'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { LoaderCircle, Search } from 'lucide-react'
import Link from 'next/link'
import { useDeferredValue, useState } from 'react'

import { LAYER_LOOKS } from '@/components/packs/layers'
import { PackLogo } from '@/components/packs/pack-logo'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { SearchField, SelectField } from '@/components/ui/field'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import type { Layer } from '@/lib/pack-format/manifest'
import { type PackChoice, packChoicesQuery, registryNamesQuery } from './queries'
import { StackMark } from './stack-mark'
import { cloudName } from './words'

/** Which pack: of a registry or of all, by name. */
export function PackPicker({
  layers,
  cloudType,
  taken,
  current = '',
  busy,
  onChoose,
}: {
  layers: Layer[]
  cloudType: string
  /** Packs that the profile holds already: one of a name. */
  taken: ReadonlySet<string>
  /** The pack that is replaced. */
  current?: string
  /** The pack that is being fetched. */
  busy: string
  onChoose: (pack: PackChoice, registryUid: string) => void
}) {
  const [registryUid, setRegistryUid] = useState('')
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const registries = useQuery({ ...registryNamesQuery(), placeholderData: keepPreviousData })
  const packs = useInfiniteQuery(packChoicesQuery({ layers, registryUid, cloudType, text: wanted }))
  const items = packs.data?.pages.flatMap((page) => page.items) ?? []

  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-end gap-3 sm:grid-cols-2">
        <SelectField
          label="Registry"
          value={registryUid}
          onChange={(event) => setRegistryUid(event.target.value)}
        >
          <option value="">All registries</option>
          {registries.data?.items.map(({ uid, name }) => (
            <option key={uid} value={uid}>
              {name}
            </option>
          ))}
        </SelectField>
        <SearchField
          label="Search packs"
          placeholder="Name or what it does"
          icon={<Search />}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {packs.isPending ? (
        <SkeletonRows label="Loading packs" rows={4} height="h-14" />
      ) : packs.isError && items.length === 0 ? (
        <LoadFailed what="The packs" error={packs.error} retry={() => void packs.refetch()} />
      ) : items.length === 0 ? (
        <NoPacks {...{ layers, cloudType, text: wanted, registryUid }} />
      ) : (
        <>
          <ul aria-label="Packs" className="flex flex-col divide-y rounded border">
            {items.map((pack) => (
              <Choice
                key={pack.spec.name}
                pack={pack}
                registryUid={registryUid}
                isTaken={taken.has(pack.spec.name) && pack.spec.name !== current}
                isCurrent={pack.spec.name === current}
                isBusy={busy === pack.spec.name}
                onChoose={onChoose}
              />
            ))}
          </ul>
          {packs.hasNextPage ? (
            <Button
              className="self-center"
              busy={packs.isFetchingNextPage}
              onClick={() => void packs.fetchNextPage()}
            >
              Show more packs
            </Button>
          ) : null}
        </>
      )}
    </div>
  )
}

function Choice({
  pack,
  registryUid,
  isTaken,
  isCurrent,
  isBusy,
  onChoose,
}: {
  pack: PackChoice
  registryUid: string
  isTaken: boolean
  isCurrent: boolean
  isBusy: boolean
  onChoose: (pack: PackChoice, registryUid: string) => void
}) {
  const { spec } = pack
  const source = spec.registries.find((one) => one.uid === registryUid) ?? spec.registries[0]
  if (!source) return null
  const from =
    spec.registries.length > 1 && !registryUid ? `${spec.registries.length} registries` : source.name
  return (
    <li>
      <button
        type="button"
        aria-disabled={isTaken || undefined}
        title={isTaken ? 'This pack is in the stack already.' : undefined}
        onClick={() => !isTaken && onChoose(pack, source.uid)}
        className="flex min-h-14 w-full items-center gap-3 px-3 py-2 text-left hover:bg-sunken aria-disabled:opacity-55"
      >
        <PackLogo url={source.logoUrl} name={spec.displayName} layer={spec.layer} />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{spec.displayName}</span>
            <span className="mono text-ink-soft text-xs">{spec.name}</span>
          </span>
          <span className="line-clamp-1 text-ink-soft text-xs">
            {spec.packyard.description || spec.addonType || LAYER_LOOKS[spec.layer].name}
          </span>
        </span>
        {spec.packyard.state === 'deprecated' ? <Badge tone="warn">Deprecated</Badge> : null}
        {isTaken ? <Badge>In the stack</Badge> : isCurrent ? <Badge tone="accent">Chosen</Badge> : null}
        <span className="hidden flex-col items-end text-xs sm:flex">
          <span className="mono">{source.latestVersion}</span>
          <span className="text-ink-soft">{from}</span>
        </span>
        {isBusy ? <LoaderCircle aria-label="Loading" className="size-4 animate-spin" /> : null}
      </button>
    </li>
  )
}

function NoPacks({
  layers,
  cloudType,
  text,
  registryUid,
}: {
  layers: Layer[]
  cloudType: string
  text: string
  registryUid: string
}) {
  const kind = layers.length === 1 && layers[0] ? LAYER_LOOKS[layers[0]].name.toLowerCase() : 'such'
  const where = cloudType === 'all' ? '' : ` for ${cloudName(cloudType)}`
  if (text || registryUid)
    return (
      <Empty
        picture={<StackMark layers={[]} />}
        title={text ? `No ${kind} pack fits “${text}”` : `This registry has no ${kind} pack${where}`}
      >
        Search for another word, or look in all registries.
      </Empty>
    )
  return (
    <Empty
      picture={<StackMark layers={[]} />}
      title={`There is no ${kind} pack${where} yet`}
      action={
        <Button asChild>
          <Link href="/admin/settings/pack-registries">Open the pack registries</Link>
        </Button>
      }
    >
      Packs come from registries. Add one, or push a pack to one that is there; it appears with the next sync.
    </Empty>
  )
}
