const FREE_FAILURES = 5
const FIRST_WAIT_SECONDS = 2
const MAX_WAIT_SECONDS = 15 * 60

/**
 * How long a sign-in has to wait after failures in a row: nothing for the first five, then 2 s, doubled each time up
 * to 15 minutes. An account is slowed down, never locked: locking would let anybody lock anybody out.
 *
 * @returns seconds still to wait, 0 when the attempt may be made
 */
export function secondsToWait(failures: number, lastFailedAt: Date, now: Date): number {
  if (failures < FREE_FAILURES) return 0
  const wait = Math.min(FIRST_WAIT_SECONDS * 2 ** (failures - FREE_FAILURES), MAX_WAIT_SECONDS)
  return Math.max(0, Math.ceil(wait - (now.getTime() - lastFailedAt.getTime()) / 1000))
}
