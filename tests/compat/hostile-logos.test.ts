import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { paint } from '@/lib/pictures/paint'
import { type Drawn, SIDES } from '@/lib/pictures/picture'
import { HOSTILE_LOGOS } from '../hostile-bytes/logos'

const drawn = (bytes: Uint8Array, owner = 'one') => paint(owner, 'logo', async () => bytes)

/** What is in a picture, as a browser would be told; its words that are no pixels, too. */
async function look(result: Drawn, side: 0 | 1 = 1) {
  if (!('pictures' in result)) throw new Error(result.refused)
  const bytes = result.pictures[side] as Uint8Array
  const { format, width, height, pages, exif, icc, xmp, space } = await sharp(bytes).metadata()
  return { bytes, format, width, height, extra: { pages, exif, icc, xmp }, space }
}

describe('a logo that is', () => {
  test.each(HOSTILE_LOGOS)('$is becomes a picture of its own, or none', async ({ bytes, becomes }) => {
    const result = await drawn(await bytes())
    if (becomes instanceof RegExp) {
      expect(result).toEqual({ refused: expect.stringMatching(becomes) })
    } else {
      const picture = await look(result)
      expect(picture).toMatchObject({ format: 'webp', width: becomes[0], height: becomes[1], space: 'srgb' })
      expect(picture.extra).toEqual({})
      expect(picture.bytes.length).toBeLessThan(24 * 1024)
      expect(Buffer.from(picture.bytes).toString('latin1')).not.toMatch(/script|alert/)
      const small = await look(result, 0)
      expect(Math.max(small.width, small.height)).toBeLessThanOrEqual(SIDES.logo[0])
    }
    // The next one does not notice.
    expect(await drawn(readFileSync('packs/traefik-3.7.13/logo.png'))).toHaveProperty('pictures')
  })
})

describe('an SVG', () => {
  let server: Server
  const asked: string[] = []
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => void server.close())

  test('that loads from elsewhere, or from files, is drawn without it', async () => {
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const file = `file://${process.cwd()}/packs/traefik-3.7.13/logo.png`
    const svg = `<?xml-stylesheet href="${at}/style.css"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">
      <style>@import url("${at}/import.css"); rect { fill: url("${at}/fill.svg#a") } @font-face { font-family: x; src: url("${at}/font.woff") }</style>
      <rect width="1" height="1"/><image width="64" height="64" href="${at}/image.png"/><use xlink:href="${at}/use.svg#a"/>
      <image width="64" height="64" href="${file}"/><image width="64" height="64" href="/etc/passwd"/><text font-family="x">a</text></svg>`
    const { bytes } = await look(await drawn(Buffer.from(svg)))
    expect(asked).toEqual([])
    // Nothing of the file's picture is there: but for the corner, all of it is clear.
    const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const middle = (info.width * (info.height / 2) + info.width / 2) * info.channels
    expect([...data.subarray(middle, middle + 4)][3]).toBe(0)
  })
})

describe('the process that draws', () => {
  const bomb = HOSTILE_LOGOS.find(({ is }) => is.includes('uses itself'))?.bytes() as Uint8Array

  test('serves who has one logo before who has many that are too much for it', async () => {
    const order: string[] = []
    const note = (who: string) => () => void order.push(who)
    const many = Array.from({ length: 2 }, () => drawn(bomb, 'many').then(note('many')))
    const one = drawn(readFileSync('packs/traefik-3.7.13/logo.png'), 'other').then(note('other'))
    await Promise.all([...many, one])
    expect(order).toEqual(['many', 'other', 'many'])
  })

  test('says what it could not get, and goes on', async () => {
    const lost = paint('one', 'logo', () => Promise.reject(new Error('The database is away')))
    await expect(lost).rejects.toThrow('The database is away')
    expect(await drawn(readFileSync('packs/traefik-3.7.13/logo.png'))).toHaveProperty('pictures')
  })
})
