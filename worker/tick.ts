import { setTimeout as sleep } from 'node:timers/promises'

import { log } from '../lib/log'
import { type DueRegistry, type Turn, takeTurn } from '../lib/sync/store/due'

/** A registry just added waits at most this long, and a moment. */
const TICK_MS = 1_000
/** What is left over is due at the next tick. */
const AT_ONCE = 200

/** Sends what is due, once a second, while it is this process's turn. Ends with `signal`. */
export async function keepSending(
  send: (due: DueRegistry[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let turn: Turn | null = null
  while (!signal.aborted) {
    try {
      turn ??= await takeTurn()
      const due = turn ? await turn.due(AT_ONCE) : []
      if (due.length > 0) await send(due)
    } catch (err) {
      log.error({ err }, 'What is due could not be sent; it is tried again')
      turn?.end()
      turn = null
    }
    await sleep(TICK_MS, undefined, { signal }).catch(() => {})
  }
  turn?.end()
}
