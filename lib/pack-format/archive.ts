import { extract, type Header, pack as packTar } from 'tar-stream'

/** Bounds of a pack's files. The largest real pack has 5 MB in some 900 files. */
export const PACK_LIMITS = {
  files: 5_000,
  fileBytes: 64 * 1024 * 1024,
  totalBytes: 256 * 1024 * 1024,
  pathLength: 512,
} as const

const MIB = 1024 * 1024
/** Text packs to a fourth, rarely to a tenth. What packs better is large to no purpose. */
const RATIO = 10
/** So much is unpacked whatever the ratio. */
const ALWAYS_UNPACKED = 16 * MIB

/** The bytes to which an archive of so many may unpack, of at most `most`. */
export const unpackedLimit = (packedBytes: number, most: number): number =>
  Math.min(most, Math.max(ALWAYS_UNPACKED, RATIO * packedBytes))

/** A file of a pack. */
export interface PackFile {
  bytes: Uint8Array
  executable: boolean
}

/** A pack in memory: relative path with `/` → file. */
export type PackFiles = Map<string, PackFile>

/** A pack or an archive that we do not take: which file, and why. */
export class PackError extends Error {
  override readonly name = 'PackError'
  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file}: ${reason}`)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/

/**
 * A path as it may stand in a pack: relative, inside, one spelling.
 *
 * @throws PackError for `..`, an absolute path, a drive, a backslash, control characters, or one too long
 */
export function checkPath(path: string): string {
  const refuse = (reason: string): never => {
    throw new PackError(JSON.stringify(path.slice(0, 200)), reason)
  }
  if (path.length > PACK_LIMITS.pathLength)
    refuse(`the path is longer than ${PACK_LIMITS.pathLength} characters`)
  if (path === '' || CONTROL.test(path)) refuse('the path is empty or holds control characters')
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.includes('\\')) refuse('the path is not relative')
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    refuse('the path leads out of the pack, or is written in a roundabout way')
  return path
}

/**
 * Refuses two paths that one file system takes for the same file (case, composed letters): they would overwrite one
 * another, and a file where another path has a folder.
 *
 * @throws PackError
 */
export function checkCollisions(paths: Iterable<string>): void {
  const files = new Map<string, string>()
  for (const path of paths) {
    const other = files.get(fold(path))
    if (other !== undefined) throw new PackError(path, `differs from ${other} in upper and lower case only`)
    files.set(fold(path), path)
  }
  for (const path of files.keys())
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const file = files.get(path.slice(0, at))
      if (file !== undefined)
        throw new PackError(file, `is a file and, but for upper and lower case, a folder`)
    }
}

const fold = (path: string) => path.normalize('NFC').toLowerCase()

const byPath = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0)

/** A tar of these files that is the same for the same files: sorted, without times and owners. */
export async function writeTar(files: PackFiles): Promise<Uint8Array> {
  const tar = packTar()
  for (const [name, { bytes, executable }] of [...files].sort(byPath))
    tar.entry(
      { name: checkPath(name), mode: executable ? 0o755 : 0o644, mtime: new Date(0), uid: 0, gid: 0 },
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    )
  tar.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of tar) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

export interface ReadTarOptions {
  /** Of a file that is kept, the bytes that it may have; null for one that is only looked at. Keeps all by default. */
  keep?: (path: string) => number | null
  /** What the archive is called in an error. */
  name?: string
}

/**
 * Reads a tar: regular files only, each path checked, everything bounded while it streams.
 *
 * @throws PackError
 */
export async function readTar(
  source: AsyncIterable<Uint8Array>,
  { keep = () => PACK_LIMITS.fileBytes, name: archive = 'files.tar' }: ReadTarOptions = {},
): Promise<PackFiles> {
  const files: PackFiles = new Map()
  const folded = new Set<string>()
  let total = 0
  try {
    await eachTarEntry(source, async ({ header, chunks }) => {
      const { name, type, mode = 0, size = 0 } = header
      if (type === 'directory') return
      if (type !== 'file' && type !== 'contiguous-file')
        throw new PackError(
          JSON.stringify(name),
          `is a ${type ?? 'special file'}; only regular files are taken`,
        )
      // tar writes it in front where it was given a directory so.
      const path = checkPath(name.replace(/^(?:\.\/)+/, ''))
      // Two names that one file system takes for the same file would overwrite one another.
      if (folded.has(fold(path))) throw new PackError(path, 'is there twice')
      folded.add(fold(path))
      if (folded.size > PACK_LIMITS.files)
        throw new PackError(path, `is one more than ${PACK_LIMITS.files} files`)
      total += size
      if (size > PACK_LIMITS.fileBytes || total > PACK_LIMITS.totalBytes)
        throw new PackError(path, 'is too large')
      const limit = keep(path)
      if (limit === null) return
      if (size > limit)
        throw new PackError(
          path,
          `has ${size.toLocaleString('en')} bytes; at most ${limit.toLocaleString('en')} are read`,
        )
      const all: Uint8Array[] = []
      for await (const chunk of chunks) all.push(chunk)
      files.set(path, { bytes: Buffer.concat(all), executable: (mode & 0o111) !== 0 })
    })
  } catch (error) {
    throw error instanceof PackError ? error : new PackError(archive, 'is no sound tar archive')
  }
  return files
}

/** One entry of a tar while it streams. */
export interface TarEntry {
  header: Header
  /** Need not be read. */
  chunks: AsyncIterable<Uint8Array>
}

/**
 * Goes through a tar as it streams, one entry after the other.
 *
 * @throws what `take` and the source throw, and an error where it is no sound tar
 */
export async function eachTarEntry(
  source: AsyncIterable<Uint8Array>,
  take: (entry: TarEntry) => Promise<void>,
): Promise<void> {
  const tar = extract()
  const reading = (async () => {
    for await (const entry of tar) {
      await take({ header: entry.header, chunks: entry as AsyncIterable<Uint8Array> })
      entry.resume()
    }
  })()
  // Whichever ends first with an error ends the other.
  reading.catch((error) => tar.destroy(error))
  try {
    for await (const chunk of source) {
      if (tar.destroyed) break
      if (tar.write(chunk)) continue
      await Promise.race([new Promise<void>((resume) => tar.once('drain', () => resume())), reading])
    }
    if (!tar.destroyed) tar.end(undefined)
    await reading
  } catch (error) {
    tar.destroy()
    throw error
  }
}

const CHUNK_BYTES = 256 * 1024

/** Bytes that are in memory already, as a stream. */
export async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    yield Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(CHUNK_BYTES, bytes.length - at))
}
