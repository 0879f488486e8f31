import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

import { z } from 'zod'

import { StartError } from '../start-error'
import { moveDurably, syncDirectory, writeAll, writeDurably } from './durable'

const LINK_LENGTH = 32
const RECORD = /^[0-9a-f]{32} \{.*\}$/
/** One write holds at most so much, so that what a crash can tear is bounded. */
const BATCH_BYTES = 1024 * 1024

/** How a journal begins. `revision` is the one that was reached before it was shortened. */
const Header = z.object({ format: z.literal(1), id: z.string(), revision: z.string() })

/** A journal that fails once takes no more changes: what the disk holds is unknown until it is read again. */
export class JournalFailed extends Error {
  override readonly name = 'JournalFailed'
}

/** What was read from a journal. */
export interface History<T> {
  /** The revision that the header tells. */
  revision: string
  records: { record: T; link: string }[]
  /** Bytes of an unfinished last write that were cut off. */
  tornBytes: number
}

interface Waiting<T> {
  record: T
  resolve: () => void
  reject: (error: Error) => void
}

/**
 * An append-only file of JSON lines, each after a hash over it and the line before. So a torn end is recognised,
 * the hash of the last line names the whole history, and a history that was restored from an older copy and went
 * on differently never has the same name.
 *
 * Changes that arrive while the disk is busy are written together and share one fsync.
 */
export class Journal<T> {
  #waiting: Waiting<T>[] = []
  #flushing: Promise<void> | null = null
  failure: JournalFailed | null = null

  private constructor(
    private readonly file: FileHandle,
    private size: number,
    private link: string,
    private readonly onDurable: (record: T, link: string) => void,
  ) {}

  /**
   * @param onDurable is called for each record, in order, when it is on the disk and before `append` resolves
   * @throws StartError when a line in the middle is damaged
   */
  static async open<T>(
    path: string,
    schema: z.ZodType<T>,
    onDurable: (record: T, link: string) => void,
  ): Promise<{ journal: Journal<T>; history: History<T> }> {
    await rm(`${path}.new`, { force: true })
    const bytes = await readFile(path).catch((error) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    const { history, size, link } = bytes.length === 0 ? await create(path) : understand(path, bytes, schema)
    const file = await open(path, 'r+')
    if (history.tornBytes > 0) await file.truncate(size)
    await file.sync()
    return { journal: new Journal(file, size, link, onDurable), history: history as History<T> }
  }

  /** @throws JournalFailed */
  append(record: T): Promise<void> {
    if (this.failure) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  async close(): Promise<void> {
    await this.#flushing
    await this.file.close()
  }

  async #flush(): Promise<void> {
    // One turn of the loop lets changes that come together be written together.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) {
      const batch: (Waiting<T> & { link: string })[] = []
      let text = ''
      let { link } = this
      for (let next = this.#waiting[0]; next && text.length < BATCH_BYTES; next = this.#waiting[0]) {
        const line = toLine(link, next.record)
        link = line.slice(0, LINK_LENGTH)
        text += line
        batch.push({ ...next, link })
        this.#waiting.shift()
      }
      try {
        const bytes = Buffer.from(text)
        await writeAll(this.file, bytes, this.size)
        await this.file.datasync()
        this.size += bytes.length
        this.link = link
      } catch (cause) {
        await this.#fail(batch, cause)
        continue
      }
      for (const { record, resolve, link } of batch) {
        this.onDurable(record, link)
        resolve()
      }
    }
    this.#flushing = null
  }

  /** A full disk is survived: the half-written end is cut off. After anything else the disk is not trusted again. */
  async #fail(batch: Waiting<T>[], cause: unknown): Promise<void> {
    const code = (cause as NodeJS.ErrnoException).code
    const error = new JournalFailed('The journal could not be written', { cause })
    const recovered =
      (code === 'ENOSPC' || code === 'EDQUOT') &&
      (await this.file.truncate(this.size).then(
        () => true,
        () => false,
      ))
    if (!recovered) this.failure = error
    for (const { reject } of batch) reject(error)
    if (!recovered) for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  /** Writes a journal that begins with `records` in place of all before. Only before the first `append`. */
  static async shorten<T>(path: string, revision: string, records: Iterable<T>): Promise<void> {
    let line = toLine('', { format: 1, id: randomUUID(), revision })
    const lines = [line]
    for (const record of records) {
      line = toLine(line.slice(0, LINK_LENGTH), record)
      lines.push(line)
    }
    await writeDurably(`${path}.new`, lines.join(''))
    await moveDurably(`${path}.new`, path)
  }
}

const linkOf = (previous: string, json: string): string =>
  createHash('sha256').update(previous).update(json).digest('hex').slice(0, LINK_LENGTH)

function toLine(previous: string, record: unknown): string {
  const json = JSON.stringify(record)
  return `${linkOf(previous, json)} ${json}\n`
}

async function create(path: string) {
  const line = toLine('', { format: 1, id: randomUUID(), revision: randomUUID().replaceAll('-', '') })
  await writeDurably(path, line)
  await syncDirectory(dirname(path))
  return understand(path, Buffer.from(line), z.never())
}

function understand<T>(path: string, bytes: Buffer, schema: z.ZodType<T>) {
  const records: History<T>['records'] = []
  let header: z.infer<typeof Header> | null = null
  let link = ''
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at)
    const line = end < 0 ? null : bytes.toString('utf8', at, end)
    const json = line?.slice(LINK_LENGTH + 1)
    if (line === null || json === undefined || linkOf(link, json) !== line.slice(0, LINK_LENGTH)) break
    link = line.slice(0, LINK_LENGTH)
    const data: unknown = JSON.parse(json)
    if (header) records.push({ record: schema.parse(data), link })
    else header = Header.parse(data)
    at = end + 1
  }
  if (!header) throw damaged(path, 0)
  const rest = bytes.subarray(at)
  if (
    rest.length > BATCH_BYTES &&
    rest
      .toString('latin1')
      .split('\n')
      .some((one) => RECORD.test(one))
  )
    throw damaged(path, at)
  return { history: { revision: header.revision, records, tornBytes: rest.length }, size: at, link }
}

const damaged = (path: string, at: number) =>
  new StartError(
    `The journal ${path} is damaged at byte ${at}. Restore the data directory from a copy, or see what is after that byte before cutting the file there.`,
  )
