/** The image types that a logo may have in the wild, whatever its file is called. */
export type ImageType = RasterType | 'image/svg+xml'
export type RasterType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

const startsWith = (bytes: Uint8Array, signature: number[], at = 0) =>
  signature.every((byte, i) => bytes[at + i] === byte)

/** What may stand before the root of an SVG is looked at so far. */
const SVG_HEAD = 1024

/**
 * What an image is by its first bytes, never by its name: real logo.png files hold JPEG too.
 *
 * @returns null where it is no image that we know
 * @see https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 */
export function sniffImage(bytes: Uint8Array): ImageType | null {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (startsWith(bytes, [0x47, 0x49, 0x46, 0x38])) return 'image/gif'
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, [0x57, 0x45, 0x42, 0x50], 8))
    return 'image/webp'
  return isSvg(Buffer.from(bytes.subarray(0, SVG_HEAD)).toString('latin1')) ? 'image/svg+xml' : null
}

/** Each thing before the root is passed by one search: a pattern for all of them would take for ever on some texts. */
function isSvg(head: string): boolean {
  let rest = head.replace(/^\xef\xbb\xbf/, '').trimStart()
  const pass = (end: string) => {
    const at = rest.indexOf(end)
    rest = at < 0 ? '' : rest.slice(at + end.length).trimStart()
  }
  if (rest.startsWith('<?xml')) pass('?>')
  while (rest.startsWith('<!--')) pass('-->')
  return /^<!doctype\s+svg\b/i.test(rest) ? /<svg[\s>]/i.test(rest) : /^<svg[\s>]/i.test(rest)
}

/** The types that a browser may be given as they came: SVG can hold scripts. */
export const isRaster = (type: ImageType | null): type is RasterType =>
  type !== null && type !== 'image/svg+xml'

/** The longest side of a logo, in pixels. Unpacked it needs four bytes for each pixel, however small the file is. */
export const LOGO_SIDE_MAX = 4096
/** So much of a JPEG has to tell how large it is: photographs have their own story first. */
const JPEG_HEAD = 64 * 1024

/** As much of a logo as `logoType` looks at. */
export const logoHead = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(0, sniffImage(bytes) === 'image/jpeg' ? JPEG_HEAD : SVG_HEAD)

/**
 * As what a picture may be made of a logo. How large an SVG is, only drawing it tells.
 *
 * @param bytes the file, or its head
 * @returns null where it is no image, or larger than anybody should have to unpack
 */
export function logoType(bytes: Uint8Array): ImageType | null {
  const type = sniffImage(bytes)
  if (!isRaster(type)) return type
  const side = sideOf(type, logoHead(bytes))
  // Without its header nobody shows one either; of a JPEG it is looked for further on.
  if (side === null) return type === 'image/jpeg' ? null : type
  return side <= LOGO_SIDE_MAX ? type : null
}

/** The longer side in pixels; null where the file does not say. */
function sideOf(type: RasterType, bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    switch (type) {
      case 'image/png':
        return startsWith(bytes, [0x49, 0x48, 0x44, 0x52], 12)
          ? Math.max(view.getUint32(16), view.getUint32(20))
          : null
      case 'image/gif':
        return Math.max(view.getUint16(6, true), view.getUint16(8, true))
      case 'image/webp':
        return webpSide(view)
      case 'image/jpeg':
        return jpegSide(view)
    }
  } catch (error) {
    // It ends before it says.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function webpSide(view: DataView): number | null {
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return Math.max(uint24(24), uint24(27)) + 1
    case 0x5650384c: {
      // VP8L: 14 bits each
      const both = view.getUint32(21, true)
      return Math.max(both & 0x3fff, (both >>> 14) & 0x3fff) + 1
    }
    case 0x56503820: // VP8
      return Math.max(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff)
    default:
      return null
  }
}

/** The first frame header tells it. @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf table B.1 */
function jpegSide(view: DataView): number | null {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return Math.max(view.getUint16(at + 5), view.getUint16(at + 7))
    if (marker === 0xff) at++
    else at += 2 + Math.max(view.getUint16(at + 2), 2)
  }
}
