import { findUserById, type Person } from './store'

/** What a session's token carries. */
export interface SessionToken {
  sub?: string
  sessionVersion?: number
}

/** Whether the person still may be here. @returns null when not */
export async function personOf(token: SessionToken): Promise<Person | null> {
  const user = token.sub ? await findUserById(token.sub) : null
  return user && !user.disabledAt && user.sessionVersion === token.sessionVersion ? user : null
}
