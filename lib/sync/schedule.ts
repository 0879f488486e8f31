import { SYNC_MINUTES } from '../registries/schema'

const MINUTE_MS = 60_000
/** What is over at once (a restart, a connection that broke) is made good within half a minute. */
const BACKOFF_FIRST_MS = 15_000
const BACKOFF_CAP_MS = 60 * MINUTE_MS

/**
 * When to sync again.
 *
 * After a success, one interval. After failures, 15 s doubled each time, up to 1 h or one interval, whichever is
 * longer. Either is stretched by up to 10 % so that registries added together do not stay together.
 *
 * @param failures in a row, 0 after a success
 * @param random from 0 to 1; passed in so that tests can fix it
 */
export function nextSyncAt(now: Date, everyMinutes: number, failures: number, random = Math.random()): Date {
  // A row that nobody could have entered must not be due without end.
  const every = Math.min(Math.max(everyMinutes, SYNC_MINUTES.min), SYNC_MINUTES.max) * MINUTE_MS
  const wait =
    failures === 0 ? every : Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), Math.max(every, BACKOFF_CAP_MS))
  return new Date(now.getTime() + Math.round(wait * (1 + 0.1 * random)))
}
