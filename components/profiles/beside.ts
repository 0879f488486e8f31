import type { Kind, Work } from './beside-work'

export interface Asked {
  id: number
  kind: Kind
  input: Work[Kind]['input']
}
export type Told = { id: number; output: Work[Kind]['output'] } | { id: number; problem: string }

let worker: Worker | null | undefined
let last = 0
const waiting = new Map<number, { kind: Kind; input: unknown; settle: (told: Told) => void }>()

/**
 * Works on large texts beside the page, so that typing never waits for it. Where the browser has no threads, or this one
 * fails, the page does it itself.
 *
 * @throws Error where the text cannot be worked on
 */
export async function beside<K extends Kind>(kind: K, input: Work[K]['input']): Promise<Work[K]['output']> {
  const thread = open()
  const id = ++last
  const told = thread
    ? await new Promise<Told>((settle) => {
        waiting.set(id, { kind, input, settle })
        thread.postMessage({ id, kind, input } satisfies Asked)
      })
    : await here(id, kind, input)
  if ('problem' in told) throw new Error(told.problem)
  return told.output as Work[K]['output']
}

function open(): Worker | null {
  if (worker !== undefined) return worker
  try {
    worker = new Worker(new URL('./beside-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      waiting.get(data.id)?.settle(data)
      waiting.delete(data.id)
    }
    worker.onerror = (event) => {
      console.warn('Texts are checked in the page: its thread failed.', event.message)
      worker = null
      for (const [id, { kind, input, settle }] of waiting) void here(id, kind, input as never).then(settle)
      waiting.clear()
    }
  } catch {
    // The browser has no threads.
    worker = null
  }
  return worker
}

async function here<K extends Kind>(id: number, kind: K, input: Work[K]['input']): Promise<Told> {
  const { WORK } = await import('./beside-work')
  try {
    return { id, output: WORK[kind](input) }
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : 'It failed.' }
  }
}
