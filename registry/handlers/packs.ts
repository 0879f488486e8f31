import { Readable } from 'node:stream'

import { CATALOG_CHANGES } from '@/lib/pack-format/media-types'

import type { Handler } from '../call'
import { isHeld, tagsOf } from '../conditional'
import type { Catalog } from '../storage/catalog'
import type { PackVersion } from '../storage/repository'

/** Lines are sent together up to about so many characters. */
const CHUNK = 64 * 1024
/** Where more changed, all of it is sent: the client holds what changed in memory. */
const MAX_CHANGED = { packs: 5_000, versions: 20_000 }

/**
 * Every version of every pack in one answer, for consoles; or only what changed, for one that asks for that and says
 * what it holds.
 *
 * @see docs/registry-sync.md
 */
export const getPacks: Handler<'packs'> = ({ request, reply, storage: { catalog } }) => {
  const etag = `"${catalog.revision}"`
  const { accept, 'if-none-match': held } = request.headers
  reply.header('etag', etag).header('cache-control', 'no-cache').header('vary', 'accept, if-none-match')
  if (isHeld(held, etag)) return reply.code(304).send()
  const changes = accept?.includes(CATALOG_CHANGES) ? changesSince(catalog, tagsOf(held)) : null
  reply.header('content-type', changes ? CATALOG_CHANGES : 'application/x-ndjson')
  if (request.method === 'HEAD') return reply.send()
  const lines = changes ? toChangeLines(changes) : toLines(catalog.snapshot())
  return reply.send(Readable.from(inChunks(lines), { objectMode: false }))
}

interface Changes {
  since: string
  packs: NonNullable<ReturnType<Catalog['changesSince']>>
}

/** @returns null where none of the revisions is known any more, or so much changed that all of it is as good */
function changesSince(catalog: Catalog, etags: string[]): Changes | null {
  for (const since of etags) {
    const packs = catalog.changesSince(since.slice(1, -1))
    if (!packs) continue
    const versions = packs.reduce((sum, one) => sum + one.versions.length, 0)
    return packs.length > MAX_CHANGED.packs || versions > MAX_CHANGED.versions ? null : { since, packs }
  }
  return null
}

function* toLines(versions: Iterable<PackVersion>): Generator<object> {
  let count = 0
  for (const one of versions) {
    yield toLine(one)
    count++
  }
  yield { end: true, count }
}

function* toChangeLines({ since, packs }: Changes): Generator<object> {
  yield { since }
  for (const { name, versions } of packs) {
    yield { pack: name, versions: versions.length }
    yield* versions.map(toLine)
  }
  yield { end: true, count: packs.length }
}

const toLine = ({ name, version, digest, tags, size }: PackVersion) => ({ name, version, digest, tags, size })

function* inChunks(lines: Iterable<object>): Generator<string> {
  let text = ''
  for (const line of lines) {
    text += `${JSON.stringify(line)}\n`
    if (text.length < CHUNK) continue
    yield text
    text = ''
  }
  yield text
}
