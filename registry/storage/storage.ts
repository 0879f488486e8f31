import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import type { Logger } from 'pino'

import { StartError } from '../start-error'
import { Catalog } from './catalog'
import { Change } from './changes'
import { type Collector, type CollectSettings, openCollector } from './collect'
import { type Content, openContent } from './content'
import { Journal } from './journal'
import { lockDirectory } from './lock'
import { oneAtATime } from './one-at-a-time'
import { openUploads, type Uploads } from './uploads'

/** A journal is shortened at start when it holds so many more lines than repositories. */
const SHORTEN_ABOVE = 1_000

/** Where a registry keeps everything. What was acknowledged is on the disk. */
export interface Storage {
  readonly catalog: Catalog
  readonly content: Content
  readonly uploads: Uploads
  readonly collector: Collector
  /** Makes a change durable, then visible. @throws JournalFailed */
  commit(change: Change): Promise<void>
  /** Runs what reads a repository in order to change it, one after the other. */
  exclusively<T>(repository: string, work: () => Promise<T>): Promise<T>
  /** Why nothing can be written any more, or null. */
  readonly failure: Error | null
  close(): Promise<void>
}

/**
 * Opens a data directory, and makes it where there is none.
 *
 * @param onLost is called when another process took the directory over
 * @throws StartError when it cannot be used
 */
export async function openStorage(
  directory: string,
  limits: { blobbytes: number; uploadidle: number; collect: CollectSettings },
  log: Logger,
  onLost: () => void,
): Promise<Storage> {
  const root = resolve(directory)
  const blobs = join(root, 'blobs')
  const scratch = join(root, 'uploads')
  let lock: Awaited<ReturnType<typeof lockDirectory>>
  try {
    await mkdir(blobs, { recursive: true })
    lock = await lockDirectory(root, onLost)
  } catch (cause) {
    throw explain(root, cause)
  }
  try {
    const content = await openContent(blobs, scratch)
    const uploads = await openUploads(scratch, content, limits)
    const { journal, catalog } = await openCatalog(join(root, 'journal'), log)
    const parts = {
      catalog,
      content,
      uploads,
      commit: (change: Change) => journal.append(change),
      exclusively: oneAtATime(),
    }
    const collector = await openCollector(parts, root, limits.collect, log)
    return {
      ...parts,
      collector,
      get failure() {
        return journal.failure
      },
      async close() {
        await collector.end()
        await uploads.close()
        await journal.close()
        await lock.release()
      },
    }
  } catch (cause) {
    await lock.release()
    throw explain(root, cause)
  }
}

async function openCatalog(path: string, log: Logger) {
  let catalog: Catalog | undefined
  const load = async () => {
    const { journal, history } = await Journal.open(path, Change, (change, link) =>
      catalog?.apply(change, link),
    )
    catalog = new Catalog(history.revision)
    for (const { record, link } of history.records) catalog.apply(record, link, false)
    catalog.settle()
    return { journal, catalog, history }
  }
  const { journal, catalog: loaded, history } = await load()
  if (history.tornBytes > 0)
    log.warn({ bytes: history.tornBytes }, 'Cut off an unfinished write at the end of the journal')
  const repositories = [...loaded.repositories()]
  if (history.records.length <= 2 * repositories.length + SHORTEN_ABOVE) return { journal, catalog: loaded }
  await journal.close()
  await Journal.shorten(
    path,
    loaded.revision,
    repositories.map((one) => one.toChange()),
  )
  return load()
}

function explain(root: string, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException
  if (cause instanceof StartError || !code) return cause as Error
  return new StartError(
    `The data directory ${root} cannot be used: ${message}. Give the server a directory that it may read and write, with storage.filesystem.rootdirectory (REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY).`,
    { cause },
  )
}
