import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'

import { checkPath, eachTarEntry, inChunks, PackError, type TarEntry, unpackedLimit } from './archive'
import { logoType } from './logo'
import { PART_FILES } from './media-types'
import { unzip } from './packed-pack'

const KIB = 1024
const MIB = 1024 * KIB

/** What of a version's files is told, and what of them is kept to be shown. The largest real pack has some 900. */
export const FILE_LIMITS = {
  listed: 3_000,
  /** Texts that are kept: so many, of so many bytes each and together. */
  kept: 500,
  keptOne: 512 * KIB,
  keptTogether: 4 * MIB,
  /** Of a chart in a pack, packed; and of all that is unpacked. */
  chart: 20 * MIB,
  unpacked: 128 * MIB,
  /** Entries of all archives, listed or not. */
  entries: 20_000,
  /** Charts in a pack, and charts in these. */
  depth: 2,
} as const

/** How a registry keeps what a version holds beside its parts: a tar of the rest, a whole pack packed, or a Helm chart. */
export type ArchiveForm = 'rest' | 'pack' | 'chart'

export interface PackFileEntry {
  /** What lies in a packed chart stands below the chart's own path: `charts/a.tgz/templates/b.yaml`. */
  path: string
  size: number
  digest: string
  /** `large`: its text is not kept, since the file or all of them together are too large. */
  kind: 'text' | 'binary' | 'large'
  /** Where it begins in `texts`: a text, or a picture that a README may show. Null where it is not kept. */
  at: number | null
}

export interface PackFileList {
  files: PackFileEntry[]
  /** Files that are not listed, since there are too many. */
  more: number
  /** What was left out and why: sentences for people. */
  notes: string[]
}

interface Found extends Omit<PackFileEntry, 'at'> {
  /** Of a text or a picture that may be kept. */
  bytes: Uint8Array | null
}

/**
 * Lists the files of an archive, and of the charts in it, and keeps texts and small pictures as far as the limits allow:
 * manifests and scripts first, then what a chart says of itself, then its templates, pictures last. What cannot be a file of a pack (a path that leads
 * out, a link, a device) is left out and counted; a chart in it that is unsound or a bomb is listed and not looked into.
 *
 * @param file the archive's name, for the error
 * @throws PackError where the archive itself is unsound, or too large when it is unpacked
 */
export async function readPackFiles(
  form: ArchiveForm,
  file: string,
  bytes: Uint8Array,
): Promise<{ list: PackFileList; texts: Uint8Array }> {
  const reading = { found: [] as Found[], paths: new Set<string>(), notes: [] as string[] }
  const counts = { left: 0, entries: 0, unpacked: 0, held: 0 }

  /** @param top the path before all of its files, with its `/` */
  async function walk(name: string, packed: Uint8Array, top: string, marker: string | null, depth: number) {
    const isGzip = packed[0] === 0x1f && packed[1] === 0x8b
    const most = unpackedLimit(packed.length, FILE_LIMITS.unpacked)
    const own: Found[] = []
    const charts: { path: string; bytes: Uint8Array }[] = []
    const source = isGzip ? unzip(name, packed, most) : inChunks(packed)
    await sound(name, source, async ({ header, chunks }) => {
      const { name: written, type, size = 0 } = header
      if (type === 'directory') return
      if (++counts.entries > FILE_LIMITS.entries)
        throw new PackError(name, `holds more than ${FILE_LIMITS.entries.toLocaleString('en')} files`)
      const path = type === 'file' || type === 'contiguous-file' ? soundPath(written) : null
      if (path === null || isOfMacOs(path)) {
        if (path === null) counts.left++
        return
      }
      const isChart =
        depth < FILE_LIMITS.depth && /\.(?:tgz|tar\.gz)$/i.test(path) && size <= FILE_LIMITS.chart
      const mayKeep = size <= FILE_LIMITS.keptOne && counts.held + size <= FILE_LIMITS.keptTogether * 4
      const hash = createHash('sha256')
      const all: Uint8Array[] = []
      for await (const chunk of chunks) {
        counts.unpacked += chunk.length
        if (counts.unpacked > FILE_LIMITS.unpacked) throw new PackError(name, 'is too large when unpacked')
        hash.update(chunk)
        if (isChart || mayKeep) all.push(chunk)
      }
      const whole = isChart || mayKeep ? Buffer.concat(all) : null
      const kind = isChart ? 'binary' : whole === null ? 'large' : isPlainText(whole) ? 'text' : 'binary'
      const isKept = whole !== null && !isChart && (kind === 'text' || isPicture(whole))
      if (isKept) counts.held += whole.length
      own.push({ path, size, digest: `sha256:${hash.digest('hex')}`, kind, bytes: isKept ? whole : null })
      if (isChart && whole) charts.push({ path, bytes: whole })
    })
    const folder = marker === null ? '' : folderOf(own, marker)
    if (folder === null) {
      if (depth === 0) throw new PackError(name, `holds no ${marker}, neither in a directory nor beside one`)
      throw new PackError(name, `holds no ${marker}`)
    }
    const inside = (path: string) => (path.startsWith(folder) ? top + path.slice(folder.length) : null)
    for (const one of own) {
      const path = inside(one.path)
      if (path === null || reading.paths.has(path)) counts.left++
      else {
        reading.paths.add(path)
        reading.found.push({ ...one, path })
      }
    }
    for (const chart of charts) {
      const path = inside(chart.path)
      if (path === null) continue
      try {
        await walk(path, chart.bytes, `${path}/`, 'Chart.yaml', depth + 1)
      } catch (error) {
        if (!(error instanceof PackError)) throw error
        if (reading.notes.length < MAX_NOTES) reading.notes.push(`${error.file} ${error.reason}.`)
      }
    }
  }

  await walk(file, bytes, '', { rest: null, pack: PART_FILES.manifest, chart: 'Chart.yaml' }[form], 0)
  if (counts.left > 0) {
    const files = counts.left === 1 ? '1 entry' : `${counts.left.toLocaleString('en')} entries`
    reading.notes.unshift(
      `Left out ${files} that can be no file of a pack: a link, a device, a path that leads out.`,
    )
  }
  return choose(form, reading.found, reading.notes)
}

