'use client'

import { Braces } from 'lucide-react'

import { LAYER_LOOKS } from '@/components/packs/layers'
import { cn } from '@/components/ui/cn'
import type { Finding } from '@/lib/profiles/rules/finding'
import { type Draft, emptyPlaces, type Place } from './draft'
import { FindingMark } from './findings'
import { Stack, type StackLayer } from './stack'
import { cloudName, typeName } from './words'

/** The picture at the left: the stack on its plinth, with the places that wait. Each is a way to its panel. */
export function BuilderStack({
  draft,
  findings,
  place,
  onGo,
}: {
  draft: Draft
  findings: readonly Finding[]
  place: Place
  onGo: (place: Place) => void
}) {
  const layers: StackLayer[] = [
    ...draft.layers.map((one) => ({
      ...one,
      name: `layer:${one.name}`,
      version: one.type === 'manifest' ? '' : one.tag || one.version,
      ...(one.type === 'manifest' && { note: 'Manifest' }),
      marks: <FindingMark findings={findings.filter((found) => found.pack === one.name)} />,
    })),
    ...emptyPlaces(draft).map((layer) => ({
      name: `place:${layer}`,
      displayName: LAYER_LOOKS[layer].name,
      layer,
      version: '',
      logoUrl: '',
      note: 'Choose a pack',
      isEmpty: true,
    })),
    ...(draft.type === 'infra'
      ? []
      : [
          {
            name: 'add',
            displayName: 'Add an add-on',
            layer: 'addon' as const,
            version: '',
            logoUrl: '',
            note: 'Pack or manifest',
            isEmpty: true,
          },
        ]),
  ]
  return (
    <div>
      <Stack label="The stack" layers={layers} selected={place} onSelect={(name) => onGo(name as Place)} />
      <button
        type="button"
        aria-pressed={place === 'variables'}
        onClick={() => onGo('variables')}
        className={cn(
          'flex w-full items-center justify-between gap-3 border border-line-strong border-b-0 bg-surface px-4 py-2 text-left hover:bg-sunken',
          place === 'variables' && 'outline-2 outline-accent -outline-offset-2',
        )}
      >
        <span className="flex items-center gap-2">
          <Braces aria-hidden className="size-4 text-ink-soft" />
          Variables
        </span>
        <span className="flex items-center gap-2 text-ink-soft text-xs">
          <FindingMark findings={findings.filter((one) => one.variable !== undefined)} />
          {draft.variables.length > 0 ? draft.variables.length : 'None'}
        </span>
      </button>
      <button
        type="button"
        aria-pressed={place === 'basics'}
        onClick={() => onGo('basics')}
        className={cn(
          'flex w-full flex-col gap-0.5 rounded-b border border-line-strong bg-sunken px-4 py-2.5 text-left hover:bg-surface',
          place === 'basics' && 'outline-2 outline-accent -outline-offset-2',
        )}
      >
        <span className="flex w-full items-baseline justify-between gap-3">
          <span className="truncate font-semibold">{draft.name || 'No name yet'}</span>
          <span className="mono shrink-0 text-ink-soft text-xs">{draft.version}</span>
        </span>
        <span className="text-ink-soft text-xs">
          {typeName(draft.type)}
          {draft.type === 'add-on'
            ? ''
            : ` · ${draft.cloudType === 'all' ? 'any cloud' : cloudName(draft.cloudType)}`}
        </span>
      </button>
    </div>
  )
}
