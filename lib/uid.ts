import { randomBytes } from 'node:crypto'

/** A new uid: 24 hex digits, the first eight the time in seconds, so that uids sort by age. */
export function newUid(now = Date.now()): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')
  return seconds + randomBytes(8).toString('hex')
}

export const UID = /^[0-9a-f]{24}$/
