/**
 * Draws the logos of the sample packs: a tile in the hue of the pack's layer, and on it a white sign of what the pack
 * does. They are marks of our own, not those of the projects. `csi-local-path` has none on purpose: a pack without a
 * logo is common, and has to look well too.
 *
 *     node tools/sample-packs/logos.mjs
 *
 * Each shape is a function that gives the distance of a point to its edge, negative inside, so edges come out smooth
 * at any size. A file is written only when its pixels differ.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const PACKS = fileURLToPath(new URL('../../packs', import.meta.url))
export const SIZE = 128

/** Layer → lightness, chroma and hue in OKLCH, as in the console, dark enough for white on it. */
const HUES = {
  os: [0.5, 0.03, 250],
  k8s: [0.53, 0.14, 248],
  cni: [0.52, 0.16, 300],
  csi: [0.64, 0.13, 68],
  addon: [0.55, 0.095, 188],
}

const dot = (cx, cy, r) => (x, y) => Math.hypot(x - cx, y - cy) - r

const box =
  (left, top, width, height, radius = 0) =>
  (x, y) => {
    const dx = Math.abs(x - left - width / 2) - width / 2 + radius
    const dy = Math.abs(y - top - height / 2) - height / 2 + radius
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius
  }

/** The edge of a shape alone, `width` wide. */
const outline = (shape, width) => (x, y) => Math.abs(shape(x, y)) - width / 2

/** Straight pieces from point to point, with round ends. */
const line = (width, ...points) => {
  const pieces = points.slice(1).map(([bx, by], i) => [...points[i], bx, by])
  return (x, y) =>
    Math.min(
      ...pieces.map(([ax, ay, bx, by]) => {
        const [dx, dy] = [bx - ax, by - ay]
        const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
        const t = Math.min(1, Math.max(0, along))
        return Math.hypot(x - ax - t * dx, y - ay - t * dy)
      }),
    ) -
    width / 2
}

/** A piece of an ellipse, from one angle to another: degrees, clockwise from the right. */
const arc = (width, cx, cy, rx, ry, from, to) => {
  const steps = 48
  const at = (i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)]
  }
  return line(width, ...Array.from({ length: steps + 1 }, (_, i) => at(i)))
}

const W = 7

/** Pack name → layer and shapes, drawn white. */
const LOGOS = {
  // A prompt that waits.
  ubuntu: [
    'os',
    outline(box(29, 34, 70, 60, 11), W),
    line(W, [45, 54], [56, 64], [45, 74]),
    line(W, [66, 75], [82, 75]),
  ],
  // Two machines in a rack.
  rocky: [
    'os',
    outline(box(29, 31.5, 70, 26, 9), W),
    outline(box(29, 70.5, 70, 26, 9), W),
    dot(45, 44.5, 5),
    dot(45, 83.5, 5),
    line(W, [64, 44.5], [84, 44.5]),
    line(W, [64, 83.5], [84, 83.5]),
  ],
  // One that leads, three that follow.
  kubernetes: [
    'k8s',
    line(6, [64, 40], [64, 88]),
    line(6, [37, 88], [37, 74], [43, 66], [85, 66], [91, 74], [91, 88]),
    box(51, 27, 26, 26, 8),
    box(27, 79, 21, 21, 7),
    box(53.5, 79, 21, 21, 7),
    box(80, 79, 21, 21, 7),
  ],
  // All of it in one small box.
  'kubernetes-k3s': [
    'k8s',
    line(W, [31, 48], [31, 38], [38, 31], [48, 31]),
    line(W, [80, 31], [90, 31], [97, 38], [97, 48]),
    line(W, [97, 80], [97, 90], [90, 97], [80, 97]),
    line(W, [48, 97], [38, 97], [31, 90], [31, 80]),
    box(46, 46, 36, 36, 10),
  ],
  // Everybody reaches everybody.
  'cni-cilium': [
    'cni',
    line(5, [40, 40], [88, 40], [88, 88], [40, 88], [40, 40]),
    line(5, [40, 40], [88, 88]),
    line(5, [88, 40], [40, 88]),
    dot(40, 40, 11),
    dot(88, 40, 11),
    dot(40, 88, 11),
    dot(88, 88, 11),
  ],
  // A route from here to there.
  'cni-calico': [
    'cni',
    dot(38, 91, 10),
    outline(dot(90, 37, 9), W),
    line(W, [38, 91], [72, 91]),
    arc(W, 72, 77.5, 13.5, 13.5, 90, -90),
    line(W, [72, 64], [56, 64]),
    arc(W, 56, 50.5, 13.5, 13.5, 90, 270),
    line(W, [56, 37], [80, 37]),
  ],
  // A disk on the network.
  'csi-nfs': [
    'csi',
    arc(W, 64, 38, 27, 9, 0, 360),
    arc(W, 64, 54, 27, 9, 0, 180),
    arc(W, 64, 70, 27, 9, 0, 180),
    line(W, [37, 38], [37, 70]),
    line(W, [91, 38], [91, 70]),
    line(W, [64, 80], [64, 97]),
    line(W, [34, 97], [94, 97]),
  ],
  // A line that rises.
  prometheus: [
    'addon',
    line(W, [32, 32], [32, 87], [41, 96], [97, 96]),
    line(W, [46, 78], [60, 59], [72, 68], [92, 40]),
    dot(92, 40, 8),
  ],
  // Lines of a log.
  'fluent-bit': [
    'addon',
    dot(36, 38, 5.5),
    dot(36, 55.5, 5.5),
    dot(36, 73, 5.5),
    dot(36, 90.5, 5.5),
    line(W, [54, 38], [94, 38]),
    line(W, [54, 55.5], [80, 55.5]),
    line(W, [54, 73], [94, 73]),
    line(W, [54, 90.5], [70, 90.5]),
  ],
  // A way through the gate.
  traefik: [
    'addon',
    line(W, [47, 96], [47, 58]),
    arc(W, 70, 58, 23, 23, 180, 360),
    line(W, [93, 58], [93, 96]),
    line(W, [28, 76], [76, 76]),
    line(W, [65, 65], [76, 76], [65, 87]),
  ],
  // A key.
  dex: [
    'addon',
    outline(dot(48, 80, 15.5), 8),
    line(8, [59, 69], [95, 33]),
    line(8, [95, 33], [103, 41]),
    line(8, [80, 48], [88, 56]),
  ],
  // One address, two ways on.
  'kube-vip': [
    'addon',
    dot(36, 64, 10),
    line(W, [36, 64], [54, 64], [68, 43], [92, 43]),
    line(W, [54, 64], [68, 85], [92, 85]),
    line(W, [83, 33], [93, 43], [83, 53]),
    line(W, [83, 75], [93, 85], [83, 95]),
  ],
  // Panels of a page.
  'kubernetes-dashboard': [
    'addon',
    box(29, 31, 31, 38, 8),
    box(68, 31, 31, 24, 8),
    box(29, 77, 31, 20, 8),
    box(68, 63, 31, 34, 8),
  ],
}

