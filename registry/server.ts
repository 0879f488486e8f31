import { randomUUID } from 'node:crypto'
import {
  createServer as createHttp,
  type Server,
  type ServerOptions,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Socket } from 'node:net'

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'

import type { Actor, Auth } from './auth'
import { drain } from './body'
import type { Call, Handler } from './call'
import type { Config, Role } from './config/schema'
import { RegistryError } from './errors'
import { deleteBlob, getBlob } from './handlers/blobs'
import { getCatalog, getTags } from './handlers/catalog'
import { postCollect } from './handlers/collect'
import { postContents } from './handlers/contents'
import { getHealth, getProbe } from './handlers/health'
import { deleteManifest, getManifest, putManifest } from './handlers/manifests'
import { getPacks } from './handlers/packs'
import { getReferrers } from './handlers/referrers'
import { appendUpload, cancelUpload, finishUpload, getUpload, startUpload } from './handlers/uploads'
import type { Metrics } from './metrics'
import { type At, type NoRoute, type Route, readRoute } from './route'
import { StartError } from './start-error'
import { JournalFailed } from './storage/journal'
import type { Storage } from './storage/storage'
import { readTls } from './tls'

/** A connection on which nothing moves for so long is ended. Making a large blob durable can take minutes. */
const IDLE_MS = 300_000
const KEEP_ALIVE_MS = 65_000
const HEADERS_MS = 30_000
const HANDSHAKE_MS = 10_000
const MAX_CONNECTIONS = 2_000
/** The longest path that is logged, in characters. */
const LOGGED_PATH = 500

type Table = { [A in At]: Partial<Record<string, Handler<A>>> }

/** What can be done where. HEAD is GET without a body. */
const HANDLERS: Table = {
  health: { GET: getHealth },
  probe: { GET: getProbe },
  catalog: { GET: getCatalog },
  packs: { GET: getPacks },
  contents: { POST: postContents },
  collect: { POST: postCollect },
  tags: { GET: getTags },
  referrers: { GET: getReferrers },
  manifest: { GET: getManifest, PUT: putManifest, DELETE: deleteManifest },
  blob: { GET: getBlob, DELETE: deleteBlob },
  uploads: { POST: startUpload },
  upload: { GET: getUpload, PATCH: appendUpload, PUT: finishUpload, DELETE: cancelUpload },
}

const NOWHERE: Record<NoRoute['wrong'], () => RegistryError> = {
  path: () => new RegistryError('UNSUPPORTED', 'There is nothing at this path', { status: 404 }),
  name: () =>
    new RegistryError(
      'NAME_INVALID',
      'A repository name is lower-case letters and digits with single separators . _ - between them, in parts divided by /',
    ),
  tag: () =>
    new RegistryError(
      'TAG_INVALID',
      'A tag is letters, digits, _ . and -, at most 128 characters, and does not begin with . or -',
    ),
  digest: () =>
    new RegistryError('DIGEST_INVALID', 'A digest is sha256: and 64 hex digits, or sha512: and 128'),
}

interface Parts {
  config: Config
  auth: Auth
  storage: Storage
  log: Logger
  metrics: Metrics
  /** Whether the server is about to end: then connections are not kept. */
  isClosing: () => boolean
}

/** The HTTP server, not listening yet. @throws StartError for settings that cannot be used */
export async function createServer(parts: Parts): Promise<{ app: FastifyInstance; server: Server }> {
  const { config, log, metrics } = parts
  const headers = readHeaders(config)
  const tls = config.http.tls && (await readTls(config.http.tls, log))
  const limits: ServerOptions = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    // Large blobs take their time. Bodies are watched while they are read.
    requestTimeout: 0,
  }
  const app = fastify({
    serverFactory: (handler) =>
      tls
        ? createHttps({ ...limits, ...tls, handshakeTimeout: HANDSHAKE_MS }, handler)
        : createHttp(limits, handler),
    // Paths are read in one place, strictly: see route.ts.
    rewriteUrl: () => '/',
    exposeHeadRoutes: false,
    clientErrorHandler: (error, socket) => refuseBytes(error as NodeJS.ErrnoException, socket),
    requestIdHeader: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
    },
  })
  app.server.maxConnections = MAX_CONNECTIONS
  app.server.setTimeout(Math.max(IDLE_MS, 2_000 * config.limits.bodyidle))
  // Handlers read bodies themselves, as streams.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id)
  })
  app.addHook('onSend', async (_request, reply) => {
    if (parts.isClosing()) reply.header('connection', 'close')
  })
  const seen = new WeakMap<FastifyRequest, { at: string; user?: string }>()
  app.addHook('onResponse', async (request, reply) => {
    const { at = 'nowhere', user } = seen.get(request) ?? {}
    metrics.countRequest(at, request.method, reply.statusCode, reply.elapsedTime / 1_000)
    logRequest(log, request, reply, user)
  })
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = toRefusal(error, request.id)
    if (refusal.status >= 500) log.error({ requestId: request.id, err: error }, refusal.message)
    if (!(await drain(request.raw))) reply.header('connection', 'close')
    return reply
      .code(refusal.status)
      .headers({ ...refusal.details.headers })
      .send(refusal.body())
  })
  const methods = [...app.supportedMethods]
  app.route({
    method: methods,
    url: '/',
    handler: (request, reply) => answer(parts, request, reply, (at, user) => seen.set(request, { at, user })),
  })
  app.setNotFoundHandler(() => {
    throw new RegistryError('UNSUPPORTED', 'This method is not known here')
  })
  await app.ready()
  return { app, server: app.server }
}

