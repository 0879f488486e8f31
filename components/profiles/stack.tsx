import { Plus } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'

import { LAYER_LOOKS, STACK_ORDER } from '@/components/packs/layers'
import { PackLogo } from '@/components/packs/pack-logo'
import { cn } from '@/components/ui/cn'
import type { Layer } from '@/lib/pack-format/manifest'

export interface StackLayer {
  /** The pack's name in the profile: one a stack. */
  name: string
  displayName: string
  layer: Layer
  /** Empty for a place that waits for its pack. */
  version: string
  logoUrl: string
  /** Instead of layer and version: what to do with a place that is empty. */
  note?: string
  /** A place that waits for its pack. */
  isEmpty?: boolean
  /** A problem mark, an update mark, buttons. */
  marks?: ReactNode
}

/**
 * The stack of a profile, drawn from the operating system at the bottom to the add-ons on top. Read by screen readers
 * from the bottom up, as it is built.
 */
export function Stack({
  layers,
  selected,
  onSelect,
  label,
}: {
  layers: readonly StackLayer[]
  selected?: string
  /** Makes slabs buttons. */
  onSelect?: (name: string) => void
  label: string
}) {
  const ordered = [...layers].sort((a, b) => STACK_ORDER.indexOf(a.layer) - STACK_ORDER.indexOf(b.layer))
  return (
    <ol aria-label={label} className="flex flex-col-reverse pt-2.5">
      {ordered.map((one, index) => (
        <Slab
          key={one.name}
          {...one}
          isTop={index === ordered.length - 1}
          place={index}
          isSelected={one.name === selected}
          onSelect={onSelect}
        />
      ))}
    </ol>
  )
}

function Slab({
  name,
  displayName,
  layer,
  version,
  logoUrl,
  note,
  isEmpty,
  marks,
  isTop,
  place,
  isSelected,
  onSelect,
}: StackLayer & { isTop: boolean; place: number; isSelected: boolean; onSelect?: (name: string) => void }) {
  const content = (
    <>
      {isEmpty ? (
        <span
          aria-hidden
          className="grid size-7 shrink-0 place-items-center rounded border border-dashed text-ink-soft"
          style={{ borderColor: 'color-mix(in oklch, var(--hue) 70%, var(--surface))' }}
        >
          <Plus className="size-3.5" />
        </span>
      ) : (
        <PackLogo url={logoUrl} name={displayName} layer={layer} size={28} />
      )}
      <span className="flex min-w-0 flex-1 flex-col text-left">
        <span className="truncate font-medium">{displayName}</span>
        <span className="truncate text-ink-soft text-xs">
          {note ?? LAYER_LOOKS[layer].name}
          {version ? <span className="mono"> · {version}</span> : null}
        </span>
      </span>
    </>
  )
  const row = 'flex min-w-0 flex-1 items-center gap-3 py-2 pr-3 pl-4'
  return (
    <li
      className={cn(
        'slab flex items-center',
        isTop && 'slab-top',
        isEmpty && 'slab-empty',
        isSelected && 'z-10 outline-2 outline-accent -outline-offset-2',
      )}
      style={{ '--hue': LAYER_LOOKS[layer].hue, '--place': Math.min(place, 12) } as CSSProperties}
    >
      {onSelect ? (
        <button type="button" aria-pressed={isSelected} onClick={() => onSelect(name)} className={row}>
          {content}
        </button>
      ) : (
        <div className={row}>{content}</div>
      )}
      {marks ? <div className="flex items-center gap-1.5 pr-2.5">{marks}</div> : null}
    </li>
  )
}
