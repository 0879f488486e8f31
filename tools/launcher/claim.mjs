// One file says which process holds a folder, and which parts it has started. Built-ins only.
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { ended, endProcess, identify } from './process-identity.mjs'

const PATIENCE_MS = 4_000
const PART_ENDS_MS = 15_000

/**
 * Claims a folder for this process. What a holder that was killed has left running is ended first.
 *
 * @param {string} file
 * @param {number} patienceMs how long to wait for another holder: it may be about to end
 * @returns {Promise<{pid: number} | {orphans: string[], note: (parts: object[]) => void, release: () => void}>}
 *   the process that holds it, or the claim with the names of what was ended
 */
export async function claim(file, patienceMs = PATIENCE_MS) {
  const me = identify(process.pid)
  const write = (target, parts) => writeFileSync(target, JSON.stringify({ ...me, parts }), { mode: 0o600 })
  const own = `${file}.${process.pid}`
  const orphans = []
  for (;;) {
    write(own, [])
    if (link(own, file)) break
    const holder = read(file)
    if (holder && !(await ended(holder, patienceMs))) {
      rmSync(own, { force: true })
      return { pid: holder.pid }
    }
    // Of two that find it stale, one moves it away.
    if (!move(file, own)) continue
    // In the order of the list: the supervisor first, which ends the others by itself.
    for (const part of read(own)?.parts ?? [])
      if (await endProcess(part, PART_ENDS_MS)) orphans.push(part.name)
  }
  rmSync(own, { force: true })
  return {
    orphans,
    note(parts) {
      write(own, parts)
      renameSync(own, file)
    },
    release: () => rmSync(file, { force: true }),
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    // Cut off by a power failure, at worst: whoever wrote it is gone then.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

/** Makes the file with its content in one step. @returns whether it was not there */
function link(from, to) {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(error.code)) throw error
  }
  // A file system without hard links.
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function move(from, to) {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}
