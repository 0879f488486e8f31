import type { Logger } from 'pino'

import type { Config } from './config/schema'
import { RegistryError } from './errors'
import { openHtpasswd } from './htpasswd'
import { passwordVerifier } from './verify-password'

/** Who asks. */
export interface Actor {
  /** Empty where the registry asks nobody for a name. */
  user: string
  mayWrite: boolean
}

/** Finds out who sends a request, by its Authorization header. */
export interface Auth {
  /** For people: how one gets in. */
  readonly mode: string
  /** @throws RegistryError `UNAUTHORIZED` */
  identify(authorization: string | undefined): Promise<Actor>
}

/** @throws StartError when the htpasswd file cannot be read */
export async function openAuth(settings: Config['auth'], log: Logger): Promise<Auth> {
  if (!settings?.htpasswd) return { mode: 'everybody may read and push', identify: async () => EVERYBODY }
  const { realm, path, writers } = settings.htpasswd
  const currentUsers = await openHtpasswd(path, log)
  const verify = passwordVerifier()
  const challenge = { 'www-authenticate': `Basic realm="${realm.replace(/["\\]/g, '\\$&')}"` }
  const refuse = (message: string) => new RegistryError('UNAUTHORIZED', message, { headers: challenge })

  return {
    mode: `htpasswd, ${path}`,
    async identify(authorization) {
      const credentials = readBasic(authorization)
      if (!credentials) throw refuse('Sign in with user name and password')
      const { user, password } = credentials
      const right =
        (await verify(await currentUsers(), user, password)) ||
        // Somebody may have been added just now.
        (await verifyAgain())
      if (!right) throw refuse('The user name or the password is wrong')
      return { user, mayWrite: writers.includes(user) }

      async function verifyAgain(): Promise<boolean> {
        const before = await currentUsers()
        const now = await currentUsers(true)
        return now.version !== before.version && verify(now, user, password)
      }
    },
  }
}

const EVERYBODY: Actor = { user: '', mayWrite: true }

/** @see https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function readBasic(header: string | undefined): { user: string; password: string } | null {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '')?.[1]
  if (!encoded) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 0 ? null : { user: text.slice(0, at), password: text.slice(at + 1) }
}
