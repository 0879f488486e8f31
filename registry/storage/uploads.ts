import { createHash, type Hash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { RegistryError } from '../errors'
import { algorithmOf, type DigestAlgorithm } from '../names'
import type { Content } from './content'
import { writeAll } from './durable'

const MAX_OPEN = 1_000
const SWEEP_MS = 30_000

export interface Upload {
  readonly id: string
  readonly repository: string
  /** Bytes received so far. */
  readonly bytes: number
}

interface Session extends Upload {
  bytes: number
  readonly path: string
  readonly file: FileHandle
  readonly hash: Hash
  /** A request is writing to it. */
  busy: boolean
  touchedAt: number
}

/** Blobs on their way in. Sessions do not outlive the process: what a crash leaves is removed at the next start. */
export interface Uploads {
  start(repository: string): Promise<Upload>
  /** @throws RegistryError `BLOB_UPLOAD_UNKNOWN` */
  get(repository: string, id: string): Upload
  /** Appends. What arrived before a break is kept, so that the client can go on from there. */
  append(upload: Upload, body: AsyncIterable<Uint8Array>): Promise<void>
  /** Makes the blob durable. The session ends, whatever comes of it. @throws RegistryError `DIGEST_INVALID` */
  finish(upload: Upload, digest: string): Promise<void>
  cancel(upload: Upload): Promise<void>
  close(): Promise<void>
  /** How many are open. */
  readonly open: number
}

interface Limits {
  blobbytes: number
  uploadidle: number
}

export async function openUploads(
  directory: string,
  content: Content,
  { blobbytes, uploadidle }: Limits,
): Promise<Uploads> {
  await mkdir(directory, { recursive: true })
  for (const name of await readdir(directory))
    await rm(join(directory, name), { recursive: true, force: true })

  const sessions = new Map<string, Session>()
  let opening = 0

  const sweep = setInterval(() => {
    const before = Date.now() - uploadidle * 1000
    for (const session of sessions.values())
      if (!session.busy && session.touchedAt < before) void end(session).catch(() => {})
  }, SWEEP_MS)
  sweep.unref()

  async function end(session: Session): Promise<void> {
    sessions.delete(session.id)
    await session.file.close()
    await rm(session.path, { force: true })
  }

  function take({ repository, id }: Upload): Session {
    const session = sessions.get(id)
    if (!session || session.repository !== repository)
      throw new RegistryError(
        'BLOB_UPLOAD_UNKNOWN',
        'This upload is not known: it ended, or was never started',
      )
    if (session.busy)
      throw new RegistryError('BLOB_UPLOAD_INVALID', 'Another request is writing to this upload', {
        status: 409,
      })
    session.touchedAt = Date.now()
    return session
  }

  async function exclusively<T>(upload: Upload, work: (session: Session) => Promise<T>): Promise<T> {
    const session = take(upload)
    session.busy = true
    try {
      return await work(session)
    } finally {
      session.busy = false
      session.touchedAt = Date.now()
    }
  }

  return {
    async start(repository) {
      if (sessions.size + opening >= MAX_OPEN)
        throw new RegistryError('TOOMANYREQUESTS', `${MAX_OPEN} uploads are open. Try again later`)
      opening++
      try {
        const id = randomUUID()
        const path = join(directory, id)
        const file = await open(path, 'wx')
        const session = {
          id,
          repository,
          path,
          file,
          bytes: 0,
          hash: createHash('sha256'),
          busy: false,
          touchedAt: Date.now(),
        }
        sessions.set(id, session)
        return session
      } finally {
        opening--
      }
    },

    get: (repository, id) => {
      const session = sessions.get(id)
      if (session?.repository === repository) return session
      throw new RegistryError(
        'BLOB_UPLOAD_UNKNOWN',
        'This upload is not known: it ended, or was never started',
      )
    },

    append: (upload, body) =>
      exclusively(upload, async (session) => {
        for await (const chunk of body) {
          if (session.bytes + chunk.length > blobbytes)
            throw new RegistryError('SIZE_INVALID', `A blob may have at most ${blobbytes} bytes`, {
              status: 413,
            })
          await writeAll(session.file, chunk, session.bytes)
          session.hash.update(chunk)
          session.bytes += chunk.length
        }
      }),

    finish: (upload, digest) =>
      exclusively(upload, async (session) => {
        try {
          const actual = await digestOf(session, algorithmOf(digest))
          if (actual !== digest)
            throw new RegistryError('DIGEST_INVALID', `The bytes have the digest ${actual}, not ${digest}`, {
              detail: { digest, actual },
            })
          // An append that failed may have left bytes after the last one that counts.
          await session.file.truncate(session.bytes)
          await session.file.sync()
          await content.adopt(digest, session.path)
        } finally {
          await end(session)
        }
      }),

    cancel: (upload) => exclusively(upload, end),

    get open() {
      return sessions.size
    },

    async close() {
      clearInterval(sweep)
      await Promise.all([...sessions.values()].map((session) => end(session).catch(() => {})))
    },
  }
}

/** While bytes arrive they are hashed as nearly all clients name them. Who names them otherwise is told at the end. */
async function digestOf({ hash, path, bytes }: Session, algorithm: DigestAlgorithm): Promise<string> {
  if (algorithm === 'sha256') return `sha256:${hash.digest('hex')}`
  const other = createHash(algorithm)
  if (bytes > 0)
    for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 256 * 1024 }))
      other.update(chunk)
  return `${algorithm}:${other.digest('hex')}`
}
