import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip, gzip } from 'node:zlib'

import { SECURITY_HEADERS } from './security-headers'

/** Shorter answers are hardly smaller when they are compressed. */
const COMPRESSED_FROM = 1024
const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]+\+)?(?:json|xml|yaml)\b|image\/svg)/
const COMPRESSION = { level: 4 }
/** Bodies up to this many bytes are read before the operation begins: a stream costs more than they do. */
const SMALL_BODY = 64 * 1024

/**
 * Answers one request of Node's server by a function of the Web's Request and Response.
 *
 * @see https://fetch.spec.whatwg.org
 */
export async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  of: (request: Request) => Response | Promise<Response>,
): Promise<void> {
  try {
    await send(incoming, outgoing, await of(await toRequest(incoming, outgoing)))
  } catch (error) {
    // Whoever asked has gone, in the middle of the request or of the answer: nobody is there to be told.
    if (outgoing.destroyed || outgoing.headersSent) return void outgoing.destroy()
    // A method or a header that the Web's Request does not take.
    if (!(error instanceof TypeError)) throw error
    const message = 'The request cannot be read: its method or one of its headers is not allowed.'
    outgoing.writeHead(400, { ...SECURITY_HEADERS, 'content-type': 'application/json' })
    outgoing.end(JSON.stringify({ code: 'InvalidRequest', message, details: {}, ref: '' }))
  }
}

async function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> {
  const headers = new Headers()
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] as string, incoming.rawHeaders[i + 1] as string)
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  const method = incoming.method ?? 'GET'
  const init: RequestInit & { duplex?: 'half' } = { method, headers, signal: gone.signal }
  if (method !== 'GET' && method !== 'HEAD') {
    init.body = await bodyOf(incoming)
    init.duplex = 'half'
  }
  // Whose name the client wrote does not matter: links of the API have none.
  return new Request(`http://console${incoming.url}`, init)
}

async function bodyOf(incoming: IncomingMessage): Promise<BodyInit> {
  const length = Number(incoming.headers['content-length'] ?? Number.NaN)
  if (!(length <= SMALL_BODY)) return Readable.toWeb(incoming) as unknown as BodyInit
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}

async function send(incoming: IncomingMessage, outgoing: ServerResponse, response: Response): Promise<void> {
  const headers: Record<string, string | string[]> = { ...SECURITY_HEADERS }
  for (const [name, value] of response.headers) headers[name] = value
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  const { status, body } = response
  if (!body || incoming.method === 'HEAD') {
    await body?.cancel()
    outgoing.writeHead(status, headers).end()
    return
  }
  const packs =
    COMPRESSIBLE.test(response.headers.get('content-type') ?? '') &&
    !response.headers.has('content-encoding') &&
    /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '')
  if (packs) headers.vary = [headers.vary, 'accept-encoding'].flat().filter(Boolean).join(', ')

  // Most answers are one piece, that is known whole before the first byte leaves.
  const reader = body.getReader()
  const first = await reader.read()
  const second = first.done ? first : await reader.read()
  if (second.done) {
    const whole = first.value ?? new Uint8Array()
    const small = packs && whole.length >= COMPRESSED_FROM
    if (small) headers['content-encoding'] = 'gzip'
    const bytes = small ? await compress(whole) : whole
    outgoing.writeHead(status, { ...headers, 'content-length': String(bytes.length) }).end(bytes)
    return
  }
  if (packs) {
    headers['content-encoding'] = 'gzip'
    delete headers['content-length']
  }
  outgoing.writeHead(status, headers)
  const pieces = Readable.from(rest(reader, [first.value, second.value]))
  if (packs) await pipeline(pieces, createGzip({ ...COMPRESSION, flush: constants.Z_SYNC_FLUSH }), outgoing)
  else await pipeline(pieces, outgoing)
}

async function* rest(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  begun: (Uint8Array | undefined)[],
): AsyncGenerator<Uint8Array> {
  try {
    for (const piece of begun) if (piece) yield piece
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}

const compress = (bytes: Uint8Array) =>
  new Promise<Buffer>((done, fail) => {
    gzip(bytes, COMPRESSION, (error, packed) => (error ? fail(error) : done(packed)))
  })
