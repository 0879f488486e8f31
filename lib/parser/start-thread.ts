import type { Worker } from 'node:worker_threads'

import { programOf } from '../program-of'

/**
 * @param heapMib of the thread's heap. Bytes outside of it are bounded by what is given to the thread, and by the pack
 *   format
 */
export function startThread(shared: SharedArrayBuffer, heapMib: number): Worker {
  const { file, execArgv } = programOf('parser-thread.mjs', 'lib/parser/thread.ts')
  // Asked for where it runs: a bundler that sees it would take the thread, and all that its path may mean, with it.
  const threads = process.getBuiltinModule('node:worker_threads')
  return new threads.Worker(file, {
    name: 'parser',
    workerData: shared,
    execArgv,
    // Foreign bytes are read here: nothing of ours is at hand.
    env: {},
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: heapMib, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 },
  })
}
