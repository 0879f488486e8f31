'use client'

import { useState } from 'react'

import { cn } from '@/components/ui/cn'
import type { Layer } from '@/lib/pack-format/manifest'
import { LAYER_LOOKS } from './layers'

/** A pack's logo; where it has none that can be shown, a slab in its layer's hue with its initial. */
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
  /** Pixels. */
  size?: number
  className?: string
}) {
  const [broken, setBroken] = useState('')
  const [loaded, setLoaded] = useState('')
  const { hue } = LAYER_LOOKS[layer]
  const box = { width: size, height: size }
  if (url && broken !== url)
    return (
      <span className={cn('grid shrink-0 place-items-center overflow-hidden rounded', className)} style={box}>
        {/* biome-ignore lint/performance/noImgElement: the API serves logos, scaled and cached by digest */}
        <img
          src={url}
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
  return (
    <span
      aria-hidden
      className={cn('grid shrink-0 place-items-center rounded border font-semibold', className)}
      style={{
        ...box,
        fontSize: size * 0.42,
        color: `color-mix(in oklch, ${hue} 78%, var(--ink))`,
        background: `color-mix(in oklch, ${hue} 14%, var(--surface))`,
        borderColor: `color-mix(in oklch, ${hue} 42%, var(--surface))`,
      }}
    >
      {(name.replace(/[^a-z0-9]/gi, '')[0] ?? '?').toUpperCase()}
    </span>
  )
}