const MAX_NOTES = 20

/** @throws PackError for whatever is wrong with an archive */
async function sound(
  name: string,
  source: AsyncIterable<Uint8Array>,
  take: (entry: TarEntry) => Promise<void>,
) {
  try {
    await eachTarEntry(source, take)
  } catch (error) {
    throw error instanceof PackError ? error : new PackError(name, 'is no sound archive')
  }
}

function soundPath(written: string): string | null {
  try {
    return checkPath(written.replace(/^(?:\.\/)+/, ''))
  } catch {
    return null
  }
}

/** macOS packs a file of its own beside each. */
const isOfMacOs = (path: string) => /(?:^|\/)(?:\._[^/]*|\.DS_Store)$/.test(path)

/** Of a picture no more is kept. */
const PICTURE_LIMIT = 256 * KIB
/** One that a browser may be given. */
const isPicture = (bytes: Uint8Array) => bytes.length <= PICTURE_LIMIT && logoType(bytes) !== null

const isPlainText = (bytes: Uint8Array): boolean => isUtf8(bytes) && !bytes.includes(0)

/** The folder, with its `/`, in which a file of this name lies: at the top, else one below it. Null: nowhere. */
function folderOf(files: readonly Found[], marker: string): string | null {
  if (files.some((one) => one.path === marker)) return ''
  const found = files.find((one) => one.path.split('/').length === 2 && one.path.endsWith(`/${marker}`))
  return found ? found.path.slice(0, -marker.length) : null
}

/** What is looked at first is kept first. */
function rankOf({ path, kind }: Found, form: ArchiveForm): number {
  if (kind === 'binary') return 5
  if (/(?:^|\/)Chart\.yaml$/.test(path)) return 1
  if (form !== 'chart' && !path.startsWith('charts/')) return 0
  if (/(?:^|\/)(?:values\.yaml|README\.md|CHANGELOG\.md)$/i.test(path)) return 2
  return /(?:^|\/)(?:templates|crds)\//.test(path) ? 3 : 4
}

const byPath = (a: Found, b: Found) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

/** Which files are listed, and which texts are kept. */
function choose(
  form: ArchiveForm,
  found: Found[],
  notes: string[],
): { list: PackFileList; texts: Uint8Array } {
  found.sort(byPath)
  const ranked = found.filter((one) => one.bytes !== null).sort((a, b) => rankOf(a, form) - rankOf(b, form))
  const at = new Map<string, number>()
  const kept: Uint8Array[] = []
  let size = 0
  for (const one of ranked) {
    const { digest, bytes } = one
    if (!bytes || at.has(digest) || size + bytes.length > FILE_LIMITS.keptTogether) continue
    if (kept.length === FILE_LIMITS.kept) break
    at.set(digest, size)
    kept.push(bytes)
    size += bytes.length
  }
  const files = found.slice(0, FILE_LIMITS.listed).map(({ bytes, ...one }): PackFileEntry => {
    const isKept = bytes !== null && at.has(one.digest)
    return {
      ...one,
      kind: one.kind === 'text' && !isKept ? 'large' : one.kind,
      at: isKept ? (at.get(one.digest) ?? null) : null,
    }
  })
  return { list: { files, more: found.length - files.length, notes }, texts: Buffer.concat(kept) }
}
