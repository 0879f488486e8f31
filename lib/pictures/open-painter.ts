import type { ChildProcess } from 'node:child_process'

import { programOf } from '../program-of'
import type { Drawn, FromPainter, ToPainter } from './picture'

/** A process that is not up by then will not be. */
const START_MS = 30_000
/** The process ends itself long before, where it still can. */
const DEADLINE_MS = 30_000

export interface Painter {
  /** @throws Error where the process itself does not work, whatever the image is */
  draw(work: ToPainter): Promise<Drawn>
  end(): void
}

/**
 * Starts a process that draws pictures. One that is too much for it is its last.
 *
 * @param ended is told then: the next image needs a new process
 */
export function openPainter(ended: () => void): Painter {
  const child = start()
  let isReady = false
  let over: ((message: Drawn | Error) => void) | undefined
  const end = () => void child.kill('SIGKILL')
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(end, START_MS).unref()
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      reject(new Error(`The process that draws pictures does not start (${signal ?? code}).`))
    })
    child.on('message', (message: FromPainter) => {
      if (message !== 'ready') {
        if (message.isLast) ended()
        return over?.(message.drawn)
      }
      clearTimeout(late)
      isReady = true
      resolve()
    })
  })
  ready.catch(() => {})
  child.on('error', (error) => over?.(error))
  child.once('exit', () => {
    ended()
    if (isReady) over?.({ refused: 'The process that draws pictures ended while it drew this one.' })
  })
  rest(child, true)

  return {
    end,
    async draw(work) {
      rest(child, false)
      await ready
      const late = setTimeout(end, DEADLINE_MS).unref()
      try {
        const message = await new Promise<Drawn | Error>((resolve) => {
          over = resolve
          // What the process did not get, it cannot answer.
          child.send(work, (error) => error && resolve(error))
        })
        if (message instanceof Error) throw message
        return message
      } finally {
        over = undefined
        clearTimeout(late)
        rest(child, true)
      }
    },
  }
}

/** Whether it keeps the process that started it alive. */
function rest(child: ChildProcess, isIdle: boolean): void {
  if (isIdle) {
    child.unref()
    child.channel?.unref()
  } else {
    child.ref()
    child.channel?.ref()
  }
}

function start(): ChildProcess {
  const { file, execArgv } = programOf('painter.mjs', 'lib/pictures/painter.ts')
  // Asked for where it runs: a bundler that sees it would take the process's program with it.
  return process.getBuiltinModule('node:child_process').fork(file, [], {
    execArgv,
    // Foreign bytes are decoded here: nothing of ours is at hand.
    env: { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
}
