import type { OutboundResponse } from '../../outbound/client'
import { PACK_NAME, PACK_NAME_MAX } from '../../pack-format/pack-name'
import { TAG } from '../../pack-format/tag-form'
import { type CatalogEntry, RemoteError } from '../adapter'
import { explain } from '../explain'
import type { CheckStepName } from '../schema'
import { CatalogLine, ChangeLine, Named } from './wire'

const LINE_LIMIT = 256 * 1024
/** More versions are no change: they are read as the listing. */
const MAX_CHANGED = 50_000

export const notARegistry = (step: CheckStepName, saw: string, cause?: unknown) =>
  new RemoteError(
    step,
    'stalled',
    `This is not a pack registry: it answered with ${saw}.`,
    'Check the address. A pack registry answers under /v1/.',
    { cause },
  )

/** An answer about what changed that is not whole, or not about what was asked. Everything has to be read instead. */
export class BadChanges extends Error {
  override readonly name = 'BadChanges'
}

/**
 * The entries of our server's listing. One with a digest or tags that are none is given with its fault, so that it is
 * not taken for removed; one with a name or version that no pack can have is left out, and told.
 *
 * @param leftOut is filled with what is left out
 * @throws RemoteError when it ends before its last line, or is no listing
 */
export async function* readListing(
  response: OutboundResponse,
  leftOut: string[],
): AsyncIterable<CatalogEntry> {
  let count = 0
  let ended = false
  for await (const data of readLines(response, cut)) {
    if (ended) throw cut()
    const parsed = CatalogLine.safeParse(data)
    if (parsed.success && 'end' in parsed.data) {
      if (parsed.data.count !== count) throw cut()
      ended = true
      continue
    }
    count++
    if (parsed.success && 'name' in parsed.data) {
      const { name, version, digest, tags } = parsed.data
      yield { name, version, digest, tags }
      continue
    }
    const named = Named.safeParse(data)
    if (!named.success) throw notARegistry('catalog', 'a list that we cannot read', parsed.error)
    const { name, version } = named.data
    if (PACK_NAME.test(name) && name.length <= PACK_NAME_MAX && TAG.test(version))
      yield {
        name,
        version,
        digest: '',
        tags: [version],
        fault: 'The registry lists it without a sound digest.',
      }
    else if (leftOut.length < MAX_LEFT_OUT) leftOut.push(`${plain(name)} ${plain(version)}`)
  }
  if (!ended) throw cut()
}

const MAX_LEFT_OUT = 1000
const plain = (text: string) => JSON.stringify(text.slice(0, 40)).replace(/[^\x20-\x7e]/g, '?')

/**
 * What changed since `held`: the packs, and every version that each has by now. Read whole before any of it is
 * believed; our server sends everything instead where that would be much.
 *
 * @throws BadChanges; RemoteError where the connection fails
 */
export async function readChanges(
  response: OutboundResponse,
  held: string,
): Promise<{ packs: string[]; entries: CatalogEntry[] }> {
  const packs = new Set<string>()
  const entries: CatalogEntry[] = []
  /** Of the pack whose versions come just now. */
  let name = ''
  let missing = 0
  let at: 'since' | 'packs' | 'end' = 'since'
  for await (const data of readLines(response, (cause) => new BadChanges('Cut', { cause }))) {
    const parsed = ChangeLine.safeParse(data)
    if (!parsed.success) throw new BadChanges('A line that is none of ours', { cause: parsed.error })
    const line = parsed.data
    if (at === 'since') {
      if (!('since' in line) || line.since !== held.replace(/^W\//, ''))
        throw new BadChanges('The changes are of another time')
      at = 'packs'
    } else if (at === 'end' || 'since' in line) throw new BadChanges('Lines after the end')
    else if ('version' in line) {
      if (entries.length === MAX_CHANGED) throw new BadChanges('More than a change')
      if (line.name !== name || missing-- === 0) throw new BadChanges('A version that belongs to no pack')
      entries.push({ name, version: line.version, digest: line.digest, tags: line.tags })
    } else {
      if (missing > 0) throw new BadChanges('Versions of a pack are missing')
      if ('end' in line) {
        if (line.count !== packs.size) throw new BadChanges('Packs are missing')
        at = 'end'
      } else {
        if (packs.has(line.pack)) throw new BadChanges('A pack comes twice')
        ;({ pack: name, versions: missing } = line)
        packs.add(name)
      }
    }
  }
  if (at !== 'end') throw new BadChanges('The changes ended too early')
  return { packs: [...packs], entries }
}

/** The lines of an answer, each as what its JSON holds. @param cut makes the error for one that is not whole */
async function* readLines(
  response: OutboundResponse,
  cut: (cause?: unknown) => Error,
): AsyncIterable<unknown> {
  const decoder = new TextDecoder()
  const parse = (line: string): unknown => {
    try {
      return JSON.parse(line)
    } catch (cause) {
      throw cut(cause)
    }
  }
  let rest = ''
  try {
    for await (const chunk of response.stream()) {
      rest += decoder.decode(chunk, { stream: true })
      if (rest.length > LINE_LIMIT && !rest.includes('\n'))
        throw notARegistry('catalog', 'a line without an end')
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield parse(line)
    }
  } catch (error) {
    throw explain(error)
  }
  if (rest !== '') throw cut()
}

const cut = (cause?: unknown) =>
  new RemoteError(
    'catalog',
    'generic',
    'The list of packs ended too early.',
    'It is tried again by itself.',
    { cause },
  )
