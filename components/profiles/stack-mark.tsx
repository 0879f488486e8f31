import { LAYER_LOOKS, STACK_ORDER } from '@/components/packs/layers'
import type { Layer } from '@/lib/pack-format/manifest'

const MAX_SLABS = 9
/** Of the side, as a part of the front's width. */
const DEPTH = 0.17

/**
 * The stack, small: a slab a layer, seen from the front with its side and top. For lists, empty states and the mark
 * of the product.
 *
 * @param layers from the bottom up; more than nine are drawn as nine
 */
export function StackMark({
  layers,
  width = 34,
  slab = 5,
  label,
}: {
  layers: readonly Layer[]
  /** Of the front, in pixels. */
  width?: number
  /** Height of one slab, in pixels. */
  slab?: number
  /** Told to screen readers; without it the picture is decoration. */
  label?: string
}) {
  const shown = [...layers]
    .sort((a, b) => STACK_ORDER.indexOf(a) - STACK_ORDER.indexOf(b))
    .slice(0, MAX_SLABS)
  const depth = Math.round(width * DEPTH)
  const height = Math.max(shown.length, 1) * slab + depth
  const top = shown.at(-1)
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: without a label it is decoration, and hidden
    <svg
      width={width + depth}
      height={height}
      viewBox={`0 0 ${width + depth} ${height}`}
      className="shrink-0"
      role={label ? 'img' : undefined}
      aria-hidden={label ? undefined : true}
    >
      {label ? <title>{label}</title> : null}
      {shown.length === 0 ? (
        <rect
          x="0.5"
          y={depth + 0.5}
          width={width - 1}
          height={slab - 1}
          fill="none"
          stroke="var(--line-strong)"
          strokeDasharray="2 2"
        />
      ) : null}
      {shown.map((layer, index) => {
        const y = height - (index + 1) * slab
        const { hue } = LAYER_LOOKS[layer]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a slab is its place in the stack
          <g key={index}>
            <rect x="0" y={y} width={width} height={slab - 0.75} fill={hue} />
            <path
              d={`M${width} ${y} l${depth} ${-depth} v${slab - 0.75} l${-depth} ${depth} z`}
              fill={`color-mix(in oklch, ${hue} 72%, black)`}
            />
          </g>
        )
      })}
      {top ? (
        <path
          d={`M0 ${depth} l${depth} ${-depth} h${width} l${-depth} ${depth} z`}
          fill={`color-mix(in oklch, ${LAYER_LOOKS[top].hue} 55%, white)`}
        />
      ) : null}
    </svg>
  )
}

/** The mark of the product: one of each. */
export const ALL_LAYERS: readonly Layer[] = ['os', 'k8s', 'cni', 'csi', 'addon']
