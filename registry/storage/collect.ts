import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Logger } from 'pino'
import { z } from 'zod'

import { readManifest } from '../manifest'
import { moveDurably, writeDurably } from './durable'
import type { Repository } from './repository'
import type { Storage } from './storage'

/** What a collection did. */
export interface Collected {
  /** Old manifests of packs, which no tag named any more. */
  manifests: number
  /** Places in repositories of blobs that no manifest there needed. */
  blobs: number
  /** Contents removed from the disk, and their bytes. */
  contents: number
  bytes: number
  /** What nothing needs, and is kept for a while yet. */
  waiting: number
}

/** Times in milliseconds. */
export interface CollectSettings {
  enabled: boolean
  interval: number
  /** How long a thing that nothing needs is kept. */
  keep: number
}

export interface Collector {
  /** Removes what nothing has needed for so long. One collection runs at a time. @param keepMs at least so long unneeded */
  collect(keepMs?: number): Promise<Collected>
  /** Somebody is told that a blob is here, and may refer to it next: its time begins anew. */
  touch(repository: string, digest: string): void
  end(): Promise<void>
}

/** Since when nothing needs a thing, by what it is and where. */
const Unneeded = z.record(z.string(), z.number())

const FIRST_AFTER_MS = 10 * 60_000
const WHO = 'garbage collection'

/**
 * Gives back the space of what nothing needs, while pushes go on: blobs that no manifest of their repository refers to,
 * manifests of packs that no tag names any more, and contents that no repository holds. Other repositories keep their
 * untagged manifests, as the OCI specification says. All of it stays readable for `keep`, also over a restart: since
 * when a thing is not needed is kept beside the journal.
 */
export async function openCollector(
  storage: Pick<Storage, 'catalog' | 'content' | 'commit' | 'exclusively'>,
  directory: string,
  settings: CollectSettings,
  log: Logger,
): Promise<Collector> {
  const path = join(directory, 'unneeded.json')
  const before = await readUnneeded(path)
  const ended = new AbortController()
  let running: Promise<Collected> | null = null
  /** What was touched while a collection runs, which made its picture before. */
  const touched = new Set<string>()

  async function run(keepMs: number): Promise<Collected> {
    touched.clear()
    const now = Date.now()
    const done: Collected = { manifests: 0, blobs: 0, contents: 0, bytes: 0, waiting: 0 }
    const unneeded = new Map<string, number>()
    /** Whether nothing needed it at every look since `keep` ago. */
    const isDue = (key: string): boolean => {
      if (touched.has(key)) return false
      const since = Math.min(before.get(key) ?? now, now)
      unneeded.set(key, since)
      return now - since >= keepMs
    }
    const by = { at: new Date(now).toISOString(), by: WHO }
    for (const { name } of [...storage.catalog.repositories()]) {
      if (ended.signal.aborted) break
      await storage.exclusively(name, async () => {
        const held = storage.catalog.get(name)
        if (!held) return
        for (const digest of await superseded(held, storage))
          if (isDue(keyOf('manifest', name, digest))) {
            await storage.commit({ do: 'remove', repository: name, digest, ...by })
            unneeded.delete(keyOf('manifest', name, digest))
            done.manifests++
          }
        const needed = await referredTo(held, storage)
        for (const digest of [...held.blobs.keys()])
          if (!needed.has(digest) && isDue(keyOf('blob', name, digest))) {
            await storage.commit({ do: 'unlink', repository: name, digest, ...by })
            unneeded.delete(keyOf('blob', name, digest))
            done.blobs++
          }
      })
    }
    await collectContents(done)
    done.waiting = unneeded.size
    before.clear()
    for (const [key, since] of unneeded) if (!touched.has(key)) before.set(key, since)
    await writeDurably(`${path}.new`, JSON.stringify(Object.fromEntries(before)))
    await moveDurably(`${path}.new`, path)
    return done
  }

  /** What no repository holds is gone for everybody already. Only a push that brings it just now has to be heeded. */
  async function collectContents(done: Collected): Promise<void> {
    // Noted from before the picture is made, so that nothing that comes to be held is missed.
    const cameToBeHeld = storage.catalog.noteHeld()
    try {
      const held = new Set<string>()
      for (const { blobs, manifests } of storage.catalog.repositories()) {
        for (const digest of blobs.keys()) held.add(digest)
        for (const digest of manifests.keys()) held.add(digest)
      }
      for await (const digest of storage.content.list()) {
        if (ended.signal.aborted) return
        if (held.has(digest)) continue
        // An upload that finds its bytes here holds this lock until its repository holds them.
        await storage.content.exclusively(digest, async () => {
          if (cameToBeHeld.digests.has(digest)) return
          done.bytes += await storage.content.remove(digest)
          done.contents++
        })
      }
    } finally {
      cameToBeHeld.end()
    }
  }

  const collector: Collector = {
    collect(keepMs = settings.keep) {
      running ??= run(keepMs).finally(() => {
        running = null
      })
      return running
    },
    touch(repository, digest) {
      const key = keyOf('blob', repository, digest)
      before.delete(key)
      if (running) touched.add(key)
    },
    async end() {
      ended.abort()
      await running?.catch(() => {})
      await schedule
    },
  }
  const schedule = settings.enabled ? repeat() : Promise.resolve()

  async function repeat(): Promise<void> {
    const wait = (ms: number) => sleep(ms, undefined, { signal: ended.signal, ref: false }).catch(() => {})
    await wait(Math.min(FIRST_AFTER_MS, settings.interval))
    while (!ended.signal.aborted) {
      await collector.collect().then(
        (done) => log.info(done, 'Collected what nothing needs'),
        (err) => log.error({ err }, 'What nothing needs could not be collected. It is tried again'),
      )
      await wait(settings.interval)
    }
  }
  return collector
}

const keyOf = (kind: 'blob' | 'manifest', repository: string, digest: string): string =>
  `${kind} ${repository} ${digest}`

/** Manifests of packs that no tag names, and no other manifest either. */
async function superseded(held: Repository, storage: Pick<Storage, 'content'>): Promise<string[]> {
  if (!held.holdsPacks) return []
  const named = new Set(held.tags.values())
  const untagged = [...held.manifests.values()].filter(({ digest, pack }) => pack && !named.has(digest))
  if (untagged.length === 0) return []
  const needed = await referredTo(held, storage)
  return untagged
    .map(({ digest }) => digest)
    .filter((digest) => !needed.has(digest) && held.referrersOf(digest).all.length === 0)
}

/** All that the manifests of a repository refer to. */
async function referredTo(held: Repository, { content }: Pick<Storage, 'content'>): Promise<Set<string>> {
  const needed = new Set<string>()
  for (const { digest, mediaType } of [...held.manifests.values()])
    for (const one of readManifest(await content.read(digest), mediaType).refersTo) needed.add(one.digest)
  return needed
}

/** A file that is damaged costs time and no content: everything in it waits anew. */
async function readUnneeded(path: string): Promise<Map<string, number>> {
  const there = await stat(path).catch(() => null)
  if (!there) return new Map()
  try {
    return new Map(Object.entries(Unneeded.parse(JSON.parse(await readFile(path, 'utf8')))))
  } catch {
    return new Map()
  }
}
