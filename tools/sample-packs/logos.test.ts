import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { sniffImage } from '../../lib/pack-format/logo'
import { drawn, logoFiles, rowsIn, rowsOf, SIZE } from './logos.mjs'

test('each logo in packs/ is what the generator draws', () => {
  const files = logoFiles()
  expect(new Set(files.map((one) => one.name))).toEqual(new Set(drawn))
  for (const { file, name } of files) expect(rowsIn(file)?.equals(rowsOf(name)), file).toBe(true)
})

test('each logo is a PNG of 128 by 128 pixels, small enough for a list of hundreds', () => {
  for (const { file } of logoFiles()) {
    const png = readFileSync(file)
    expect(sniffImage(png), file).toBe('image/png')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)], file).toEqual([SIZE, SIZE])
    expect(png.length, file).toBeLessThan(8 * 1024)
  }
})

test('no two packs share a logo', () => {
  expect(new Set(drawn.map((name) => rowsOf(name).toString('base64'))).size).toBe(drawn.length)
})
