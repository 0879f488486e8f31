import { deflateSync } from 'node:zlib'

import sharp from 'sharp'

/** Images that were made to cost, to run or to mislead, and what becomes of them: a picture, or the placeholder. */
export interface HostileLogo {
  is: string
  bytes: () => Uint8Array | Promise<Uint8Array>
  /** The width and height of the picture at 128 pixels; or why there is none. */
  becomes: [width: number, height: number] | RegExp
}

const red = (width: number, height = width) =>
  sharp({ create: { width, height, channels: 4, background: '#c0392b' } })

const svg = (inside: string, attributes = 'width="64" height="64"', before = '') =>
  Buffer.from(
    `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`,
  )
const RECT = '<rect width="100%" height="100%" fill="#c0392b"/>'

const crcOf = (bytes: Uint8Array) => {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crcOf(body))
  return Buffer.concat([length, body, crc])
}

/** A PNG that says it has this size, and holds these bytes as its rows. */
function png(width: number, height: number, rows: Uint8Array): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))],
  ])
}

/** Ten groups that each use the one before ten times. */
const useBomb = Array.from({ length: 11 }, (_, i) =>
  i === 0
    ? '<g id="g0"><rect width="1" height="1"/></g>'
    : `<g id="g${i}">${`<use href="#g${i - 1}"/>`.repeat(10)}</g>`,
).join('')
const entityBomb = `<!DOCTYPE svg [<!ENTITY e0 "${'a'.repeat(64)}">${Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('')}]>`

const TOO_LARGE = /too large|exceeds pixel limit/
const NO_IMAGE = /no image that browsers know/
const BROKEN = /^It cannot be decoded/
const TOO_SLOW = /took more than 2 seconds/
const TOO_MUCH = /needed more than \d+ MB|took more than 2 seconds/

