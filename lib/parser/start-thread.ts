import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'

/** Of one thread, in MiB. Bytes outside of the heap are bounded by what is given to it, and by the pack format. */
export const HEAP_MIB = 64

const BUILT = 'parser-thread.mjs'

/**
 * Where the thread's program is: beside the program that runs or in the folder above (dist/), and from sources where
 * they are.
 */
function programOf(): { file: string; execArgv: string[] } {
  const folder = process.argv[1] ? path.dirname(realpathSync(process.argv[1])) : process.cwd()
  const built = [folder, path.dirname(folder)].map((one) => path.join(one, BUILT)).find(existsSync)
  if (built) return { file: built, execArgv: [] }
  return { file: path.join(process.cwd(), 'lib/parser/thread.ts'), execArgv: ['--import', 'tsx'] }
}

export function startThread(shared: SharedArrayBuffer): Worker {
  const { file, execArgv } = programOf()
  // Asked for where it runs: a bundler that sees it would take the thread, and all that its path may mean, with it.
  const threads = process.getBuiltinModule('node:worker_threads')
  return new threads.Worker(file, {
    name: 'parser',
    workerData: shared,
    execArgv,
    // Foreign bytes are read here: nothing of ours is at hand.
    env: {},
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 },
  })
}
