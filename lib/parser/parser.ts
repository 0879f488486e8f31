import { log } from '../log'
import { UnreadablePack } from '../pack-format/pack-facts'
import { type Job, openThread, type Thread } from './open-thread'
import { type Answer, type Kind, outputOf, type Work } from './work'

/** Of one piece of work, in milliseconds. The largest real ones take a fraction of a second. */
const DEADLINE_MS: Record<Kind, number> = {
  facts: 5_000,
  values: 5_000,
  lines: 5_000,
  changes: 10_000,
  // Up to 200 layers.
  profile: 10_000,
  yaml: 10_000,
  pack: 10_000,
  chart: 10_000,
  files: 10_000,
}
/** Of the heap of a thread, in MiB. An index is parsed as a whole, where it is written in an unusual form; so are values. */
const HEAP_MIB: Record<Kind, number> = {
  ...{ facts: 64, values: 64, pack: 64, chart: 64, lines: 64 },
  ...{ yaml: 192, files: 192, changes: 192, profile: 192 },
}
const THREADS = 4
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
  for (let client = waiting[0]; client; client = waiting[0]) {
    const thread = threadFor(HEAP_MIB[client.jobs[0]?.kind ?? 'facts'])
    if (!thread) return
    waiting.shift()
    serveWith(client, thread)
  }
}

/** One with such a heap: an idle one, or a new one. */
function threadFor(heapMib: number): Thread | undefined {
  const found = idle.find((one) => one.heapMib === heapMib)
  if (found) {
    idle.splice(idle.indexOf(found), 1)
    return found
  }
  if (threads >= THREADS) {
    if (!idle[0]) return undefined
    idle[0].leave()
  }
  threads++
  return openThread(heapMib, forget)
}

function forget(thread: Thread): void {
  threads--
  const at = idle.indexOf(thread)
  if (at >= 0) idle.splice(at, 1)
}

function serveWith(client: Client, thread: Thread): void {
  client.isServed = true
  workFor(client, thread).finally(() => {
    client.isServed = false
    if (client.jobs.length > 0) queue(client)
    else serve()
  })
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
