import { createHmac, timingSafeEqual } from 'node:crypto'

import { z } from 'zod'

/** How long a token of `/v1/auth/authenticate` lives. */
export const TOKEN_SECONDS = 15 * 60

const Claims = z.object({
  sub: z.string(),
  sessionVersion: z.number(),
  exp: z.number(),
  iss: z.literal('packyard'),
})
export type Claims = z.infer<typeof Claims>

const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

// A key of its own: a session's token must not pass for an API token.
const sign = (text: string, secret: string) =>
  createHmac('sha256', createHmac('sha256', secret).update('packyard api token').digest())
    .update(text)
    .digest()

/** A JSON Web Token, HS256. @see https://www.rfc-editor.org/rfc/rfc7519 */
export function issueToken(
  user: { id: string; sessionVersion: number },
  secret: string,
  now = Date.now(),
): string {
  const claims: Claims = {
    sub: user.id,
    sessionVersion: user.sessionVersion,
    exp: Math.floor(now / 1000) + TOKEN_SECONDS,
    iss: 'packyard',
  }
  const text = `${HEADER}.${encode(claims)}`
  return `${text}.${sign(text, secret).toString('base64url')}`
}

/** @returns null when the token is not ours, was changed, or is over. Only our own header passes: no `alg: none`. */
export function readToken(token: string, secret: string, now = Date.now()): Claims | null {
  const [header, body, signature] = token.split('.')
  if (header !== HEADER || !body || !signature || token.length > 2048) return null
  const [ours, theirs] = [sign(`${header}.${body}`, secret), Buffer.from(signature, 'base64url')]
  if (ours.length !== theirs.length || !timingSafeEqual(ours, theirs)) return null
  const claims = Claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  return claims.success && claims.data.exp > now / 1000 ? claims.data : null
}
