// Tells a process from another one that got its number later. Built-ins only.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const REAPED_MS = 5_000

/** Its state and the moment it began, as the system tells them; null when there is no such process. */
function look(pid) {
  if (!Number.isInteger(pid) || pid < 2) return null
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name, in parentheses, may hold anything. After it: state (field 3) … start time (field 22).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return { isOver: fields[0] === 'Z', start: fields[19] }
    } catch {
      return null
    }
  }
  try {
    const [state, ...start] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/)
    return state ? { isOver: state.startsWith('Z'), start: start.join(' ') } : null
  } catch {
    return null
  }
}

/** What to write down of a process, to find it again. */
export const identify = (pid) => ({ pid, start: look(pid)?.start ?? null })

/** @param {{pid: number, start: string | null}} one */
export const isAlive = (one) => {
  const now = look(one.pid)
  return now !== null && !now.isOver && now.start === one.start
}

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
 * @returns {Promise<boolean>} whether it ran
 */
export async function endProcess(one, withinMs) {
  const ran = isAlive(one)
  for (const signal of [one.signal ?? 'SIGTERM', 'SIGKILL']) {
    if (!isAlive(one)) break
    try {
      process.kill(one.pid, signal)
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
    await ended(one, withinMs)
  }
  // Until its parent has taken note, its number is there, and whoever asks by number alone takes it for running.
  for (const end = Date.now() + REAPED_MS; look(one.pid)?.start === one.start; await sleep(50))
    if (one.start === null || Date.now() > end) break
  return ran
}
