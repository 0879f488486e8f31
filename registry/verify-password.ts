import { createHmac, randomBytes } from 'node:crypto'

import { compare } from 'bcryptjs'

import { RegistryError } from './errors'
import type { Users } from './htpasswd'

const MAX_REMEMBERED = 10_000
/** Comparisons that may wait for their turn; each takes a core for a while. */
const MAX_WAITING = 64
/** Costs as much as what `htpasswd -B` makes; nothing is the password of it. */
const NOBODY = `$2y$05$${'.'.repeat(53)}`

/**
 * Checks passwords against bcrypt hashes. An answer "right" is remembered until the file changes, so that only the
 * first request of a client costs a comparison. Comparisons run one at a time: wrong passwords queue behind one
 * another and do not take the processor from others.
 */
export function passwordVerifier() {
  const salt = randomBytes(32)
  const remembered = new Map<string, string>()
  const running = new Map<string, Promise<boolean>>()
  let queue: Promise<unknown> = Promise.resolve()
  let waiting = 0

  /** @throws RegistryError `TOOMANYREQUESTS` when too many comparisons wait already */
  return async ({ hashes, version }: Users, user: string, password: string): Promise<boolean> => {
    const credentials = createHmac('sha256', salt).update(`${user}:${password}`).digest('base64')
    if (remembered.get(credentials) === version) return true
    const key = `${credentials} ${version}`
    const same = running.get(key)
    if (same) return same
    if (waiting >= MAX_WAITING)
      throw new RegistryError('TOOMANYREQUESTS', 'Too many sign-ins at once. Try again in a moment', {
        headers: { 'retry-after': '1' },
      })
    waiting++
    // A user that does not exist costs as much as one that does, so that names cannot be told from the time.
    const hash = hashes.get(user)
    const decoy = hashes.values().next().value ?? NOBODY
    const comparison = queue.then(() => compare(password, hash ?? decoy)).then((equal) => equal && !!hash)
    queue = comparison.catch(() => {})
    running.set(key, comparison)
    try {
      const right = await comparison
      if (right) {
        remembered.delete(credentials)
        remembered.set(credentials, version)
        const oldest = remembered.size > MAX_REMEMBERED ? remembered.keys().next().value : undefined
        if (oldest !== undefined) remembered.delete(oldest)
      }
      return right
    } finally {
      waiting--
      running.delete(key)
    }
  }
}
