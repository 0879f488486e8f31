const BACK_OFF_MS = { first: 10_000, longest: 60 * 60_000 }
const MOST_ATTEMPTS = 10
/** Attempts that failed one after the other, over all that was told: then it is paused. */
export const PAUSED_AFTER = 10

/** How one attempt to tell a webhook ended. */
export interface Attempt {
  /** What the receiver answered; null where it did not. */
  status: number | null
  /** Why it failed, for people; empty where it did not. */
  reason: string
  ms: number
  /** The receiver asked to wait. */
  retryAfterMs?: number
}

export type Next =
  | { do: 'done' }
  | { do: 'again'; inMs: number }
  /** @param pause why nothing more is sent until a person says so; empty: what comes next is */
  | { do: 'give up'; pause: string }

/** Answers that may be others when asked again. */
const mayHeal = (status: number | null) =>
  status === null || status >= 500 || [408, 425, 429].includes(status)

/**
 * What happens after an attempt.
 *
 * @param attempts made for this delivery, this one included
 * @param failures attempts that failed one after the other, this one included
 */
export function afterAttempt(
  { status, reason, retryAfterMs = 0 }: Attempt,
  { attempts, failures }: { attempts: number; failures: number },
): Next {
  if (reason === '') return { do: 'done' }
  if (status === 410) return { do: 'give up', pause: 'The receiver says that it is gone for good (410).' }
  const pause =
    failures >= PAUSED_AFTER ? `${failures} attempts failed one after the other. The last: ${reason}` : ''
  if (pause || attempts >= MOST_ATTEMPTS || !mayHeal(status)) return { do: 'give up', pause }
  const backOff = Math.min(BACK_OFF_MS.first * 2 ** (attempts - 1), BACK_OFF_MS.longest)
  return { do: 'again', inMs: Math.max(backOff, Math.min(retryAfterMs, BACK_OFF_MS.longest)) }
}
