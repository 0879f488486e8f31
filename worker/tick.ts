import { log } from '../lib/log'
import { type DueRegistry, type Turn, takeTurn } from '../lib/sync/store/due'

/** A registry just added waits at most this long, and a moment. */
const TICK_MS = 1_000
/** What is left over is due at the next tick. */
const AT_ONCE = 200

/** Sends what is due, once a second and when somebody asks, while it is this process's turn. Ends with `signal`. */
export async function keepSending(
  send: (due: DueRegistry[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let turn: Turn | null = null
  let wake = () => {}
  let isAsked = false
  const asked = () => {
    isAsked = true
    wake()
  }
  signal.addEventListener('abort', () => wake())
  while (!signal.aborted) {
    isAsked = false
    try {
      if (!turn) {
        turn = await takeTurn()
        await turn?.onAsked(asked)
      }
      const due = turn ? await turn.due(AT_ONCE) : []
      if (due.length > 0) await send(due)
    } catch (err) {
      log.error({ err }, 'What is due could not be sent; it is tried again')
      turn?.end()
      turn = null
    }
    if (isAsked || signal.aborted) continue
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, TICK_MS)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
  turn?.end()
}
