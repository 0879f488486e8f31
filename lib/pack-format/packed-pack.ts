import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { inChunks, PACK_LIMITS, PackError, readTar, unpackedLimit } from './archive'
import { PART_FILES, PART_LIMITS } from './media-types'

type PartName = keyof typeof PART_FILES

/** The files of a pack that a console keeps, by part. */
export type PackParts = Partial<Record<PartName, Uint8Array>> & { manifest: Uint8Array }

/** Files are padded and have a header each. */
const UNPACKED_BYTES = PACK_LIMITS.totalBytes + PACK_LIMITS.files * 2048

/**
 * Reads the parts of a pack out of its directory as one archive: a tar, mostly gzipped, with the pack's directory in it
 * or its files alone. Nothing is written, only the parts are kept, and all is bounded while it is unpacked.
 *
 * @param file the archive's name, for the error
 * @throws PackError
 */
export async function readPackedPack(file: string, bytes: Uint8Array): Promise<PackParts> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const tar = isGzip ? unzip(file, bytes, unpackedLimit(bytes.length, UNPACKED_BYTES)) : inChunks(bytes)
  const files = await readTar(tar, { name: file, keep: (path) => partOf(path)?.limit ?? null })
  const manifests = [...files.keys()].filter((path) => partOf(path)?.part === 'manifest')
  const [manifest, second] = manifests
  if (manifest === undefined)
    throw new PackError(file, 'holds no pack.json, neither in a directory nor beside one')
  if (second !== undefined) throw new PackError(file, `holds two packs: ${manifest} and ${second}`)
  const folder = manifest.slice(0, -PART_FILES.manifest.length)
  const parts = Object.entries(PART_FILES).flatMap(([part, name]) => {
    const found = files.get(folder + name)
    return found ? [[part, found.bytes] as const] : []
  })
  return Object.fromEntries(parts) as PackParts
}

/** Which part a path is, at the top or one directory below it. */
function partOf(path: string): { part: PartName; limit: number } | undefined {
  const [name, folder, ...more] = path.split('/').reverse()
  // macOS packs a file of its own beside each.
  if (more.length > 0 || folder?.startsWith('.')) return undefined
  const part = (Object.keys(PART_FILES) as PartName[]).find((one) => PART_FILES[one] === name)
  return part && { part, limit: PART_LIMITS[part] }
}

/**
 * Unpacks gzip as it is read.
 *
 * @param most bytes that may come of it
 * @throws PackError
 */
export async function* unzip(file: string, bytes: Uint8Array, most: number): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  const source = Readable.from(inChunks(bytes)).on('error', (error) => gunzip.destroy(error))
  let size = 0
  try {
    for await (const chunk of source.pipe(gunzip)) {
      size += chunk.length
      if (size > most) throw new PackError(file, 'is too large when unpacked')
      yield chunk as Uint8Array
    }
  } catch (error) {
    throw error instanceof PackError ? error : new PackError(file, 'is no sound gzip archive')
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}
