import type { Duplex } from 'node:stream'

export interface Request {
  method: string
  /** Without the query, decoded. */
  path: string
  query: URLSearchParams
  /** Names in lower case. */
  headers: Record<string, string>
  body: Buffer
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

export const answer = (
  status: number,
  body: Uint8Array | string = '',
  headers: Answer['headers'] = {},
): Answer => ({
  ...{ status, headers, body: Buffer.from(body) },
})

export const json = (data: unknown, headers: Answer['headers'] = {}): Answer =>
  answer(200, JSON.stringify(data), { 'content-type': 'application/json', ...headers })

const HEAD_MAX = 64 * 1024
const BODY_MAX = 4 * 1024 * 1024

/** The requests of one connection, one after another. As much of HTTP/1.1 as our own client speaks. */
export async function* readRequests(socket: Duplex): AsyncIterable<Request> {
  let buffer: Buffer = Buffer.alloc(0)
  for await (const chunk of socket) {
    buffer = Buffer.concat([buffer, chunk as Buffer])
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n')
      if (end < 0 && buffer.length > HEAD_MAX) return
      if (end < 0) break
      const [first = '', ...lines] = buffer.toString('latin1', 0, end).split('\r\n')
      const [method = '', target = '/'] = first.split(' ')
      const headers: Record<string, string> = {}
      for (const line of lines) {
        const at = line.indexOf(':')
        if (at > 0) headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim()
      }
      const length = Number(headers['content-length'] ?? 0)
      if (!URL.canParse(target, 'http://x') || !(length <= BODY_MAX)) return
      if (buffer.length < end + 4 + length) break
      const url = new URL(target, 'http://x')
      const body = buffer.subarray(end + 4, end + 4 + length)
      buffer = buffer.subarray(end + 4 + length)
      yield { method, path: decoded(url.pathname), query: url.searchParams, headers, body }
    }
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The head of an answer, with the length of its body unless its headers say one. */
export function head({ status, headers, body }: Answer): string {
  const framed =
    'content-length' in headers || 'transfer-encoding' in headers || status === 204 || status === 304
  const all = framed ? headers : { ...headers, 'content-length': String(body.length) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'No'}\r\n${lines.join('')}\r\n`
}

/** Writes, and waits until there is room for more. Quiet where the other side went away. */
export async function write(socket: Duplex, bytes: Uint8Array | string): Promise<void> {
  if (socket.destroyed || !socket.writable) return
  if (socket.write(bytes)) return
  await new Promise<void>((done) => {
    const end = () => {
      socket.off('drain', end).off('close', end)
      done()
    }
    socket.once('drain', end).once('close', end)
  })
}

export async function send(socket: Duplex, { method }: Request, given: Answer): Promise<void> {
  await write(socket, head(given))
  if (method !== 'HEAD' && given.status !== 304 && given.body.length > 0) await write(socket, given.body)
}
