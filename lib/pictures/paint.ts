import { log } from '../log'
import { openPainter, type Painter } from './open-painter'
import type { Drawn, PictureKind, ToPainter } from './picture'

const IDLE_MS = 10_000
/** After a process that did not start, none is started for so long. */
const BROKEN_MS = 60_000
/** Of one owner, waiting. A page of a list shows a hundred at most. */
const WAITING_MAX = 500

interface Job {
  kind: PictureKind
  load: () => Promise<Uint8Array>
  settle: (drawn: Drawn) => void
  fail: (error: unknown) => void
}

/** Who waits: of what one owner's images cost, others wait for one at most. */
const waiting = new Map<string, Job[]>()
let lastServed = ''
let painter: Painter | undefined
let isWorking = false
let brokenUntil = 0
let rest: NodeJS.Timeout | undefined

/**
 * Has an image drawn anew, in a process of its own that is ended where the image takes too much of it.
 *
 * @param owner shares the process with others in turn
 * @param load gets the image's bytes when it is their turn
 * @throws Error where pictures cannot be drawn here at all, or far too many wait; and whatever `load` throws
 * @see docs/decisions/0013-logos-are-drawn-anew.md
 */
export function paint(owner: string, kind: PictureKind, load: () => Promise<Uint8Array>): Promise<Drawn> {
  return new Promise((settle, fail) => {
    const jobs = waiting.get(owner) ?? []
    if (jobs.length >= WAITING_MAX) throw new Error(`${WAITING_MAX} images wait to be drawn already.`)
    jobs.push({ kind, load, settle, fail })
    waiting.set(owner, jobs)
    if (!isWorking) void work()
  })
}

/** The first job of whoever has waited longest; of who was served last, only where nobody else waits. */
function next(): Job | undefined {
  const owners = [...waiting.keys()]
  const owner = owners.find((one) => one !== lastServed) ?? owners[0]
  if (owner === undefined) return undefined
  lastServed = owner
  const jobs = waiting.get(owner) ?? []
  const job = jobs.shift()
  waiting.delete(owner)
  // To the end of the line.
  if (jobs.length > 0) waiting.set(owner, jobs)
  return job
}

async function work(): Promise<void> {
  isWorking = true
  clearTimeout(rest)
  for (let job = next(); job; job = next())
    try {
      job.settle(await draw({ kind: job.kind, bytes: await job.load() }))
    } catch (error) {
      job.fail(error)
    }
  isWorking = false
  rest = setTimeout(() => {
    painter?.end()
    painter = undefined
  }, IDLE_MS).unref()
}

async function draw(work: ToPainter): Promise<Drawn> {
  if (Date.now() < brokenUntil) throw new Error('Pictures cannot be drawn: the log tells why.')
  if (!painter) {
    const opened = openPainter(() => {
      if (painter === opened) painter = undefined
    })
    painter = opened
  }
  try {
    const drawn = await painter.draw(work)
    if ('refused' in drawn)
      log.info(
        { event: 'picture-refused', kind: work.kind, bytes: work.bytes.length, why: drawn.refused },
        'A picture was not drawn',
      )
    return drawn
  } catch (error) {
    brokenUntil = Date.now() + BROKEN_MS
    log.error({ err: error, event: 'painter-broken' }, 'Pictures cannot be drawn')
    throw error
  }
}
