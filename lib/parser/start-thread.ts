import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'

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

/**
 * @param heapMib of the thread's heap. Bytes outside of it are bounded by what is given to the thread, and by the pack
 *   format
 */
export function startThread(shared: SharedArrayBuffer, heapMib: number): Worker {
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
    resourceLimits: { maxOldGenerationSizeMb: heapMib, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 },
  })
}
