import { env } from '../env'
import { deleteOldEvents } from './store/events'
import { deleteOldRuns } from './store/history'
import { dropLeftListings } from './store/listed'

/** Forgets runs, with their logs, that are too old or have too many newer ones: as configured. @returns how many */
export async function forgetRuns(): Promise<number> {
  const { PACKYARD_RUNS_KEEP_DAYS: days, PACKYARD_RUNS_KEEP_EACH: each } = env()
  await dropLeftListings()
  return deleteOldRuns(days, each)
}

/** Forgets changes of the catalog that are too old or have too many newer ones: as configured. @returns how many */
export function forgetChanges(): Promise<number> {
  const { PACKYARD_CHANGES_KEEP_DAYS: days, PACKYARD_CHANGES_KEEP_EACH: each } = env()
  return deleteOldEvents(days, each)
}
