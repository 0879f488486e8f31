import type { ReactNode } from 'react'
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
  marks,
  isTop,
  isSelected,
  onSelect,
}: StackLayer & { isTop: boolean; isSelected: boolean; onSelect?: (name: string) => void }) {
  const content = (
    <>
      {version || logoUrl ? (
        <PackLogo url={logoUrl} name={displayName} layer={layer} size={28} />
      ) : (
        <span aria-hidden className="size-7 shrink-0 rounded border border-line-strong border-dashed" />
      )}
      <span className="flex min-w-0 flex-1 flex-col text-left">
        <span className="truncate font-medium">{displayName}</span>
        <span className="truncate text-ink-soft text-xs">
          {LAYER_LOOKS[layer].name}
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
        isSelected && 'z-10 outline-2 outline-accent -outline-offset-2',
      )}
      style={{ '--hue': LAYER_LOOKS[layer].hue } as React.CSSProperties}
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
