import { setTimeout as sleep } from 'node:timers/promises'

/** Since Node 23.9. */
const threadCpuUsage = (
  process as { threadCpuUsage?: () => { user: number; system: number } }
).threadCpuUsage?.bind(process)

/** Whether the burden can be told here. */
export const isMeasurable = threadCpuUsage !== undefined

export interface Burden {
  /** The longest piece of work of the event loop, in milliseconds of its thread: what else the machine does is not counted. */
  stallMs: number
  /** By how many bytes memory rose at most. */
  rssRise: number
}

/** Does a work, and watches what it costs the process meanwhile. */
export async function burdenOf(work: () => Promise<unknown>): Promise<Burden> {
  ;(globalThis as { gc?: () => void }).gc?.()
  await sleep(50)
  const cpu = () => {
    const { user = 0, system = 0 } = threadCpuUsage?.() ?? {}
    return (user + system) / 1000
  }
  const before = process.memoryUsage.rss()
  let last = cpu()
  const burden: Burden = { stallMs: 0, rssRise: 0 }
  const timer = setInterval(() => {
    const now = cpu()
    burden.stallMs = Math.max(burden.stallMs, now - last)
    burden.rssRise = Math.max(burden.rssRise, process.memoryUsage.rss() - before)
    last = cpu()
  }, 5)
  try {
    await work()
    await sleep(20)
  } finally {
    clearInterval(timer)
  }
  return burden
}
