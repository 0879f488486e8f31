'use client'

import { useState } from 'react'

import { cn } from '@/components/ui/cn'
import type { Layer } from '@/lib/pack-format/manifest'
import { initialsOf } from './initials'
import { LAYER_LOOKS } from './layers'

/** The API draws logos in two sizes, in pixels: the one that a fine or a plain screen needs. */
const [SMALL, LARGE] = [64, 128]
const at = (url: string, pixels: number) => `${url}?size=${pixels}`

/** A pack's logo; where it has none that can be shown, its initials on a slab in its layer's hue. */
export function PackLogo({
  url,
  name,
  layer,
  size = 32,
  className,
}: {
  url: string
  name: string
  layer: Layer
  /** CSS pixels, 64 at most. */
  size?: number
  className?: string
}) {
  const [broken, setBroken] = useState('')
  const [loaded, setLoaded] = useState('')
  if (!url || broken === url) return <Mark name={name} layer={layer} size={size} className={className} />
  return (
    <span
      className={cn('grid shrink-0 place-items-center overflow-hidden rounded', className)}
      style={{ width: size, height: size }}
    >
      {/* biome-ignore lint/performance/noImgElement: the API serves logos, scaled and cached by digest */}
      <img
        src={at(url, SMALL)}
        srcSet={size * 2 > SMALL ? `${at(url, SMALL)} 1x, ${at(url, LARGE)} 2x` : undefined}
        alt=""
        loading="lazy"
        decoding="async"
        width={size}
        height={size}
        onLoad={() => setLoaded(url)}
        onError={() => setBroken(url)}
        // Marks are drawn for light ground, and many are dark themselves.
        className={cn('size-full object-contain', loaded === url && 'bg-white')}
      />
    </span>
  )
}

/** Of its height, as parts: the slab that the initials stand on. */
const SLAB = 0.14

function Mark({
  name,
  layer,
  size,
  className,
}: {
  name: string
  layer: Layer
  size: number
  className?: string
}) {
  const { hue } = LAYER_LOOKS[layer]
  const slab = Math.round(size * SLAB)
  const tint = `color-mix(in oklch, ${hue} 14%, var(--surface))`
  return (
    <span
      aria-hidden
      className={cn(
        'grid shrink-0 select-none place-items-center overflow-hidden rounded font-semibold leading-none tracking-tight',
        className,
      )}
      style={{
        ...{ width: size, height: size, paddingBottom: slab, fontSize: Math.round(size * 0.4) },
        color: `color-mix(in oklch, ${hue} 70%, var(--ink))`,
        background: `linear-gradient(to top, ${hue} ${slab}px, ${tint} ${slab}px)`,
      }}
    >
      {initialsOf(name)}
    </span>
  )
}
