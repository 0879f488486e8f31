import type { Readable } from 'node:stream'

import { Agent, type Dispatcher } from 'undici'
import { type ConnectorOptions, guardedConnector, seenHosts } from './connector'
import { OutboundError, toOutboundError } from './errors'
import { retryAfterSeconds } from './retry-after'
import type { RegistryAuth } from './schema'
import type { Turns } from './turns'

export const OUTBOUND_LIMITS = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyIdleMs: 30_000,
  /** A body that comes more slowly, after that time, is given up. Counted is the time that it was waited for. */
  bytesPerSecond: 1024,
  /** Of one request, from the first byte out to the last byte in. */
  totalMs: 10 * 60_000,
  connections: 16,
  redirects: 3,
  headerBytes: 32 * 1024,
  /** Of an answer, unless the caller says otherwise. */
  bodyBytes: 4 * 1024 * 1024,
}
export type OutboundLimits = typeof OUTBOUND_LIMITS

/** A server that asks for a longer wait is asked again by the next sync, not by this request. */
const PATIENCE_SECONDS = 20
const PATIENCE_TIMES = 3

const USER_AGENT = 'packyard/0.1'

export interface OutboundOptions extends ConnectorOptions {
  /** For the origin: the only place that credentials go to. */
  auth: RegistryAuth
  limits?: Partial<OutboundLimits>
  /** Each request waits for its turn at its server, and one that asks for patience is asked again. Without: none waits. */
  turns?: Turns | undefined
}

export interface OutboundRequest {
  headers?: Record<string, string>
  body?: string | Uint8Array | Readable
  signal?: AbortSignal
  /** An answer larger than this is an error of its own. */
  maxBytes?: number
  /** Instead of the credentials, and like them to the one origin only: a token that was got with them. */
  authorization?: string
  /** Leave the credentials at home, although the origin is theirs. */
  anonymous?: boolean
}

/** An answer whose body is read once, in one of four ways, never beyond its bound. */
export interface OutboundResponse {
  status: number
  headers: Headers
  /** Where the answer came from, after redirects. */
  url: URL
  stream(): AsyncIterable<Uint8Array>
  bytes(): Promise<Uint8Array>
  text(): Promise<string>
  /** @throws OutboundError `not_http` is not thrown here: a SyntaxError tells that it is no JSON */
  json(): Promise<unknown>
  /** Throws the body away. */
  discard(): Promise<void>
}

export interface Outbound {
  /** @throws OutboundError; AbortError when `signal` says so */
  request(method: string, url: URL | string, request?: OutboundRequest): Promise<OutboundResponse>
  readonly traffic: { requests: number; bytes: number }
  close(): Promise<void>
}

/**
 * The one client with which anything leaves the building. Each connection is checked against the egress policy at the
 * moment it is made, by the address that is connected to, so that a name cannot change its mind in between. Proxies of
 * the environment are not used.
 */
