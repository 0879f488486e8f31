import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { z } from 'zod'

import { StartError } from '../start-error'

const BEAT_MS = 4_000
/** Without a beat for so long, a holder on another machine is taken for gone. */
const GONE_MS = 12_000
const SETTLE_MS = 50

const Holder = z.object({
  token: z.string(),
  pid: z.number(),
  host: z.string(),
  /** Tells this process from an earlier one with the same number: in a container every server is process 1. */
  born: z.string().nullable(),
})
type Holder = z.infer<typeof Holder>

/**
 * Makes this process the only one that writes to a directory. A holder on this machine that no longer runs is
 * replaced at once; one on another machine, or in another container, when it gave no sign of life for 12 s.
 *
 * @param onLost is called when another process took the directory in spite of us: stop writing
 * @throws StartError when it is held
 */
export async function lockDirectory(
  directory: string,
  onLost: () => void,
): Promise<{ release(): Promise<void> }> {
  const path = join(directory, 'lock')
  const own: Holder = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    born: await bornOf(process.pid),
  }
  const draft = `${path}.${own.token}`
  await writeFile(draft, JSON.stringify(own))
  try {
    await acquire(path, draft)
    // Two that replaced the same dead holder at once: the later one has it.
    await sleep(SETTLE_MS)
    const winner = await read(path)
    if (winner?.token !== own.token) throw held(path, winner)
  } finally {
    await rm(draft, { force: true })
  }

  const beat = setInterval(async () => {
    const holder = await read(path).catch(() => null)
    if (holder?.token === own.token) await utimes(path, new Date(), new Date()).catch(() => {})
    else if (holder) onLost()
  }, BEAT_MS)
  beat.unref()
  return {
    async release() {
      clearInterval(beat)
      if ((await read(path).catch(() => null))?.token === own.token) await rm(path, { force: true })
    },
  }
}

async function acquire(path: string, draft: string): Promise<void> {
  try {
    await place(draft, path)
    return
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const holder = await read(path)
  if (holder && (await isAlive(path, holder))) throw held(path, holder)
  await rename(draft, path)
}

/** Puts the lock there unless there is one: complete at once where the file system has hard links. */
async function place(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    await writeFile(path, await readFile(draft), { flag: 'wx' })
  }
}

async function isAlive(path: string, { pid, host, born }: Holder): Promise<boolean> {
  if (host === hostname()) return runs(pid) && (await bornOf(pid)) === born
  const { mtimeMs } = await stat(path)
  const until = Date.now() + GONE_MS
  while (Date.now() < until) {
    await sleep(1_000)
    const now = await stat(path).catch(() => null)
    if (now && now.mtimeMs !== mtimeMs) return true
  }
  return false
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The boot and the moment a process began in; null where the system does not tell. @see proc_pid_stat(5) */
async function bornOf(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${boot.trim()}:${ticks}`
  } catch {
    return null
  }
}

/** @returns null where there is no lock, or one that nobody finished writing */
async function read(path: string): Promise<Holder | null> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const held = (path: string, holder: Holder | null) =>
  new StartError(
    `Another server uses this data directory: ${holder ? `process ${holder.pid} on ${holder.host}` : 'it has just started'} (${path}). Stop it first, or choose another directory with storage.filesystem.rootdirectory (REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY).`,
  )
