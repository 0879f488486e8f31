import { deleteOldFailures } from './store'

/** Forgets failed sign-ins that slow nobody down any more: there is one row for each name that anybody tried. @returns how many */
export const forgetOldFailures = (): Promise<number> => deleteOldFailures()