async function answer(
  { config, auth, storage, log }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  note: (at: string, user?: string) => void,
): Promise<unknown> {
  const url = request.originalUrl
  const mark = url.indexOf('?')
  const route = readRoute(mark < 0 ? url : url.slice(0, mark))
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  if ('prefix' in route) reply.header('docker-distribution-api-version', 'registry/2.0')

  note(route.at)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const role = roleFor(route, request.method, isRead)
  const actor = isOpen(route, query, request, config, storage)
    ? NOBODY
    : await auth.identify(request.headers.authorization, role === 'read' && !asksHowToSignIn(route))
  note(route.at, actor.user)
  if (route.at === 'nowhere') throw NOWHERE[route.wrong]()

  const handlers = HANDLERS[route.at] as Partial<Record<string, Handler<At>>>
  const handler = Object.hasOwn(handlers, isRead ? 'GET' : request.method)
    ? handlers[isRead ? 'GET' : request.method]
    : undefined
  if (!handler)
    throw new RegistryError('UNSUPPORTED', `${request.method} is not possible here`, {
      headers: {
        allow: Object.keys(handlers)
          .flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one]))
          .join(', '),
      },
    })
  if (!actor.may(role)) throw new RegistryError('DENIED', `${actor.user} may not ${WORDS[role]} here`)
  const call: Call = { route, query, actor, request, reply, storage, config, log }
  return handler(call)
}

const NOBODY: Actor = { user: '', may: (role) => role === 'read' }

const WORDS: Record<Role, string> = {
  read: 'read',
  push: 'push',
  delete: 'delete',
  admin: 'have anything collected',
}

/** Clients learn here whether to sign in, and do not ask again: so nobody passes here without a name. */
const asksHowToSignIn = (route: Route | NoRoute): boolean => route.at === 'probe' && route.prefix === '/v2'

/** What somebody must be allowed for a request. */
function roleFor(route: Route | NoRoute, method: string, isRead: boolean): Role {
  if (route.at === 'collect') return 'admin'
  // Who pushes sees how far it came, and may give it up.
  if (route.at === 'upload' || route.at === 'uploads') return 'push'
  // A question too long for an address: it changes nothing.
  if (isRead || route.at === 'contents') return 'read'
  return method === 'DELETE' ? 'delete' : 'push'
}

/** What needs no credentials: whether the server is well, and logos where the configuration says so. */
function isOpen(
  route: Route | NoRoute,
  query: URLSearchParams,
  { method, headers }: FastifyRequest,
  { auth }: Config,
  { catalog }: Storage,
): boolean {
  if (route.at === 'health') return true
  if (route.at !== 'blob' || !auth?.htpasswd?.anonymouslogos || headers.authorization !== undefined)
    return false
  if (!query.get('type')?.startsWith('image/') || (method !== 'GET' && method !== 'HEAD')) return false
  const manifests = catalog.get(route.repository)?.manifests.values() ?? []
  for (const { pack } of manifests) if (pack?.logo === route.digest) return true
  return false
}

/** @throws StartError for a header that HTTP does not allow */
function readHeaders({ http }: Config): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, values] of Object.entries(http.headers)) {
    try {
      validateHeaderName(name)
      for (const value of values) validateHeaderValue(name, value)
    } catch (cause) {
      throw new StartError(`http.headers.${name} cannot be sent: ${(cause as Error).message}.`, { cause })
    }
    const [only] = values
    if (only !== undefined) headers[name.toLowerCase()] = values.length === 1 ? only : values
  }
  return headers
}

const FULL = ['ENOSPC', 'EDQUOT']

/** What the client is told. Anything unforeseen is told by the id under which the log has it. */
function toRefusal(error: unknown, requestId: string): RegistryError {
  if (error instanceof RegistryError) return error
  const { code, statusCode, cause } = error as {
    code?: string
    statusCode?: number
    cause?: { code?: string }
  }
  if (FULL.includes(code ?? '') || FULL.includes(cause?.code ?? ''))
    return new RegistryError('UNAVAILABLE', 'The disk of the registry is full. Nothing was stored', {
      cause: error,
    })
  if (error instanceof JournalFailed)
    return new RegistryError(
      'UNAVAILABLE',
      'The registry cannot write to its disk. It has to be started again',
      {
        cause: error,
      },
    )
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return new RegistryError('UNSUPPORTED', (error as Error).message, { cause: error, status: statusCode })
  return new RegistryError('UNKNOWN', `The registry failed. Its log tells why, under ${requestId}`, {
    cause: error,
  })
}

function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply, user = '') {
  const path = request.originalUrl.split('?', 1)[0]?.slice(0, LOGGED_PATH)
  log[path === '/health' ? 'debug' : 'info'](
    {
      requestId: request.id,
      remote: request.ip,
      ...(user && { user }),
      method: request.method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(!reply.raw.writableFinished && { aborted: true }),
    },
    'Request',
  )
}

/** Answers what is no HTTP that we read. */
function refuseBytes({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status =
    code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request'
  const body = JSON.stringify(
    new RegistryError('UNSUPPORTED', 'This is no HTTP request that is read here').body(),
  )
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
