import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { OutboundError } from '../../outbound/errors'

/** What is thrown for gzip that is none, or that ends too early. */
export class BrokenGzip extends Error {
  override readonly name = 'BrokenGzip'
}

/**
 * The same bytes, unpacked where they are gzip: some stores keep an index packed and give it so whatever is asked for.
 *
 * @throws OutboundError `too_large` where it has more than `maxBytes` unpacked; BrokenGzip
 */
export async function* unzipped(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  const first = await iterator.next()
  const rest = (async function* () {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  })()
  if (first.done || first.value[0] !== 0x1f || first.value[1] !== 0x8b) return yield* rest
  const gunzip = createGunzip()
  pipeline(Readable.from(rest), gunzip, () => {})
  let size = 0
  try {
    for await (const chunk of gunzip) {
      size += chunk.length
      if (size > maxBytes) throw new OutboundError('too_large', 'The answer is too large when unpacked.')
      yield chunk
    }
  } catch (error) {
    const isGzip = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    throw isGzip ? new BrokenGzip(error.message, { cause: error }) : error
  }
}
