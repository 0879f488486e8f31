import { expect, test } from 'vitest'

import { isRaster, sniffImage } from './logo'

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
