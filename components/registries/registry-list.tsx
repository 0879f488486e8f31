'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'

import { ALL_LAYERS, StackMark } from '@/components/profiles/stack-mark'
import { SearchText } from '@/components/shell/search-text'
import { useDenied } from '@/components/shell/session'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count } from '@/components/ui/numbers'
import type { RegistryKind } from '@/lib/adapters/schema'
import { REGISTRY_KINDS } from '@/lib/adapters/words'
import type { RegistryState } from '@/lib/registries/schema'
import { REGISTRY_STATES } from '@/lib/registries/words'
import { BulkBar } from './bulk-bar'
import { Choices } from './choices'
import { KIND_WORDS } from './kinds'
import { type Registry, type RunningSync, registriesQuery } from './queries'
import { RegistryTable } from './registry-table'
import { useRunning } from './running'
import { STATE_LOOKS, STATE_ORDER, TONE_TEXT } from './state'

/** The button that leads to the form, for the page's header and the empty list. */
export function AddRegistryButton() {
  const denied = useDenied('packRegistry.create')
  const icon = <Plus aria-hidden />
  if (denied)
    return (
      <Button look="primary" disabledReason={denied} icon={icon}>
        Add New Pack Registry
      </Button>
    )
  return (
    <Button look="primary" asChild>
      <Link href="/admin/settings/pack-registries/new">
        {icon}
        Add New Pack Registry
      </Link>
    </Button>
  )
}

/** Every registry, how it is doing, and what to do where it does badly. Search, kinds and states are in the address. */
export function RegistryList() {
  const { query, set } = useAddress()
  const registries = useQuery(registriesQuery())
  const running = useRunning()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const text = query.get('q') ?? ''
  const states = query
    .getAll('state')
    .filter((one): one is RegistryState => REGISTRY_STATES.includes(one as RegistryState))
  const kinds = query
    .getAll('kind')
    .filter((one): one is RegistryKind => REGISTRY_KINDS.includes(one as RegistryKind))

  if (registries.isPending)
    return (
      <div className="rounded-lg border bg-surface">
        <SkeletonRows label="Loading pack registries" rows={5} height="h-14" />
      </div>
    )
  if (registries.isError && !registries.data)
    return (
      <LoadFailed
        what="The pack registries"
        error={registries.error}
        retry={() => void registries.refetch()}
      />
    )
  const all = registries.data.map((one) => asOfNow(one, running))
  if (all.length === 0) return <NoRegistries />

  const shown = all.filter(
    (one) =>
      (states.length === 0 || states.includes(one.status.packyard.state)) &&
      (kinds.length === 0 || kinds.includes(one.kind)) &&
      `${one.metadata.name} ${one.spec.endpoint}`.toLowerCase().includes(text.trim().toLowerCase()),
  )
  const clear = () => set({ q: null, state: null, kind: null })
  const picked = shown.filter((one) => chosen.has(one.metadata.uid))
  return (
    <div className="flex flex-col gap-4">
      {registries.isError ? (
        <Callout tone="bad" title="What you see may be out of date">
          {registries.error.message}
        </Callout>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <SearchText
          label="Search pack registries"
          placeholder="Search by name or endpoint"
          text={text}
          onText={(q) => set({ q })}
          className="w-full sm:w-72"
        />
        <KindFilter all={all} chosen={kinds} onChange={(kind) => set({ kind })} />
        <StateFilter all={all} chosen={states} onChange={(state) => set({ state })} />
        {text !== '' || states.length > 0 || kinds.length > 0 ? (
          <button
            type="button"
            onClick={clear}
            className="inline-flex items-center gap-1 text-accent text-xs hover:underline"
          >
            <X aria-hidden className="size-3.5" />
            Clear search and filters
          </button>
        ) : null}
      </div>
      <p aria-live="polite" className="sr-only">
        {count(shown.length, 'registry', 'registries')} shown
      </p>
      <BulkBar
        chosen={picked}
        shown={shown.length}
        onAll={() => setChosen(new Set(shown.map((one) => one.metadata.uid)))}
        onClear={() => setChosen(new Set())}
      />
      {shown.length === 0 ? (
        <Empty title="No registry fits" action={<Button onClick={clear}>Clear search and filters</Button>}>
          Search looks at names and endpoints. Take back a filter, or use fewer words.
        </Empty>
      ) : (
        <RegistryTable registries={shown} running={running} chosen={chosen} onChoose={setChosen} />
      )}
    </div>
  )
}

/** A registry whose sync began since the list was read. */
function asOfNow(registry: Registry, running: ReadonlyMap<string, RunningSync['progress']>): Registry {
  const { metadata, status } = registry
  if (!running.has(metadata.uid) || status.packyard.state === 'syncing') return registry
  return { ...registry, status: { ...status, packyard: { ...status.packyard, state: 'syncing' } } }
}

function numbersOf<T>(all: readonly T[]): Map<T, number> {
  const numbers = new Map<T, number>()
  for (const one of all) numbers.set(one, (numbers.get(one) ?? 0) + 1)
  return numbers
}

interface FilterOf<T> {
  all: Registry[]
  chosen: T[]
  onChange: (chosen: T[]) => void
}

const StateFilter = ({ all, ...rest }: FilterOf<RegistryState>) => (
  <Choices
    legend="Show states"
    numbers={numbersOf(all.map((one) => one.status.packyard.state))}
    order={STATE_ORDER}
    label={(state) => {
      const { name, icon: Icon, tone } = STATE_LOOKS[state]
      return {
        name,
        icon: <Icon aria-hidden className={tone === 'neutral' ? 'text-ink-soft' : TONE_TEXT[tone]} />,
      }
    }}
    {...rest}
  />
)

/** One kind alone needs no filter. */
function KindFilter({ all, chosen, onChange }: FilterOf<RegistryKind>) {
  const numbers = numbersOf(all.map((one) => one.kind))
  if (numbers.size < 2 && chosen.length === 0) return null
  return (
    <Choices
      legend="Show kinds"
      order={REGISTRY_KINDS}
      label={(kind) => ({ name: KIND_WORDS[kind].short })}
      {...{ numbers, chosen, onChange }}
    />
  )
}

const NoRegistries = () => (
  <Empty
    picture={<StackMark layers={ALL_LAYERS} width={80} slab={12} />}
    title="No pack registries yet"
    action={<AddRegistryButton />}
  >
    A pack registry is a server that packs are pushed to: operating systems, Kubernetes, network, storage and
    add-ons. Add one, and the console keeps its packs in the catalog, ready for cluster profiles.
  </Empty>
)
