import { parentPort, workerData } from 'node:worker_threads'

import { clockOf, type Message } from './clock'
import { type Answer, doWork } from './work'

/** The thread in which foreign bytes are read: one piece of work after the other, told in the clock. */

const clock = clockOf(workerData as SharedArrayBuffer)

parentPort?.on('message', async (work: Message) => {
  const answers: Answer[] = []
  for (const [i, { kind, input }] of work.entries()) {
    clock.begin(i)
    answers.push(await doWork(kind, input))
  }
  parentPort?.postMessage(answers, answers.flatMap(ownBuffers))
})

/** Bytes go to the other side, and are not copied. */
function ownBuffers(answer: Answer): ArrayBuffer[] {
  const output = 'output' in answer ? answer.output : null
  if (typeof output !== 'object' || output === null) return []
  const parts = output as Record<string, Uint8Array>
  return Object.entries(parts).map(([name, bytes]) => {
    const own = new Uint8Array(bytes)
    parts[name] = own
    return own.buffer
  })
}