/** The names of the packs that have a logo. */
export const drawn = Object.keys(LOGOS)

/** @see https://bottosson.github.io/posts/oklab/#converting-from-linear-srgb-to-oklab */
function toRgb(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((linear) => {
    const c = Math.min(1, Math.max(0, linear))
    return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)
  })
}

const coverage = (distance) => Math.min(1, Math.max(0, 0.5 - distance))

/** A logo's rows, to the edges (whoever shows it rounds the corners), as PNG keeps them: a filter byte ("difference to the left"), then RGBA. */
export function rowsOf(name) {
  const [layer, ...shapes] = LOGOS[name]
  const [lightness, chroma, hue] = HUES[layer]
  const rows = Buffer.alloc(SIZE * (1 + SIZE * 4))
  for (let y = 0; y < SIZE; y++) {
    // A little light from above.
    const color = toRgb(lightness + 0.035 - (0.07 * y) / SIZE, chroma, hue)
    const start = y * (1 + SIZE * 4)
    let left = [0, 0, 0, 0]
    rows[start] = 1
    for (let x = 0; x < SIZE; x++) {
      const [px, py] = [x + 0.5, y + 0.5]
      const white = coverage(Math.min(...shapes.map((shape) => shape(px, py))))
      const pixel = [...color.map((c) => Math.round(c + (255 - c) * white)), 255]
      pixel.forEach((value, i) => {
        rows[start + 1 + x * 4 + i] = (value - left[i]) & 255
      })
      left = pixel
    }
  }
  return rows
}

/** @see https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type, data) {
  const framed = Buffer.alloc(12 + data.length)
  framed.writeUInt32BE(data.length, 0)
  framed.write(type, 4, 'latin1')
  data.copy(framed, 8)
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + data.length)), 8 + data.length)
  return framed
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function toPng(rows) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIZE, 0)
  header.writeUInt32BE(SIZE, 4)
  header.set([8, 6, 0, 0, 0], 8) // 8 bits, RGBA, no interlacing
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The rows that a file of ours holds, or null where there is none. */
export function rowsIn(file) {
  if (!existsSync(file)) return null
  const png = readFileSync(file)
  const at = SIGNATURE.length + 25 // after IHDR
  return inflateSync(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
}

/** Every logo file that the packs shall have, as `{ file, name }`. */
export const logoFiles = () =>
  readdirSync(PACKS)
    .sort()
    .filter((folder) => existsSync(join(PACKS, folder, 'pack.json')))
    .map((folder) => ({
      file: join(PACKS, folder, 'logo.png'),
      name: JSON.parse(readFileSync(join(PACKS, folder, 'pack.json'), 'utf8')).name,
    }))
    .filter(({ name }) => Object.hasOwn(LOGOS, name))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, name } of logoFiles()) {
    const rows = rowsOf(name)
    if (rowsIn(file)?.equals(rows)) continue
    writeFileSync(file, toPng(rows))
    console.log(`wrote ${file.slice(PACKS.length + 1)}`)
  }
}
