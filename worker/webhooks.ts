import { setTimeout as sleep } from 'node:timers/promises'

import { log } from '../lib/log'
import { deliver } from '../lib/webhooks/deliver'

const EVERY_MS = 2_000
/** After an error of our own. */
const CALM_MS = 15_000

/** Tells webhooks what has happened, until `signal`. Any number of processes may. */
export async function keepDelivering(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let pause = EVERY_MS
    try {
      // More may wait behind what was taken.
      if ((await deliver(signal)) > 0) pause = 0
    } catch (err) {
      log.error({ err }, 'Webhooks could not be told; it is tried again')
      pause = CALM_MS
    }
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
  }
}
