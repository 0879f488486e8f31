import type { Logger } from 'pino'

import type { Config, Role } from './config/schema'
import { RegistryError } from './errors'
import { openHtpasswd } from './htpasswd'
import { passwordVerifier } from './verify-password'

/** Who asks. */
export interface Actor {
  /** Empty where the registry asked nobody for a name. */
  user: string
  may(role: Role): boolean
}

/** Finds out who sends a request, by its Authorization header. */
export interface Auth {
  /** For people: how one gets in. */
  readonly mode: string
  /**
   * @param isForAnybody whether it may need no name, where the settings say so
   * @throws RegistryError `UNAUTHORIZED`
   */
  identify(authorization: string | undefined, isForAnybody: boolean): Promise<Actor>
}

/** @throws StartError when the htpasswd file cannot be read */
export async function openAuth(settings: Config['auth'], log: Logger): Promise<Auth> {
  if (!settings?.htpasswd) return { mode: 'everybody may read and push', identify: async () => EVERYBODY }
  const { realm, path, roles, anonymous } = settings.htpasswd
  const currentUsers = await openHtpasswd(path, log)
  const verify = passwordVerifier()
  const challenge = { 'www-authenticate': `Basic realm="${realm.replace(/["\\]/g, '\\$&')}"` }
  const refuse = (message: string) => new RegistryError('UNAUTHORIZED', message, { headers: challenge })

  return {
    mode: `htpasswd, ${path}`,
    async identify(authorization, isForAnybody) {
      const credentials = readBasic(authorization)
      // Some clients send an empty name and password where they were given none.
      const isNobody = authorization === undefined || credentials?.user === ''
      if (anonymous === 'read' && isForAnybody && isNobody) return ANYBODY
      if (!credentials) throw refuse('Sign in with user name and password')
      const { user, password } = credentials
      const right =
        (await verify(await currentUsers(), user, password)) ||
        // Somebody may have been added just now.
        (await verifyAgain())
      if (!right) throw refuse('The user name or the password is wrong')
      const given = Object.hasOwn(roles, user) ? (roles[user] ?? []) : []
      return {
        user,
        may: (role) => role === 'read' || given.includes('admin') || given.includes(role),
      }

      async function verifyAgain(): Promise<boolean> {
        const before = await currentUsers()
        const now = await currentUsers(true)
        return now.version !== before.version && verify(now, user, password)
      }
    },
  }
}

const EVERYBODY: Actor = { user: '', may: () => true }
const ANYBODY: Actor = { user: '', may: (role) => role === 'read' }

/** @see https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function readBasic(header: string | undefined): { user: string; password: string } | null {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '')?.[1]
  if (!encoded) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 0 ? null : { user: text.slice(0, at), password: text.slice(at + 1) }
}
