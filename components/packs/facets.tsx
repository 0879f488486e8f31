'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { cloudName } from '@/components/profiles/words'
import { Skeleton } from '@/components/ui/list-states'
import { formatNumber } from '@/components/ui/numbers'
import type { Answer } from '@/lib/client/call'
import type { Layer } from '@/lib/pack-format/manifest'
import { LAYER_LOOKS, STACK_ORDER } from './layers'
import { facetsQuery, type PackChoice } from './queries'

type Facet = Answer<'countPackFacets'>['layer']

const FIRST = 8

/** Without a choice the first two are shown. */
const STATES = [
  ['active', 'Active'],
  ['deprecated', 'Deprecated'],
  ['eol', 'Past its end of life'],
  ['disabled', 'Disabled'],
  ['deleted', 'Deleted by its author'],
  ['gone', 'Gone from its registries'],
] as const

/** What to narrow the catalog by, with the number of packs that each choice would show. */
export function Facets({
  choice,
  onChange,
}: {
  choice: PackChoice
  onChange: (key: 'registry' | 'layer' | 'type' | 'cloud' | 'state', values: string[]) => void
}) {
  const facets = useQuery(facetsQuery(choice))
  if (facets.isPending)
    return (
      <div role="status" aria-label="Loading filters" className="flex flex-col gap-2">
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <Skeleton key={key} className="h-6" />
        ))}
      </div>
    )
  if (facets.isError) return <p className="text-ink-faint text-xs">The counts could not be loaded.</p>
  const { layer, addonType, registry, cloud, state, total, isMore } = facets.data
  const { layers, addonTypes, registries, clouds, states } = choice
  const isChosen = [layers, addonTypes, registries, clouds, states].some((one) => one.length > 0)
  if (total === 0 && !isChosen)
    return <p className="text-ink-faint text-xs">No pack has these words: there is nothing to filter.</p>
  return (
    <div className="flex flex-col gap-6">
      <FacetList
        name="Layer"
        values={STACK_ORDER.flatMap((name) => layer.filter((one) => one.value === name)).map((one) => ({
          ...one,
          label: LAYER_LOOKS[one.value as Layer].name,
        }))}
        chosen={choice.layers}
        hueOf={(value) => LAYER_LOOKS[value as Layer].hue}
        onChange={(values) => onChange('layer', values)}
        isMore={isMore}
      />
      <FacetList
        name="Add-on type"
        values={addonType}
        chosen={choice.addonTypes}
        onChange={(values) => onChange('type', values)}
        isMore={isMore}
      />
      <FacetList
        name="Registry"
        values={registry}
        chosen={choice.registries}
        onChange={(values) => onChange('registry', values)}
        isMore={isMore}
      />
      <FacetList
        name="Cloud"
        values={cloud.map((one) => ({ ...one, label: cloudName(one.value) }))}
        chosen={choice.clouds}
        onChange={(values) => onChange('cloud', values)}
        isMore={isMore}
      />
      <FacetList
        name="State"
        values={STATES.flatMap(([value, label]) => {
          const one = state.find((found) => found.value === value)
          return one ? [{ ...one, label }] : []
        })}
        chosen={choice.states}
        onChange={(values) => onChange('state', values)}
        isMore={isMore}
      />
    </div>
  )
}

function FacetList({
  name,
  values,
  chosen,
  hueOf,
  onChange,
  isMore,
}: {
  name: string
  values: Facet
  chosen: readonly string[]
  hueOf?: (value: string) => string
  onChange: (values: string[]) => void
  /** The counts are "at least". */
  isMore: boolean
}) {
  const [all, setAll] = useState(false)
  // A choice that matches nothing any more stays to be taken back.
  const missing = chosen.filter((one) => !values.some(({ value }) => value === one))
  const listed = [...values, ...missing.map((value) => ({ value, label: value, count: 0 }))]
  if (listed.length === 0) return null
  const shown = all ? listed : listed.filter(({ value }, index) => index < FIRST || chosen.includes(value))
  return (
    <fieldset className="flex flex-col gap-0.5">
      <legend className="pb-1.5 font-medium text-xs">{name}</legend>
      {shown.map(({ value, label, count }) => (
        <label
          key={value}
          className="flex min-h-7 cursor-pointer items-center gap-2 rounded px-1 text-ink-soft hover:bg-sunken"
        >
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
            className="size-3.5 accent-accent"
          />
          {hueOf ? (
            <span aria-hidden className="h-2.5 w-3.5 rounded-[2px]" style={{ background: hueOf(value) }} />
          ) : null}
          <span className="min-w-0 flex-1 truncate">{label}</span>
          <span className="tabular text-ink-faint text-xs">
            {formatNumber(count)}
            {isMore && count > 0 ? '+' : ''}
          </span>
        </label>
      ))}
      {listed.length > shown.length || all ? (
        listed.length > FIRST ? (
          <button
            type="button"
            onClick={() => setAll(!all)}
            className="self-start px-1 py-1 text-accent text-xs underline-offset-3 hover:underline"
          >
            {all ? 'Show fewer' : `Show all ${listed.length}`}
          </button>
        ) : null
      ) : null}
    </fieldset>
  )
}