export function createOutbound(options: OutboundOptions): Outbound {
  const limits = { ...OUTBOUND_LIMITS, ...options.limits }
  const origin = new URL(options.origin).origin
  const traffic = { requests: 0, bytes: 0 }
  const hosts = seenHosts()
  const agentOf = (publicOnly: boolean) =>
    new Agent({
      connect: guardedConnector({ ...options, origin }, limits, hosts, publicOnly),
      connections: limits.connections,
      pipelining: 1,
      headersTimeout: limits.headersMs,
      bodyTimeout: limits.bodyIdleMs,
      maxHeaderSize: limits.headerBytes,
      keepAliveTimeout: 10_000,
      maxRedirections: 0,
    } as Agent.Options)
  const agent = agentOf(false)
  let outside: Agent | undefined

  /**
   * @param way `publicOnly`: what leads here is public, and may not lead inside. `hasLeft`: this is another origin, or
   *   another led here, which has no say in what credentials are used for
   */
  async function once(
    method: string,
    url: URL,
    request: OutboundRequest,
    { publicOnly, hasLeft }: { publicOnly: boolean; hasLeft: boolean },
    signal: AbortSignal,
  ) {
    const ours = !request.anonymous && !hasLeft
    const headers: Record<string, string> = {
      'user-agent': USER_AGENT,
      // A compressed answer could grow without bound after the bound was checked.
      'accept-encoding': 'identity',
      ...withoutCredentials(request.headers),
      ...(ours &&
        (request.authorization === undefined
          ? authorization(options.auth)
          : { authorization: request.authorization })),
    }
    traffic.requests++
    if (publicOnly) outside ??= agentOf(true)
    try {
      return await (publicOnly ? (outside as Agent) : agent).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: method as Dispatcher.HttpMethod,
        headers,
        body: request.body as Dispatcher.DispatchOptions['body'],
        signal,
      })
    } catch (error) {
      throw toOutboundError(error, where(url))
    }
  }

  /** A turn at the server of a request; at that of a redirect nobody waits. */
  async function takeTurn(first: URL, caller: AbortSignal | undefined) {
    const { turns } = options
    let end = await turns?.take(first.origin, options, caller)
    return {
      end: () => end?.(),
      /** How long to wait before the same is asked again, in milliseconds. Null: the answer is to be taken. */
      patience(
        method: string,
        { statusCode, headers }: Dispatcher.ResponseData,
        asked: number,
      ): number | null {
        if (!turns || asked >= PATIENCE_TIMES || (method !== 'GET' && method !== 'HEAD')) return null
        const told = retryAfterSeconds([headers['retry-after']].flat()[0] ?? null)
        if (statusCode !== 429 && (statusCode !== 503 || told === undefined)) return null
        const seconds = told ?? 2 ** asked
        return seconds <= PATIENCE_SECONDS ? seconds * 1000 : null
      },
      async again(url: URL, ms: number, signal: AbortSignal) {
        turns?.pause(url.origin, ms)
        end?.()
        end = await turns?.take(url.origin, options, signal)
      },
    }
  }

  return {
    traffic,
    async close() {
      await Promise.all([agent.destroy(), outside?.destroy()])
    },
    async request(method, target, request = {}) {
      let url = checked(target)
      // Compared as parsed, never by prefix.
      let hasLeft = url.origin !== origin
      // A link in what the origin answered is a way out of there, as a redirect is.
      let publicOnly = hasLeft && hosts.isPublic(new URL(origin).hostname) === true
      let from: URL | null = publicOnly ? new URL(origin) : null
      const turn = await takeTurn(url, request.signal)
      const { signal, end: endDeadline } = deadline(limits.totalMs, request.signal)
      const end = () => {
        endDeadline()
        turn.end()
      }
      try {
        for (let [hops, asked] = [0, 0]; ; hops++) {
          const response = await once(method, url, request, { publicOnly, hasLeft }, signal).catch(
            (error) => {
              if (!from || !(error instanceof OutboundError) || error.code !== 'not_allowed') throw error
              throw new OutboundError(
                'redirect_refused',
                `${where(from)} leads to an address that is not allowed.`,
              )
            },
          )
          const wait = turn.patience(method, response, asked)
          if (wait !== null) {
            await response.body.dump({ limit: 64 * 1024 }).catch(() => {})
            await turn.again(url, wait, signal)
            asked++
            hops--
            continue
          }
          const location = response.headers.location
          const isRedirect =
            [301, 302, 303, 307, 308].includes(response.statusCode) && typeof location === 'string'
          if (!isRedirect || (method !== 'GET' && method !== 'HEAD')) {
            response.body.once('close', end)
            return bounded(response, url, request.maxBytes ?? limits.bodyBytes, limits, traffic)
          }
          await response.body.dump({ limit: 64 * 1024 }).catch(() => {})
          if (hops >= limits.redirects)
            throw new OutboundError(
              'redirect_refused',
              `${where(url)} redirects more than ${limits.redirects} times.`,
            )
          from = url
          url = nextHop(from, location)
          hasLeft ||= url.origin !== origin
          publicOnly ||= url.origin !== from.origin && hosts.isPublic(from.hostname) !== false
        }
      } catch (error) {
        end()
        throw error
      }
    },
  }
}

