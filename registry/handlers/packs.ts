import { Readable } from 'node:stream'

import type { Handler } from '../call'
import { isHeld } from '../conditional'
import type { PackVersion } from '../storage/repository'

/** Lines are sent together up to about so many characters. */
const CHUNK = 64 * 1024

/**
 * Every version of every pack in one answer, for consoles.
 *
 * @see docs/registry-sync.md
 */
export const getPacks: Handler<'packs'> = ({ request, reply, storage: { catalog } }) => {
  const etag = `"${catalog.revision}"`
  reply.header('etag', etag).header('cache-control', 'no-cache')
  if (isHeld(request.headers['if-none-match'], etag)) return reply.code(304).send()
  reply.header('content-type', 'application/x-ndjson')
  if (request.method === 'HEAD') return reply.send()
  return reply.send(Readable.from(toLines(catalog.snapshot()), { objectMode: false }))
}

function* toLines(versions: Iterable<PackVersion>): Generator<string> {
  let lines = ''
  let count = 0
  for (const { name, version, digest, tags, size } of versions) {
    lines += `${JSON.stringify({ name, version, digest, tags, size })}\n`
    count++
    if (lines.length < CHUNK) continue
    yield lines
    lines = ''
  }
  yield `${lines}${JSON.stringify({ end: true, count })}\n`
}
