import { z } from 'zod'

import type { Outbound, OutboundRequest, OutboundResponse } from '../../outbound/client'
import { RemoteError } from '../adapter'
import { explain, explainStatus } from '../explain'
import type { Connection } from '../schema'
import { readChallenges } from './challenge'

const ANSWER_LIMIT = 64 * 1024
/** Of a token whose server does not say how long it lives. */
const DEFAULT_SECONDS = 60
const MAX_SECONDS = 60 * 60
/** A token is not used to its last moment: it has to last for the request. */
const USED_SHARE = 0.8
const MAX_TOKENS = 1000

const TokenAnswer = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().positive().optional().catch(undefined),
})
const FIT_FOR_A_HEADER = /^[\x21-\x7e]{1,32768}$/

/** Sends requests to a registry, signed in as it asks for. `scope` names what the request is about; empty: nothing. */
export interface SignIn {
  send(method: string, url: string, scope: string, request: OutboundRequest): Promise<OutboundResponse>
  readonly traffic: { requests: number; bytes: number }
  close(): Promise<void>
}

/**
 * Signs in to a registry by name and password, by a token that a person entered, or with tokens that a token server
 * gives for them (also for nothing, where everybody may read).
 *
 * The registry says where the token server is, and could name any: credentials go to the registry's own origin, or to
 * the one that a person entered beside them, and to no other. The scope asked for is ours, not what the registry says.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export function createSignIn(
  { endpoint, auth, oci }: Connection,
  outbound: Outbound,
  outboundTo: (origin: string) => Outbound,
): SignIn {
  const origin = new URL(endpoint).origin
  const allowed = oci?.tokenServer || origin
  let elsewhere: Outbound | undefined
  let server: { realm: URL; service: string } | undefined
  const tokens = new Map<string, { token: string; until: number }>()
  const asking = new Map<string, Promise<string>>()

  function tokenFor(scope: string, signal: AbortSignal | undefined): Promise<string> | string {
    const held = tokens.get(scope)
    if (held && held.until > Date.now()) return held.token
    const running = asking.get(scope)
    if (running) return running
    const asked = ask(scope, signal).finally(() => asking.delete(scope))
    asking.set(scope, asked)
    return asked
  }

  async function ask(scope: string, signal: AbortSignal | undefined): Promise<string> {
    if (!server) throw new Error('No token server is known')
    const url = new URL(server.realm)
    if (server.service) url.searchParams.set('service', server.service)
    if (scope) url.searchParams.set('scope', scope)
    if (url.origin !== origin) elsewhere ??= outboundTo(url.origin)
    const client = url.origin === origin ? outbound : (elsewhere as Outbound)
    let answer: unknown
    try {
      const headers = { accept: 'application/json' }
      const response = await client.request('GET', url, { signal, maxBytes: ANSWER_LIMIT, headers })
      const { status } = response
      if (status !== 200) {
        await response.discard()
        throw explainStatus(status, response.headers, 'credentials', auth.type !== 'none', 'an OCI registry')
      }
      answer = await response.json()
    } catch (error) {
      throw error instanceof SyntaxError ? noToken(url, error) : explain(error)
    }
    const { data } = TokenAnswer.safeParse(answer)
    const token = data?.token || data?.access_token
    if (!token || !FIT_FOR_A_HEADER.test(token)) throw noToken(url)
    const seconds = Math.min(data?.expires_in ?? DEFAULT_SECONDS, MAX_SECONDS)
    tokens.delete(scope)
    tokens.set(scope, { token, until: Date.now() + seconds * USED_SHARE * 1000 })
    for (const oldest of tokens.keys()) {
      if (tokens.size <= MAX_TOKENS) break
      tokens.delete(oldest)
    }
    return token
  }

  /** @throws RemoteError for a token server that may not be given the credentials */
  function checked(realm: string): URL {
    const refuse = (message: string, fix: string) => new RemoteError('credentials', 'stalled', message, fix)
    const url = URL.canParse(realm, origin) ? new URL(realm, origin) : null
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
      throw refuse('The registry names no address to sign in at.', 'Look at the registry.')
    if (url.origin !== origin && url.origin !== allowed)
      throw refuse(
        `The registry wants the sign-in to go to ${url.origin}, which is another server.`,
        `Where that is right, enter ${url.origin} as token server. Nothing was sent there.`,
      )
    if (url.protocol === 'http:' && origin.startsWith('https:'))
      throw refuse(
        `The registry wants the sign-in to go to ${url.origin}, which is not encrypted.`,
        'Use a token server that speaks https.',
      )
    return url
  }

  return {
    async send(method, url, scope, request) {
      for (let isAgain = false; ; isAgain = true) {
        const token = server && (await tokenFor(scope, request.signal))
        let response: OutboundResponse
        try {
          response = await outbound.request(method, url, {
            ...request,
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          })
        } catch (error) {
          throw explain(error)
        }
        // One that came by a redirect from elsewhere has nothing to say about signing in.
        if (response.status !== 401 || isAgain || auth.type === 'token' || response.url.origin !== origin)
          return response
        const challenge = readChallenges(response.headers.get('www-authenticate')).find(
          (one) => one.scheme === 'bearer',
        )
        if (!challenge) return response
        await response.discard()
        tokens.delete(scope)
        server = { realm: checked(challenge.params.realm ?? ''), service: challenge.params.service ?? '' }
      }
    },
    get traffic() {
      const { requests, bytes } = outbound.traffic
      return {
        requests: requests + (elsewhere?.traffic.requests ?? 0),
        bytes: bytes + (elsewhere?.traffic.bytes ?? 0),
      }
    },
    async close() {
      await Promise.all([outbound.close(), elsewhere?.close()])
    },
  }
}

function noToken({ host }: URL, cause?: unknown): RemoteError {
  const message = `The token server ${host} gave no token.`
  return new RemoteError('credentials', 'generic', message, 'Look at the token server of the registry.', {
    cause,
  })
}
