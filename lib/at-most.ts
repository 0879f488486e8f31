/**
 * Lets so many pieces of work go on at once, and the others wait for their turn, in the order in which they came.
 *
 * @throws what the work throws, or what `signal` aborts with while it waits
 */
export function atMost(most: number) {
  let free = most
  const waiting = new Set<() => void>()

  const turn = (signal: AbortSignal | undefined) =>
    new Promise<void>((done, fail) => {
      const go = () => {
        signal?.removeEventListener('abort', giveUp)
        done()
      }
      const giveUp = () => {
        waiting.delete(go)
        fail(signal?.reason)
      }
      if (signal?.aborted) return fail(signal.reason)
      signal?.addEventListener('abort', giveUp, { once: true })
      waiting.add(go)
    })

  return async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (free > 0) free--
    else await turn(signal)
    try {
      return await work()
    } finally {
      const [next] = waiting
      if (next) {
        waiting.delete(next)
        next()
      } else free++
    }
  }
}
