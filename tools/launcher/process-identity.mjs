// Tells a process from another one that got its number later. Built-ins only.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** When the process began, as the system counts it; null when there is no such process. */
export function startOf(pid) {
  if (!Number.isInteger(pid) || pid < 2) return null
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name, in parentheses, may hold anything. After it: state (field 3) … start time (field 22).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? null : (fields[19] ?? null)
    } catch {
      return null
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

/** What to write down of a process, to find it again. */
export const identify = (pid) => ({ pid, start: startOf(pid) })

/** @param {{pid: number, start: string | null}} one */
export const isAlive = (one) => one.start !== null && startOf(one.pid) === one.start

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until the process has ended. @returns {Promise<boolean>} whether it has, in time */
export async function ended(one, withinMs) {
  for (const end = Date.now() + withinMs; isAlive(one); await sleep(50)) if (Date.now() > end) return false
  return true
}

/**
 * Ends a process that is not our child: politely, then for good.
 *
 * @param {{pid: number, start: string | null, signal?: string}} one `signal`: its polite one
 */
export async function endProcess(one, withinMs) {
  for (const signal of [one.signal ?? 'SIGTERM', 'SIGKILL']) {
    if (!isAlive(one)) return
    try {
      process.kill(one.pid, signal)
    } catch (error) {
      if (error.code === 'ESRCH') return
      throw error
    }
    if (await ended(one, withinMs)) return
  }
}
