import { parse as parseCookies } from 'hono/utils/cookie'
import { type GetTokenParams, getToken } from 'next-auth/jwt'

import type { Actor, Role } from '../access/actor'
import { hashApiKey } from '../access/api-keys'
import { personOf, type SessionToken } from '../access/person'
import { findApiKeyByHash, findProject, findUserById, noteKeyUse } from '../access/store'
import { readToken } from '../access/token'
import { env } from '../env'
import { AppError } from '../errors'
import { UID } from '../uid'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Finds out who asks: an API key, a token of `/v1/auth/authenticate`, or a browser's session, in this order. A key or
 * token is taken from its header only, never from the address.
 *
 * @throws AppError `unauthenticated`; `forbidden` for a browser's request from another site; `not_found` for a project
 *   that is not the tenant's
 */
export async function authenticate(request: Request, requestId: string): Promise<Actor> {
  const apiKey = request.headers.get('apikey')
  const authorization = request.headers.get('authorization')
  const person = apiKey
    ? await byApiKey(apiKey)
    : authorization
      ? await byToken(authorization)
      : await bySession(request)
  if (!person)
    throw new AppError('unauthenticated', 'Sign in, or send a valid API key in the header "ApiKey".')
  const projectId = request.headers.get('projectuid')
  if (projectId && !UID.test(projectId))
    throw new AppError('invalid', 'The header "ProjectUid" holds no uid.')
  if (projectId && !(await findProject(person.tenantId, projectId)))
    throw new AppError('not_found', 'There is no project of the uid in the header "ProjectUid".')
  return {
    kind: apiKey ? 'api-key' : 'user',
    id: person.id,
    name: person.name,
    tenantId: person.tenantId,
    projectId: projectId || null,
    role: person.role as Role,
    requestId,
  }
}

async function byApiKey(key: string) {
  if (key.length > 256) return null
  const found = await findApiKeyByHash(hashApiKey(key))
  if (!found?.active || found.disabledAt) return null
  if (found.expiresAt && found.expiresAt.getTime() <= Date.now()) return null
  await noteKeyUse(found)
  return found
}

async function byToken(header: string) {
  const claims = readToken(header.replace(/^Bearer /i, ''), env().NEXTAUTH_SECRET)
  const user = claims && (await findUserById(claims.sub))
  return user && !user.disabledAt && user.sessionVersion === claims.sessionVersion ? user : null
}

async function bySession(request: Request) {
  // Read here and not by Next: what limits the body may have put a plain Request in the place of Next's.
  const cookies = parseCookies(request.headers.get('cookie') ?? '')
  const token = (await getToken({
    req: { cookies, headers: {} } as GetTokenParams['req'],
    secret: env().NEXTAUTH_SECRET,
  })) as SessionToken | null
  if (!token) return null
  if (!SAFE_METHODS.has(request.method)) refuseOtherSites(request)
  return personOf(token)
}

/**
 * A cookie also comes along with what another site makes a browser send. Browsers say where a request comes from;
 * one that changes something has to come from our own pages.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
function refuseOtherSites(request: Request): void {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  // A proxy may put another name into Host: the address that people use counts as well.
  const hosts = [request.headers.get('host'), new URL(env().PACKYARD_URL).host]
  const fromOurs = origin !== null && URL.canParse(origin) && hosts.includes(new URL(origin).host)
  const ours = site === null ? fromOurs : site === 'same-origin' && (origin === null || fromOurs)
  if (!ours) throw new AppError('forbidden', 'This request came from another site and was refused.')
}
