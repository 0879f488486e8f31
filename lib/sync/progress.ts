import type { SyncProgress } from '../registries/schema'

/** The rate is of the last so many looks: one a second. */
const LOOKS = 10

export interface Meter {
  /** Begins a step. @param of how many versions it is about; null where that is not known */
  begin(step: SyncProgress['step'], of?: number | null): void
  /** One version is through with the step. */
  tick(): void
  /** How far the run is at this moment. */
  look(now: Date): SyncProgress
}

/**
 * Tells how far a run is, and how fast.
 *
 * @param seen what failed and what the wire cost so far, asked at each look
 */
export function startMeter(seen: () => Pick<SyncProgress, 'failed' | 'requests' | 'bytes'>): Meter {
  let step: SyncProgress['step'] = 'connecting'
  let done = 0
  let of: number | null = null
  let looks: { at: number; done: number }[] = []
  return {
    begin(next, many = null) {
      ;[step, done, of, looks] = [next, 0, many, []]
    },
    tick() {
      done++
    },
    look(now) {
      const at = now.getTime()
      const first = looks[0]
      looks = [...looks.slice(1 - LOOKS), { at, done }]
      const perSecond = first && at > first.at ? ((done - first.done) * 1000) / (at - first.at) : null
      return { step, done, of, perSecond: perSecond && Math.round(perSecond * 10) / 10, ...seen() }
    },
  }
}
