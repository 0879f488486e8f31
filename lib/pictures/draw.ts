import sharp, { type Sharp } from 'sharp'

import { LOGO_SIDE_MAX, logoType } from '../pack-format/logo'
import { type Drawn, type PictureSize, SIDES } from './picture'

/** What has fewer pixels a side shows nothing: the dots that trackers use. */
const SIDE_MIN = 8
/** An SVG's own size is in pixels of so many to the inch. */
const SVG_DENSITY = 72
const QUALITY = 90

// Decoders for five formats, each told by its first bytes; all others that the library knows stay closed.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Svg'].map((format) => `VipsForeignLoad${format}Buffer`),
})
// Nothing is drawn twice here, and one logo at a time.
sharp.cache(false)
sharp.concurrency(1)

/**
 * Draws a logo anew: what is not its pixels (text behind its end, scripts, metadata, further frames) is not taken over.
 * It keeps its shape, is never larger than it was, and its colours become those of screens.
 *
 * @see https://sharp.pixelplumbing.com/api-constructor
 */
export async function drawLogo(bytes: Uint8Array): Promise<Drawn> {
  const type = logoType(bytes)
  if (!type) return { refused: 'It is no image that browsers know, or is too large.' }
  const limits = { limitInputPixels: LOGO_SIDE_MAX ** 2, pages: 1, failOn: 'error' } as const
  try {
    const { width, height } = await sharp(bytes, limits).metadata()
    const side = Math.max(width, height)
    if (type === 'image/svg+xml') {
      if (side > LOGO_SIDE_MAX) return { refused: 'It is too large.' }
      // Lines have no pixels yet: they are drawn in the size that is asked for.
      const density = Math.max(SVG_DENSITY, Math.ceil((SVG_DENSITY * SIDES.large) / side))
      return { picture: await inSizes(sharp(bytes, { ...limits, density })) }
    }
    if (Math.min(width, height) < SIDE_MIN) return { refused: 'It is too small.' }
    return { picture: await inSizes(sharp(bytes, limits).autoOrient()) }
  } catch (error) {
    return { refused: `It cannot be decoded: ${error instanceof Error ? error.message.slice(0, 500) : ''}` }
  }
}

async function inSizes(image: Sharp) {
  const sized = async (size: PictureSize) =>
    image
      .clone()
      .resize(SIDES[size], SIDES[size], { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY, effort: 4 })
      .toBuffer()
  return { small: await sized('small'), large: await sized('large') }
}
