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
    for await (const chunk of request) {
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
