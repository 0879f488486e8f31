export interface TurnLimits {
  /** Requests to one origin at the same time, over all registries of this process. */
  atOnce: number
  /** Requests to one origin that begin in one second. 0: as many as there are turns. */
  perSecond: number
}

/** Who may ask a server now: keeps many registries of one host from overrunning it together. */
export interface Turns {
  /**
   * Waits for a turn. Those who wait are served in a circle, so that a large registry holds up no small one.
   *
   * @param owner one registry's client
   * @returns gives the turn back; calling it again does nothing
   * @throws what `signal` aborts with
   */
  take(origin: string, owner: object, signal: AbortSignal | undefined): Promise<() => void>
  /** The server asked for patience: nobody gets a turn for so long, in milliseconds. */
  pause(origin: string, ms: number): void
}

interface Waiting {
  go(): void
}

interface Origin {
  running: number
  /** By owner, who has waited longest first. */
  waiting: Map<object, Waiting[]>
  /** No turn begins earlier, in milliseconds of `performance.now()`. */
  notBefore: number
  timer: NodeJS.Timeout | undefined
}

export function createTurns({ atOnce, perSecond }: TurnLimits): Turns {
  const origins = new Map<string, Origin>()
  const gap = perSecond > 0 ? 1000 / perSecond : 0

  function next(key: string, origin: Origin): void {
    if (origin.timer) return
    while (origin.running < atOnce) {
      const [first] = origin.waiting
      if (!first) break
      const now = performance.now()
      if (origin.notBefore > now) {
        origin.timer = setTimeout(() => {
          origin.timer = undefined
          next(key, origin)
        }, origin.notBefore - now)
        return
      }
      if (gap > 0) origin.notBefore = now + gap
      const [owner, queue] = first
      const one = queue.shift()
      // To the end of the circle.
      origin.waiting.delete(owner)
      if (queue.length > 0) origin.waiting.set(owner, queue)
      origin.running++
      one?.go()
    }
    if (origin.running === 0 && origin.waiting.size === 0 && origin.notBefore <= performance.now())
      origins.delete(key)
  }

  const originOf = (key: string): Origin => {
    const known = origins.get(key)
    if (known) return known
    const made: Origin = { running: 0, waiting: new Map(), notBefore: 0, timer: undefined }
    origins.set(key, made)
    return made
  }

  return {
    take(key, owner, signal) {
      return new Promise((done, fail) => {
        if (signal?.aborted) return fail(signal.reason)
        const origin = originOf(key)
        const giveUp = () => {
          const queue = (origin.waiting.get(owner) ?? []).filter((one) => one !== waiting)
          if (queue.length > 0) origin.waiting.set(owner, queue)
          else origin.waiting.delete(owner)
          next(key, origin)
          fail(signal?.reason)
        }
        const waiting: Waiting = {
          go() {
            signal?.removeEventListener('abort', giveUp)
            let given = false
            done(() => {
              if (given) return
              given = true
              origin.running--
              next(key, origin)
            })
          },
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        origin.waiting.set(owner, [...(origin.waiting.get(owner) ?? []), waiting])
        next(key, origin)
      })
    },
    pause(key, ms) {
      const origin = originOf(key)
      origin.notBefore = Math.max(origin.notBefore, performance.now() + ms)
    },
  }
}
