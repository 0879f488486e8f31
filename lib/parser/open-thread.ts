import type { Worker } from 'node:worker_threads'

import { clockOf, type Message, newClock } from './clock'
import { startThread } from './start-thread'
import type { Answer, Kind, Work } from './work'

/** A thread that is not up by then will not be. */
const START_MS = 30_000
const IDLE_MS = 10_000

export interface Job {
  kind: Kind
  input: Work[Kind]['input']
  size: number
  deadlineMs: number
  isOver: () => boolean
  settle: (answer: Answer) => void
  fail: (error: Error) => void
}

/** What became of some jobs; `culprit` is null where none of them was begun. */
export type End = { answers: Answer[] } | { culprit: number | null; why: string }

export interface Thread {
  heapMib: number
  /** Ends it while it is idle. */
  leave(): void
  work(jobs: readonly Job[]): Promise<End>
}

/**
 * Starts a thread. One that is idle for a while, or that an item was too much for, ends by itself.
 *
 * @param ended is told then
 */
export function openThread(heapMib: number, ended: (thread: Thread) => void): Thread {
  const shared = newClock()
  const clock = clockOf(shared)
  const worker = startThread(shared, heapMib)
  worker.unref()
  let over: ((end: End) => void) | undefined
  const fell = (why: string) => over?.({ culprit: clock.read()?.index ?? null, why })
  let failure = ''
  worker.on('message', (answers: Answer[]) => over?.({ answers }))
  worker.on('messageerror', (error) => fell(error.message))
  worker.on('error', (error: NodeJS.ErrnoException) => {
    failure =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? `Reading its files needed more than ${heapMib} MB.`
        : error.message
  })
  let rest: NodeJS.Timeout | undefined
  let isOver = false

  const thread: Thread = {
    heapMib,
    leave() {
      if (isOver) return
      isOver = true
      clearTimeout(rest)
      ended(thread)
      void worker.terminate()
    },
    async work(jobs) {
      clearTimeout(rest)
      worker.ref()
      clock.reset()
      const began = Date.now()
      let check: NodeJS.Timeout | undefined
      const end = await new Promise<End>((resolve) => {
        over = resolve
        const look = () => {
          const seen = clock.read()
          const { deadlineMs } = jobs[seen?.index ?? 0] as Job
          const left = seen ? deadlineMs - seen.ms : START_MS - (Date.now() - began)
          // What has not begun yet may begin, and be busy for ever, right after this look.
          if (left > 0) check = setTimeout(look, seen ? left : Math.min(left, deadlineMs))
          else
            fell(
              seen ? `Reading its files took more than ${deadlineMs / 1000} seconds.` : 'it does not start',
            )
        }
        look()
        post(worker, jobs)
      })
      over = undefined
      clearTimeout(check)
      worker.unref()
      if ('answers' in end) rest = setTimeout(thread.leave, IDLE_MS).unref()
      else {
        thread.leave()
        // Its memory is free before the next one takes some.
        await worker.terminate()
      }
      return end
    },
  }
  worker.on('exit', () => {
    if (over) fell(failure || 'It ended.')
    else thread.leave()
  })
  return thread
}

/** The original of an archive goes over; of all else a copy, since it is written or read again. */
function post(worker: Worker, jobs: readonly Job[]): void {
  const buffers: ArrayBuffer[] = []
  const message = jobs.map(({ kind, input }) => {
    const given = Object.entries(input).map(([name, value]) => {
      if (!(value instanceof Uint8Array)) return [name, value]
      const isWhole = kind !== 'facts' && value.byteLength === value.buffer.byteLength
      const bytes = new Uint8Array(isWhole ? (value.buffer as ArrayBuffer) : value)
      buffers.push(bytes.buffer)
      return [name, bytes]
    })
    return { kind, input: Object.fromEntries(given) }
  })
  worker.postMessage(message as unknown as Message, buffers)
}
