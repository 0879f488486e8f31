import { deleteOldRuns } from './store/history'

const KEEP_DAYS = 90
const KEEP_EACH = 1_000

/** Forgets runs older than 90 days, and of each registry all but the newest 1,000. @returns how many */
export const forgetRuns = (): Promise<number> => deleteOldRuns(KEEP_DAYS, KEEP_EACH)
