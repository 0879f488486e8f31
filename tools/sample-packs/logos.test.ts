import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { sniffImage } from '../../lib/pack-format/logo'
import { drawn, logoFiles, rowsIn, rowsOf, SIZE } from './logos.mjs'

const rows = new Map(drawn.map((name) => [name, rowsOf(name)]))

test('each logo in packs/ is what the generator draws', () => {
  const files = logoFiles()
  expect(new Set(files.map((one) => one.name))).toEqual(new Set(drawn))
  for (const { file, name } of files) expect(rowsIn(file), file).toEqual(rows.get(name))
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
  expect(new Set([...rows.values()].map((one) => one.toString('base64'))).size).toBe(drawn.length)
})
