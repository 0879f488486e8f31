import { cn } from '@/components/ui/cn'
import type { Layer } from '@/lib/pack-format/manifest'
import { LAYER_LOOKS } from './layers'

/** The name of a layer with its hue. */
export function LayerChip({ layer, className }: { layer: Layer; className?: string }) {
  const { short, hue } = LAYER_LOOKS[layer]
  return (
    <span
      className={cn('inline-flex items-center gap-1.5 whitespace-nowrap text-ink-soft text-xs', className)}
    >
      <span aria-hidden className="h-2.5 w-3.5 rounded-[2px]" style={{ background: hue }} />
      {short}
    </span>
  )
}
