import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'

import { DIGEST_ALGORITHMS } from '../names'
import { moveDurably, syncDirectory, writeDurably } from './durable'
import { oneAtATime } from './one-at-a-time'

/** Bytes by their digest. Nothing is ever written in place: what has a name is complete. */
export interface Content {
  put(digest: string, bytes: Uint8Array): Promise<void>
  /** Takes over a file of ours whose bytes are durable and have this digest. */
  adopt(digest: string, path: string): Promise<void>
  read(digest: string): Promise<Buffer>
  /** @returns the bytes from `start` to `end`, both included */
  stream(digest: string, start: number, end: number): Promise<Readable>
  /** The first bytes, at most `count`. */
  head(digest: string, count: number): Promise<Buffer>
  /** All digests that have bytes here, in no order. */
  list(): AsyncIterable<string>
  /** @returns how many bytes there were */
  remove(digest: string): Promise<number>
  /** Runs what brings or takes the bytes of one digest, one after the other. */
  exclusively<T>(digest: string, work: () => Promise<T>): Promise<T>
}

const BUCKETS = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** Keeps content below `root`, in a directory for each algorithm and first byte of the digests. */
export async function openContent(root: string, scratch: string): Promise<Content> {
  for (const algorithm of DIGEST_ALGORITHMS) {
    const base = join(root, algorithm)
    if (await exists(join(base, BUCKETS.at(-1) as string))) continue
    for (const bucket of BUCKETS) await mkdir(join(base, bucket), { recursive: true })
    await syncDirectory(base)
    await syncDirectory(root)
  }
  const pathOf = (digest: string) => {
    const [algorithm, hex] = digest.split(':') as [string, string]
    return join(root, algorithm, hex.slice(0, 2), hex)
  }
  const adopt: Content['adopt'] = async (digest, path) => {
    const target = pathOf(digest)
    if (!(await exists(target))) return moveDurably(path, target)
    await rm(path, { force: true })
    // Whoever moved it there may not have come to this yet.
    await syncDirectory(dirname(target))
  }
  return {
    adopt,
    async put(digest, bytes) {
      const path = join(scratch, randomUUID())
      try {
        await writeDurably(path, bytes)
        await adopt(digest, path)
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
    },
    read: (digest) => readFile(pathOf(digest)),
    async stream(digest, start, end) {
      const file = await open(pathOf(digest), 'r')
      return file.createReadStream({ start, end, highWaterMark: 256 * 1024 })
    },
    async head(digest, count) {
      const file: FileHandle = await open(pathOf(digest), 'r')
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
    async *list() {
      for (const algorithm of DIGEST_ALGORITHMS)
        for (const bucket of BUCKETS)
          for (const hex of await readdir(join(root, algorithm, bucket))) yield `${algorithm}:${hex}`
    },
    async remove(digest) {
      const path = pathOf(digest)
      const { size } = await stat(path)
      await rm(path)
      return size
    },
    exclusively: oneAtATime(),
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    (error) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
