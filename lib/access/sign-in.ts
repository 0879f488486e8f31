import { AppError } from '../errors'
import { log } from '../log'
import { PASSWORD_MAX, verifyPassword } from './password'
import { countFailure, findUserByEmail, forgetFailures, noteSignIn, readThrottle } from './store'
import { secondsToWait } from './throttle'

export interface SignedIn {
  id: string
  name: string
  email: string
  tenantId: string
  tenantName: string
  sessionVersion: number
}

/**
 * Finds out who this is, by email and password. Slows down after failures, by account and by address; says the same
 * and takes as long whether the person, the password or the account is at fault.
 *
 * @param address of the client; empty when unknown
 * @throws AppError `unauthenticated`, or `too_many` with the seconds to wait
 */
export async function signIn(email: string, password: string, address: string): Promise<SignedIn> {
  const account = email.trim().toLowerCase().slice(0, 320)
  const keys = [`account:${account}`, ...(address ? [`address:${address}`] : [])]
  const now = new Date()
  const waits = (await readThrottle(keys)).map((one) =>
    // An address is shared by many people: it gets more room.
    secondsToWait(one.key.startsWith('address:') ? one.failures - 20 : one.failures, one.lastFailedAt, now),
  )
  const wait = Math.max(0, ...waits)
  if (wait > 0)
    throw new AppError('too_many', `Too many failed attempts. Try again in ${wait} seconds.`, {
      retryAfterSeconds: wait,
    })

  const user = await findUserByEmail(account)
  const right = await verifyPassword(user?.passwordHash, password.slice(0, PASSWORD_MAX))
  if (!user || !right || user.disabledAt) {
    await Promise.all(keys.map(countFailure))
    log.info({ event: 'sign-in-failed', account, address }, 'A sign-in failed')
    throw new AppError('unauthenticated', 'Email or password is wrong.')
  }
  await Promise.all([forgetFailures(`account:${account}`), noteSignIn(user.tenantId, user.id)])
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    tenantId: user.tenantId,
    tenantName: user.tenant.name,
    sessionVersion: user.sessionVersion,
  }
}
