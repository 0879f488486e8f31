import { env } from '../env'
import { deleteOldRuns } from './store/history'

/** Forgets runs, with their logs, that are too old or have too many newer ones: as configured. @returns how many */
export function forgetRuns(): Promise<number> {
  const { PACKYARD_RUNS_KEEP_DAYS: days, PACKYARD_RUNS_KEEP_EACH: each } = env()
  return deleteOldRuns(days, each)
}
