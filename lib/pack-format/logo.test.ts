import { expect, test } from 'vitest'

import { isRaster, logoType, sniffImage } from './logo'

const of = (...bytes: number[]) => Uint8Array.from([...bytes, 0, 0, 0, 0])

test('an image is told by its bytes', () => {
  expect(sniffImage(of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))).toBe('image/png')
  expect(sniffImage(of(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg')
  expect(sniffImage(Buffer.from('GIF89a'))).toBe('image/gif')
  expect(sniffImage(Buffer.from('RIFF0000WEBPVP8 '))).toBe('image/webp')
  expect(sniffImage(Buffer.from('<?xml version="1.0"?>\n<!-- x --><svg onload="x">'))).toBe('image/svg+xml')
})

test('text, HTML and nothing are no images', () => {
  for (const text of ['', 'hello', '<html><svg></svg></html>', '{}'])
    expect(sniffImage(Buffer.from(text))).toBeNull()
})

test('SVG is never given to a browser as it is', () => {
  expect(isRaster('image/svg+xml')).toBe(false)
  expect(isRaster('image/png')).toBe(true)
})

const pngHead = (width: number, height: number) => {
  const head = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000', 'hex')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}

test('an image that would need gigabytes to unpack is none', () => {
  expect(logoType(pngHead(512, 512))).toBe('image/png')
  expect(logoType(pngHead(60_000, 60_000))).toBeNull()
  expect(logoType(pngHead(512, 5_000))).toBeNull()
})

test('every kind of image tells its size', () => {
  const gif = (side: number) => Buffer.from([...Buffer.from('GIF89a'), side & 255, side >> 8, 1, 0])
  expect([logoType(gif(300)), logoType(gif(65_535))]).toEqual(['image/gif', null])
  const jpeg = (side: number) =>
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, side >> 8, side & 255, 0, 9])
  expect([logoType(jpeg(300)), logoType(jpeg(65_535))]).toEqual(['image/jpeg', null])
  expect(logoType(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0]))).toBeNull()
  const webp = (kind: string, ...rest: number[]) =>
    Buffer.concat([Buffer.from(`RIFF0000WEBP${kind}0000`), Buffer.from(rest)])
  expect(logoType(webp('VP8X', 0, 0, 0, 0, 99, 0, 0, 99, 0, 0))).toBe('image/webp')
  expect(logoType(webp('VP8X', 0, 0, 0, 0, 255, 255, 255, 99, 0, 0))).toBeNull()
  expect(logoType(webp('VP8L', 0x2f, 0xff, 0xc0, 0x3f, 0))).toBe('image/webp')
  expect(logoType(webp('VP8L', 0x2f, 0xff, 0xff, 0xff, 0xff))).toBeNull()
  expect(logoType(webp('VP8 ', 0, 0, 0, 0x9d, 1, 0x2a, 0, 1, 0, 1))).toBe('image/webp')
})

test('no text keeps the sniffing busy', () => {
  const started = performance.now()
  for (const text of ['<!---->'.repeat(150), `<?xml ${'?>'.repeat(500)}`, '<!DOCTYPE svg '.repeat(80)])
    expect(sniffImage(Buffer.from(text))).toBeNull()
  expect(performance.now() - started).toBeLessThan(50)
})
