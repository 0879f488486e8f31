import { setTimeout as sleep } from 'node:timers/promises'

import { type OutboundCode, OutboundError } from '@/lib/outbound/errors'

export const RETRY = { attempts: 4, firstWaitMs: 500, longestWaitMs: 30_000 } as const

/** What may go well a moment later. */
const PASSING: readonly OutboundCode[] = [
  'reset',
  'timeout_headers',
  'timeout_body',
  'timeout_connect',
  'name_unavailable',
]

/** The registry is busy: thrown by the work to be tried again. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
  constructor(
    /** What it turns into when the patience ends. */
    readonly last: Error,
    readonly waitSeconds: number | undefined,
  ) {
    super(last.message)
  }
}

/**
 * Does something that may be done twice, a few times if need be, with growing pauses.
 *
 * @param moved asked after a failure: work that came further starts a new count
 * @throws what the last attempt threw
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  moved: () => boolean = () => false,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const busy = error instanceof BusyError
      const passing = busy || (error instanceof OutboundError && PASSING.includes(error.code))
      if (moved()) attempt = 1
      if (!passing || attempt >= RETRY.attempts || signal.aborted) throw busy ? error.last : error
      const asked = busy && error.waitSeconds !== undefined ? error.waitSeconds * 1000 : 0
      const wait = Math.max(asked, RETRY.firstWaitMs * 2 ** (attempt - 1))
      await sleep(Math.min(wait, RETRY.longestWaitMs), undefined, { signal })
    }
  }
}
