import dns from 'node:dns'
import net from 'node:net'
import type { Readable } from 'node:stream'

import { Agent, buildConnector, type Dispatcher } from 'undici'
import { OutboundError, toOutboundError } from './errors'
import type { EgressPolicy } from './policy'
import { retryAfterSeconds } from './retry-after'
import type { RegistryAuth, TlsSettings } from './schema'
import { hostCertificates, readCa } from './trust'
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

export interface OutboundOptions {
  /** Scheme, host and port: the only place that credentials go to. */
  origin: string
  auth: RegistryAuth
  tls: TlsSettings
  policy: EgressPolicy
  limits?: Partial<OutboundLimits>
  /** Each request waits for its turn at its server, and one that asks for patience is asked again. Without: none waits. */
  turns?: Turns | undefined
  /** For tests of rebinding; the system's resolver otherwise. */
  lookup?: typeof dns.lookup | undefined
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
  const agent = new Agent({
    connect: guardedConnector(options, limits),
    connections: limits.connections,
    pipelining: 1,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.bodyIdleMs,
    maxHeaderSize: limits.headerBytes,
    keepAliveTimeout: 10_000,
    maxRedirections: 0,
  } as Agent.Options)

  async function once(method: string, url: URL, request: OutboundRequest, signal: AbortSignal) {
    // Compared as parsed, never by prefix.
    const ours = url.origin === origin && !request.anonymous
    const headers: Record<string, string> = {
      'user-agent': USER_AGENT,
      // A compressed answer could grow without bound after the bound was checked.
      'accept-encoding': 'identity',
      ...request.headers,
      ...(ours &&
        (request.authorization === undefined
          ? authorization(options.auth)
          : { authorization: request.authorization })),
    }
    if (!ours) delete headers.authorization
    traffic.requests++
    try {
      return await agent.request({
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
    close: () => agent.destroy(),
    async request(method, target, request = {}) {
      let url = checked(target)
      const turn = await takeTurn(url, request.signal)
      const { signal, end: endDeadline } = deadline(limits.totalMs, request.signal)
      const end = () => {
        endDeadline()
        turn.end()
      }
      try {
        for (let [hops, asked] = [0, 0]; ; hops++) {
          const response = await once(method, url, request, signal)
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
          url = await nextHop(url, location, options)
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

/** @throws OutboundError `redirect_refused` for a downgrade, or for a way from a public network to a private one */
async function nextHop(from: URL, location: string, { policy, lookup }: OutboundOptions): Promise<URL> {
  if (!URL.canParse(location, from))
    throw new OutboundError('redirect_refused', `${where(from)} redirects to something that is no address.`)
  const to = checked(new URL(location, from))
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw new OutboundError('redirect_refused', `${where(from)} redirects from https to http.`)
  if (to.origin === from.origin) return to
  const addresses = async (url: URL) => resolve(url.hostname, lookup)
  const [old, next] = await Promise.all([addresses(from), addresses(to)])
  if (old.every((one) => policy.isPublic(one)) && !next.every((one) => policy.isPublic(one)))
    throw new OutboundError('redirect_refused', `${where(from)} redirects to an address that is not allowed.`)
  return to
}

async function resolve(hostname: string, lookup: typeof dns.lookup = dns.lookup): Promise<string[]> {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (net.isIP(host)) return [host]
  return new Promise((done, fail) => {
    lookup(host, { all: true }, (error, list) =>
      error ? fail(toOutboundError(error, host)) : done(list.map((one) => one.address)),
    )
  })
}

function authorization(auth: RegistryAuth): Record<string, string> {
  if (auth.type === 'basic')
    return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
  return auth.type === 'token' ? { authorization: `Bearer ${auth.token}` } : {}
}

/** Makes connections, each to an address that the policy allows. */
function guardedConnector(options: OutboundOptions, limits: OutboundLimits): buildConnector.connector {
  const { policy, tls } = options
  const refuse = () => new OutboundError('not_allowed', 'This address is not allowed.')
  const lookup: net.LookupFunction = (hostname, lookupOptions, done) => {
    const resolver = options.lookup ?? dns.lookup
    resolver(hostname, { ...lookupOptions, all: true }, (error, list) => {
      if (error) return done(error, '')
      // One that is not allowed spoils the name: which one is connected to is not ours to choose.
      if (list.length === 0 || list.some((one) => !policy.allows(one.address, hostname)))
        return done(refuse(), '')
      if (lookupOptions.all) return (done as (e: null, l: dns.LookupAddress[]) => void)(null, list)
      const [first] = list
      done(null, first?.address ?? '', first?.family ?? 4)
    })
  }
  const own = options.origin.startsWith('https:') ? readCa(tls) : []
  const connect = buildConnector({
    lookup,
    timeout: limits.connectMs,
    allowH2: false,
    rejectUnauthorized: !tls.insecureSkipVerify,
    ca: [...hostCertificates(), ...own],
    // A certificate that a person trusts is trusted itself, also where its authority is not known.
    allowPartialTrustChain: true,
  } as buildConnector.BuildOptions)
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '')
    // A literal address is never looked up.
    if (net.isIP(host) && !policy.allows(host, host)) return callback(refuse(), null)
    connect(target, callback)
  }
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
