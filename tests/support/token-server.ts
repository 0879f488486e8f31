import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { makeCertificate } from './certificates'
import { startWeb } from './servers'

export const SERVICE = 'test registry'
const ISSUER = 'test tokens'

interface Access {
  type: string
  name: string
  actions: string[]
}

export interface TokenServer {
  url: string
  /** The `auth` section of Distribution's configuration that believes this server. */
  auth: object
  /** Each request that came: the scope it asked for, and the credentials it brought. */
  asked: { scope: string; authorization: string }[]
  issue(access: Access[], seconds?: number): string
  close(): Promise<void>
}

interface Options {
  /** User → password; without credentials everybody gets tokens to pull. */
  users?: Record<string, string>
  /** Whether tokens to list the catalog are given. */
  catalog?: boolean
  /** Whether tokens for nothing are given, as for a login. */
  login?: boolean
  /** How long tokens are said to live. */
  seconds?: number
}

/**
 * A token server as Distribution's registry believes it: signs tokens by its own certificate.
 *
 * @see https://distribution.github.io/distribution/spec/auth/jwt/
 */
export async function startTokenServer({
  users,
  catalog = true,
  login = true,
  seconds = 300,
}: Options = {}): Promise<TokenServer> {
  const { cert, key } = await makeCertificate(ISSUER)
  const bundle = path.join(tmpdir(), `packyard-tokens-${randomUUID()}.pem`)
  await writeFile(bundle, cert)
  const asked: TokenServer['asked'] = []

  function issue(access: Access[], lives = 300): string {
    const now = Math.floor(Date.now() / 1000)
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const x5c = [new X509Certificate(cert).raw.toString('base64')]
    const head = encode({ typ: 'JWT', alg: 'ES256', x5c })
    const times = { nbf: now - 30, iat: now, exp: now + lives }
    const body = encode({ iss: ISSUER, sub: 'test', aud: SERVICE, jti: randomUUID(), ...times, access })
    const signature = sign('sha256', Buffer.from(`${head}.${body}`), {
      ...{ key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' },
    })
    return `${head}.${body}.${signature.toString('base64url')}`
  }

  const web = await startWeb((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://token')
    const scope = searchParams.get('scope') ?? ''
    const { authorization = '' } = request.headers
    asked.push({ scope, authorization })
    const given = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
    const isKnown = Object.entries(users ?? {}).some(([user, password]) => given === `${user}:${password}`)
    if (searchParams.get('service') !== SERVICE || (users && !isKnown) || (!login && scope === '')) {
      response.writeHead(401).end('{}')
      return
    }
    const [type = '', ...rest] = scope.split(':')
    const actions = rest.pop()?.split(',') ?? []
    const access = scope && (catalog || type !== 'registry') ? [{ type, name: rest.join(':'), actions }] : []
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ token: issue(access), expires_in: seconds }))
  })
  const url = `http://127.0.0.1:${web.port}`
  const token = { realm: `${url}/token`, service: SERVICE, issuer: ISSUER, rootcertbundle: bundle }
  return { url, auth: { token }, asked, issue, close: web.close }
}