const where = (url: URL) => url.host

/**
 * Aborts when the caller says so, or after `ms`. To be ended with its request: `AbortSignal.any` and `timeout` would
 * each be kept until the time is up, and a sync makes thousands of them.
 */
function deadline(ms: number, caller: AbortSignal | undefined): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController()
  const passOn = () => controller.abort(caller?.reason)
  const timer = setTimeout(() => controller.abort(new DOMException('It took too long', 'TimeoutError')), ms)
  const end = () => {
    clearTimeout(timer)
    caller?.removeEventListener('abort', passOn)
  }
  timer.unref()
  if (caller?.aborted) passOn()
  else caller?.addEventListener('abort', passOn)
  return { signal: controller.signal, end }
}

function checked(target: URL | string): URL {
  const url = new URL(target)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new OutboundError('redirect_refused', `Only http and https are spoken, not "${url.protocol}".`)
  if (url.username || url.password)
    throw new OutboundError('redirect_refused', 'An address may hold no user name and no password.')
  return url
}

/** @throws OutboundError `redirect_refused`, also for a downgrade */
function nextHop(from: URL, location: string): URL {
  if (!URL.canParse(location, from))
    throw new OutboundError('redirect_refused', `${where(from)} redirects to something that is no address.`)
  const to = checked(new URL(location, from))
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw new OutboundError('redirect_refused', `${where(from)} redirects from https to http.`)
  return to
}

/** Credentials are given apart: among the headers they would go along to other places. */
const withoutCredentials = (headers: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|proxy-authorization|cookie)$/i.test(name)),
  )

function authorization(auth: RegistryAuth): Record<string, string> {
  if (auth.type === 'basic')
    return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
  return auth.type === 'token' ? { authorization: `Bearer ${auth.token}` } : {}
}

function bounded(
  response: Dispatcher.ResponseData,
  url: URL,
  maxBytes: number,
  limits: OutboundLimits,
  traffic: { bytes: number },
): OutboundResponse {
  const headers = new Headers()
  for (const [name, value] of Object.entries(response.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one)
  const tooLarge = () =>
    new OutboundError(
      'too_large',
      `The answer of ${where(url)} is larger than ${maxBytes.toLocaleString('en')} bytes.`,
    )

  async function* stream() {
    let size = 0
    let waitedMs = 0
    const chunks = response.body[Symbol.asyncIterator]()
    try {
      if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
      for (;;) {
        const asked = performance.now()
        const { done, value: chunk } = await chunks.next()
        waitedMs += performance.now() - asked
        if (done) break
        size += chunk.length
        traffic.bytes += chunk.length
        if (size > maxBytes) throw tooLarge()
        if (waitedMs > limits.bodyIdleMs && size < (waitedMs / 1000) * limits.bytesPerSecond)
          throw new OutboundError('timeout_body', `${where(url)} sends its answer too slowly.`)
        yield chunk as Uint8Array
      }
    } catch (error) {
      throw toOutboundError(error, where(url))
    } finally {
      response.body.on('error', () => {}).destroy()
    }
  }
  async function bytes() {
    const chunks: Uint8Array[] = []
    for await (const chunk of stream()) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  const text = async () => (await bytes()).toString('utf8')
  return {
    status: response.statusCode,
    headers,
    url,
    stream,
    bytes,
    text,
    json: async () => JSON.parse(await text()),
    discard: () => response.body.dump({ limit: 64 * 1024 }).catch(() => {}) as Promise<void>,
  }
}
