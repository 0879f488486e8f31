import type { IncomingMessage } from 'node:http'

import { RegistryError } from './errors'

/** A body has to move so many bytes in each period, or it is ended. */
const LEAST_BYTES = 4 * 1024

/**
 * The body of a request as it arrives.
 *
 * @param idleSeconds a body that hardly moves for so long is ended
 * @throws RegistryError when it stalls or breaks off
 */
export async function* readBody(request: IncomingMessage, idleSeconds: number): AsyncIterable<Buffer> {
  let moved = 0
  let stalled = false
  const watch = setInterval(() => {
    stalled = moved < LEAST_BYTES
    moved = 0
    if (stalled) request.destroy()
  }, idleSeconds * 1000)
  try {
    // Whoever stops reading still wants to answer: the rest has to be drained, so the stream must stay.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      yield chunk
      moved += chunk.length
    }
  } catch (cause) {
    throw new RegistryError(
      'SIZE_INVALID',
      stalled ? 'The body stopped arriving' : 'The body broke off before its end',
      { cause, status: stalled ? 408 : 400 },
    )
  } finally {
    clearInterval(watch)
  }
  if (!request.complete) throw new RegistryError('SIZE_INVALID', 'The body broke off before its end')
}

/** @throws RegistryError when it is larger than `maxBytes` */
export async function readWhole(
  request: IncomingMessage,
  idleSeconds: number,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = new RegistryError('SIZE_INVALID', `At most ${maxBytes} bytes are taken here`, {
    status: 413,
  })
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of readBody(request, idleSeconds)) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** So much of a body that nobody wants is read to its end, for so long at most. */
const DRAIN_BYTES = 16 * 1024 * 1024
const DRAIN_MS = 5_000

/**
 * Reads away what is left of a body, since many clients look for an answer only when they have sent everything.
 *
 * @returns whether it came to its end: if not, the connection is of no use after the answer
 */
export function drain(request: IncomingMessage): Promise<boolean> {
  if (request.complete) {
    request.resume()
    return Promise.resolve(true)
  }
  return new Promise((resolve) => {
    let bytes = 0
    const done = () => {
      clearTimeout(timer)
      request.off('data', count).off('end', done).off('close', done)
      request.pause()
      resolve(request.complete)
    }
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > DRAIN_BYTES) done()
    }
    const timer = setTimeout(done, DRAIN_MS)
    request.on('data', count).on('end', done).on('close', done)
  })
}