export const HOSTILE_LOGOS: HostileLogo[] = [
  { is: 'a PNG', bytes: () => red(512, 256).png().toBuffer(), becomes: [128, 64] },
  { is: 'a small PNG, which is not blown up', bytes: () => red(16).png().toBuffer(), becomes: [16, 16] },
  { is: 'a PNG of 1 by 1', bytes: () => red(1).png().toBuffer(), becomes: /too small/ },
  { is: 'a PNG of 4,000 by 1', bytes: () => red(4000, 1).png().toBuffer(), becomes: /too small/ },
  {
    is: 'a PNG of 20,000 by 20,000',
    bytes: () => png(20_000, 20_000, Buffer.alloc(1 << 20)),
    becomes: NO_IMAGE,
  },
  { is: 'a PNG of 4,096 by 4,096', bytes: () => red(4096).png().toBuffer(), becomes: [128, 128] },
  {
    is: 'a PNG of zeros that were packed a thousandfold',
    bytes: () => png(4096, 4096, Buffer.alloc((4096 * 4 + 1) * 4096)),
    becomes: [128, 128],
  },
  {
    is: 'a PNG with far more rows than it says',
    bytes: () => png(16, 16, Buffer.alloc(64 << 20)),
    becomes: [16, 16],
  },
  {
    is: 'a PNG that was cut',
    bytes: async () => (await red(512).png({ compressionLevel: 0 }).toBuffer()).subarray(0, 9_000),
    becomes: BROKEN,
  },
  {
    is: 'a PNG of its first bytes alone',
    bytes: () => Buffer.from('89504e470d0a1a0a', 'hex'),
    becomes: BROKEN,
  },
  {
    is: 'a PNG with a page behind it',
    bytes: async () =>
      Buffer.concat([await red(64).png().toBuffer(), Buffer.from('<html><script>alert(1)</script>')]),
    becomes: [64, 64],
  },
  {
    is: 'a PNG of sixteen bits',
    bytes: () => red(64).toColourspace('rgb16').png().toBuffer(),
    becomes: [64, 64],
  },
  { is: 'a JPEG', bytes: () => red(64).jpeg().toBuffer(), becomes: [64, 64] },
  {
    is: 'a JPEG in the colours of print',
    bytes: () => red(64).toColourspace('cmyk').jpeg().toBuffer(),
    becomes: [64, 64],
  },
  {
    is: 'a JPEG with a profile of colours, lying on its side',
    bytes: () =>
      red(200, 100).keepIccProfile().withIccProfile('p3').withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    becomes: [64, 128],
  },
  {
    is: 'a JPEG that was cut',
    bytes: async () =>
      (
        await sharp(Buffer.alloc(512 * 512 * 3, 'noise of a kind'), {
          raw: { width: 512, height: 512, channels: 3 },
        })
          .jpeg()
          .toBuffer()
      ).subarray(0, 4_000),
    becomes: BROKEN,
  },
  {
    is: 'a JPEG with a script in its comment',
    bytes: async () => {
      const jpeg = await red(64).jpeg().toBuffer()
      const note = Buffer.from('*/=alert(1);/*')
      return Buffer.concat([
        jpeg.subarray(0, 2),
        Buffer.from([0xff, 0xfe, 0, note.length + 2]),
        note,
        jpeg.subarray(2),
      ])
    },
    becomes: [64, 64],
  },
  { is: 'a GIF', bytes: () => red(64).gif().toBuffer(), becomes: [64, 64] },
  {
    is: 'a GIF of many frames, of which the first is shown',
    bytes: () =>
      sharp(Buffer.alloc(64 * 6400 * 3, 'frames'), {
        raw: { width: 64, height: 6400, channels: 3, pageHeight: 64 },
      })
        .gif({ loop: 0 })
        .toBuffer(),
    becomes: [64, 64],
  },
  {
    is: 'a GIF that is a script too',
    bytes: () => Buffer.from('GIF89a/*\x10\x00\x10\x00*/=1;alert(1)', 'latin1'),
    becomes: NO_IMAGE,
  },
  { is: 'a WebP', bytes: () => red(64).webp().toBuffer(), becomes: [64, 64] },
  { is: 'a TIFF', bytes: () => red(64).tiff().toBuffer(), becomes: NO_IMAGE },
  {
    is: 'a picture of another kind behind the first bytes of a PNG',
    bytes: async () =>
      Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), await red(64).tiff().toBuffer()]),
    becomes: BROKEN,
  },
  { is: 'an SVG', bytes: () => svg(RECT, 'viewBox="0 0 24 12"'), becomes: [128, 64] },
  {
    is: 'an SVG without a size',
    bytes: () => svg('<circle cx="50" cy="50" r="40"/>', ''),
    becomes: [128, 128],
  },
  {
    is: 'an SVG with a script',
    bytes: () => svg(`${RECT}<script>alert(1)</script>`, 'width="64" height="64" onload="alert(1)"'),
    becomes: [128, 128],
  },
  {
    is: 'an SVG with a page in it',
    bytes: () =>
      svg(
        `${RECT}<foreignObject width="64" height="64"><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/></foreignObject>`,
      ),
    becomes: [128, 128],
  },
  {
    is: 'an SVG of entities without end',
    bytes: () => svg('<text>&e9;</text>', 'width="64" height="64"', entityBomb),
    becomes: BROKEN,
  },
  {
    is: 'an SVG that reads a file as an entity',
    bytes: () =>
      svg(
        '<text>&x;</text>',
        'width="64" height="64"',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      ),
    becomes: BROKEN,
  },
  { is: 'an SVG that uses itself without end', bytes: () => svg(useBomb), becomes: TOO_SLOW },
  {
    is: 'an SVG of 1,000,000 by 1,000,000',
    bytes: () => svg(RECT, 'viewBox="0 0 1000000 1000000"'),
    becomes: TOO_LARGE,
  },
  { is: 'an SVG of no height', bytes: () => svg(RECT, 'width="64" height="0"'), becomes: BROKEN },
  {
    is: 'an SVG with a huge PNG in it',
    bytes: () =>
      svg(
        `<image width="64" height="64" href="data:image/png;base64,${png(20_000, 20_000, Buffer.alloc(1 << 20)).toString('base64')}"/>`,
      ),
    becomes: [128, 128],
  },
  {
    is: 'an SVG ten thousand groups deep',
    bytes: () => svg('<g>'.repeat(10_000) + RECT + '</g>'.repeat(10_000)),
    becomes: BROKEN,
  },
  {
    is: 'an SVG of nine hundred thousand groups',
    bytes: () => svg(RECT + '<g/>'.repeat(900_000)),
    becomes: TOO_MUCH,
  },
  {
    is: 'an SVG of fifty panes of glass, 4,096 by 4,096',
    bytes: () =>
      svg(
        `<filter id="f" x="-9" y="-9" width="20" height="20"><feGaussianBlur stdDeviation="400"/></filter>${'<g opacity="0.9" filter="url(#f)">'.repeat(50)}${RECT}${'</g>'.repeat(50)}`,
        'width="4096" height="4096"',
      ),
    becomes: [128, 128],
  },
  { is: 'a page', bytes: () => Buffer.from('<!doctype html><script>alert(1)</script>'), becomes: NO_IMAGE },
  { is: 'nothing', bytes: () => Buffer.alloc(0), becomes: NO_IMAGE },
]
