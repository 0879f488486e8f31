import sharp, { type Sharp } from 'sharp'

import { LOGO_SIDE_MAX, logoType } from '../pack-format/logo'
import { type Drawn, type PictureKind, SIDES, type ToPainter } from './picture'

/** A logo of fewer pixels a side shows nothing: the dots that trackers use. */
const LOGO_SIDE_MIN = 8
/** An SVG's own size is in pixels of so many to the inch. */
const SVG_DENSITY = 72
const QUALITY = 90

// Decoders for five formats, each told by its first bytes; all others that the library knows stay closed.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Svg'].map((format) => `VipsForeignLoad${format}Buffer`),
})
// Nothing is drawn twice here, and one image at a time.
sharp.cache(false)
sharp.concurrency(1)

/**
 * Draws an image anew: what is not its pixels (text behind its end, scripts, metadata, further frames) is not taken over.
 * It keeps its shape, is never larger than it was, and its colours become those of screens.
 *
 * @see https://sharp.pixelplumbing.com/api-constructor
 */
export async function draw({ kind, bytes }: ToPainter): Promise<Drawn> {
  const type = logoType(bytes)
  if (!type) return { refused: 'It is no image that browsers know, or is too large.' }
  const limits = { limitInputPixels: LOGO_SIDE_MAX ** 2, pages: 1, failOn: 'error' } as const
  try {
    const { width, height } = await sharp(bytes, limits).metadata()
    const side = Math.max(width, height)
    if (type === 'image/svg+xml') {
      if (side > LOGO_SIDE_MAX) return { refused: 'It is too large.' }
      // Lines have no pixels yet: a logo is drawn in the size that is asked for.
      const wanted = kind === 'logo' ? Math.max(...SIDES.logo) : side
      const density = Math.max(SVG_DENSITY, Math.ceil((SVG_DENSITY * wanted) / side))
      return { pictures: await inSizes(sharp(bytes, { ...limits, density }), kind) }
    }
    if (kind === 'logo' && Math.min(width, height) < LOGO_SIDE_MIN) return { refused: 'It is too small.' }
    return { pictures: await inSizes(sharp(bytes, limits).autoOrient(), kind) }
  } catch (error) {
    return { refused: `It cannot be decoded: ${error instanceof Error ? error.message.slice(0, 500) : ''}` }
  }
}

async function inSizes(image: Sharp, kind: PictureKind): Promise<Uint8Array[]> {
  const pictures: Uint8Array[] = []
  for (const side of SIDES[kind])
    pictures.push(
      await image
        .clone()
        .resize(side, side, { fit: 'inside', withoutEnlargement: true })
        .webp({ quality: QUALITY, effort: 4 })
        .toBuffer(),
    )
  return pictures
}
