'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Search, X } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useRef } from 'react'

import { ALL_LAYERS, StackMark } from '@/components/profiles/stack-mark'
import { useDenied } from '@/components/shell/session'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { SearchField } from '@/components/ui/field'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count } from '@/components/ui/numbers'
import { RegistryState } from '@/lib/registries/schema'
import { forgetAfterSync, isBusy, type Registry, registriesQuery } from './queries'
import { RegistryTable } from './registry-table'
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

/** Every registry, how it is doing, and what to do where it does badly. Search and states are in the address. */
export function RegistryList() {
  const { query, set } = useAddress()
  const registries = useQuery(registriesQuery())
  useForgetAfterSync(registries.data)
  const text = query.get('q') ?? ''
  const states = query
    .getAll('state')
    .filter((one): one is RegistryState => RegistryState.safeParse(one).success)

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
  const all = registries.data
  if (all.length === 0) return <NoRegistries />

  const shown = all.filter(
    (one) =>
      (states.length === 0 || states.includes(one.status.packyard.state)) &&
      `${one.metadata.name} ${one.spec.endpoint}`.toLowerCase().includes(text.trim().toLowerCase()),
  )
  const clear = () => set({ q: null, state: null })
  return (
    <div className="flex flex-col gap-4">
      {registries.isError ? (
        <Callout tone="bad" title="What you see may be out of date">
          {registries.error.message}
        </Callout>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <SearchField
          label="Search pack registries"
          placeholder="Search by name or endpoint"
          icon={<Search />}
          value={text}
          maxLength={256}
          onChange={(event) => set({ q: event.target.value })}
          className="w-full sm:w-72"
        />
        <StateFilter all={all} chosen={states} onChange={(state) => set({ state })} />
        {text !== '' || states.length > 0 ? (
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
      {shown.length === 0 ? (
        <Empty title="No registry fits" action={<Button onClick={clear}>Clear search and filters</Button>}>
          Search looks at names and endpoints. Take back a filter, or use fewer words.
        </Empty>
      ) : (
        <RegistryTable registries={shown} />
      )}
    </div>
  )
}

/** When a sync ends, its packs are new too. */
function useForgetAfterSync(registries: Registry[] | undefined): void {
  const client = useQueryClient()
  const busy = registries?.filter(isBusy).length ?? 0
  const before = useRef(0)
  useEffect(() => {
    if (busy < before.current) forgetAfterSync(client)
    before.current = busy
  }, [busy, client])
}

/** Which states there are, how many of each, and which are shown. */
function StateFilter({
  all,
  chosen,
  onChange,
}: {
  all: Registry[]
  chosen: RegistryState[]
  onChange: (states: RegistryState[]) => void
}) {
  const numbers = new Map<RegistryState, number>()
  for (const { status } of all)
    numbers.set(status.packyard.state, (numbers.get(status.packyard.state) ?? 0) + 1)
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1.5">
      <legend className="sr-only">Show states</legend>
      {STATE_ORDER.filter((state) => numbers.has(state) || chosen.includes(state)).map((state) => {
        const { name, icon: Icon, tone } = STATE_LOOKS[state]
        const isChosen = chosen.includes(state)
        return (
          <Button
            key={state}
            size="small"
            aria-pressed={isChosen}
            onClick={() => onChange(isChosen ? chosen.filter((one) => one !== state) : [...chosen, state])}
            className={cn('font-normal', isChosen && 'border-accent bg-accent-soft font-medium text-accent')}
            icon={<Icon aria-hidden className={tone === 'neutral' ? 'text-ink-soft' : TONE_TEXT[tone]} />}
          >
            {name}
            <span className="text-ink-soft tabular-nums">{numbers.get(state) ?? 0}</span>
          </Button>
        )
      })}
    </fieldset>
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
