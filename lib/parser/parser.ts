import type { Worker } from 'node:worker_threads'

import { log } from '../log'
import { UnreadablePack } from '../pack-format/pack-facts'
import { clockOf, type Message, newClock } from './clock'
import { HEAP_MIB, startThread } from './start-thread'
import { type Answer, type Kind, outputOf, type Work } from './work'

/** Of one piece of work, in milliseconds. The largest real ones take a fraction of a second. */
const DEADLINE_MS: Record<Kind, number> = { facts: 5_000, values: 5_000, pack: 10_000, chart: 10_000 }
/** A thread that is not up by then will not be. */
const START_MS = 30_000
const THREADS = 4
const IDLE_MS = 10_000
/** What was fetched is mostly read a moment later: it is not thrown away where somebody wants to end. */
const GRACE_MS = 1_000
/** Given to a thread at once. An archive goes alone. */
const AT_ONCE = { work: 32, bytes: 1024 * 1024 }

export interface Parser {
  /**
   * Reads foreign bytes in a thread of their own. Those of an archive are given away: nobody else can use them then.
   *
   * @throws PackError, UnreadablePack: also where it takes too long, or needs too much memory
   */
  read<K extends Kind>(kind: K, input: Work[K]['input'], signal?: AbortSignal): Promise<Work[K]['output']>
}

interface Job {
  kind: Kind
  input: Work[Kind]['input']
  size: number
  deadlineMs: number
  isOver: () => boolean
  settle: (answer: Answer) => void
  fail: (error: Error) => void
}

/** Who wants something read. One thread works for it at a time, so that its bombs keep nobody else waiting. */
interface Client {
  jobs: Job[]
  isServed: boolean
}

/** A way to have foreign bytes read, for one registry: what others have read meanwhile does not wait for it. */
export function openParser(deadlines: Partial<typeof DEADLINE_MS> = {}): Parser {
  const client: Client = { jobs: [], isServed: false }
  return {
    read<K extends Kind>(kind: K, input: Work[K]['input'], signal?: AbortSignal) {
      return new Promise<Work[K]['output']>((resolve, reject) => {
        signal?.throwIfAborted()
        let isOver = false
        let giveUp: NodeJS.Timeout | undefined
        const abort = () => {
          giveUp = setTimeout(() => {
            isOver = true
            reject(signal?.reason)
          }, GRACE_MS)
        }
        signal?.addEventListener('abort', abort, { once: true })
        const done = () => {
          clearTimeout(giveUp)
          signal?.removeEventListener('abort', abort)
        }
        client.jobs.push({
          kind,
          input,
          size: sizeOf(input),
          deadlineMs: deadlines[kind] ?? DEADLINE_MS[kind],
          isOver: () => isOver,
          settle(answer) {
            done()
            try {
              resolve(outputOf(answer as Answer<Work[K]['output']>))
            } catch (error) {
              reject(error)
            }
          },
          fail(error) {
            done()
            reject(error)
          },
        })
        queue(client)
      })
    },
  }
}

const bytesIn = (input: Work[Kind]['input']) =>
  Object.values(input).filter((one) => one instanceof Uint8Array)

const sizeOf = (input: Work[Kind]['input']) => bytesIn(input).reduce((sum, { length }) => sum + length, 0)

// ---- who is served next

/** Who waits for a thread, in the order in which they are served. */
const waiting: Client[] = []
const idle: Thread[] = []
let threads = 0

function queue(client: Client): void {
  if (client.isServed || waiting.includes(client)) return
  waiting.push(client)
  serve()
}

function serve(): void {
  while (waiting.length > 0) {
    const thread = idle.pop() ?? (threads < THREADS ? openThread() : undefined)
    if (!thread) return
    const client = waiting.shift() as Client
    client.isServed = true
    workFor(client, thread).finally(() => {
      client.isServed = false
      if (client.jobs.length > 0) queue(client)
      else serve()
    })
  }
}

/** Some of what a client wants: a few small things together, or one that is large. */
function take(client: Client): Job[] {
  const jobs: Job[] = []
  let size = 0
  while (client.jobs.length > 0 && jobs.length < AT_ONCE.work) {
    const [next] = client.jobs as [Job]
    if (jobs.length > 0 && (next.kind !== 'facts' || size + next.size > AT_ONCE.bytes)) break
    client.jobs.shift()
    if (next.isOver()) continue
    jobs.push(next)
    size += next.size
    if (next.kind !== 'facts') break
  }
  return jobs
}

async function workFor(client: Client, thread: Thread): Promise<void> {
  const jobs = take(client)
  if (jobs.length === 0) {
    idle.push(thread)
    return
  }
  const end = await thread.work(jobs)
  if ('answers' in end) {
    idle.push(thread)
    for (const [i, job] of jobs.entries()) job.settle(end.answers[i] as Answer)
    return
  }
  threads--
  const { culprit, why } = end
  if (culprit === null) {
    for (const job of jobs) job.fail(new Error(`The thread that reads foreign files failed: ${why}`))
    return
  }
  const [job] = jobs.splice(culprit, 1) as [Job]
  log.warn(
    { event: 'parser-killed', kind: job.kind, bytes: job.size, why },
    'A thread was ended for what it read',
  )
  job.fail(new UnreadablePack(why))
  // What was read before it is read again: its answers were lost with the thread.
  client.jobs.unshift(...jobs)
}

// ---- one thread

type End = { answers: Answer[] } | { culprit: number | null; why: string }

interface Thread {
  work(jobs: readonly Job[]): Promise<End>
}

function openThread(): Thread {
  threads++
  const shared = newClock()
  const clock = clockOf(shared)
  const worker = startThread(shared)
  worker.unref()
  let over: ((end: End) => void) | undefined
  const fell = (why: string) => over?.({ culprit: clock.read()?.index ?? null, why })
  let failure = ''
  worker.on('message', (answers: Answer[]) => over?.({ answers }))
  worker.on('messageerror', (error) => fell(error.message))
  worker.on('error', (error: NodeJS.ErrnoException) => {
    failure =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? `Reading its files needed more than ${HEAP_MIB} MB.`
        : error.message
  })
  let rest: NodeJS.Timeout | undefined

  const thread: Thread = {
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
      if ('answers' in end) rest = setTimeout(() => leave(thread, worker), IDLE_MS).unref()
      else await worker.terminate()
      return end
    },
  }
  worker.on('exit', () => {
    if (over) fell(failure || 'It ended.')
    else if (idle.includes(thread)) leave(thread, worker)
  })
  return thread
}

function leave(thread: Thread, worker: Worker): void {
  idle.splice(idle.indexOf(thread), 1)
  threads--
  void worker.terminate()
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
