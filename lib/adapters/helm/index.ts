import { createHash } from 'node:crypto'
import { atMost } from '../../at-most'
import type { Outbound, OutboundResponse } from '../../outbound/client'
import { OutboundError } from '../../outbound/errors'
import { PackError } from '../../pack-format/archive'
import { PART_LIMITS } from '../../pack-format/media-types'
import { digestOf } from '../../pack-format/oci'
import { UnreadablePack } from '../../pack-format/pack-facts'
import { openParser, type Parser } from '../../parser/parser'
import {
  type CatalogEntry,
  type PackArchive,
  type Part,
  type PartName,
  type RegistryAdapter,
  RemoteError,
} from '../adapter'
import { explain, explainStatus } from '../explain'
import { otherKindAt } from '../other-kind'
import type { CheckStep, CheckStepName, Connection } from '../schema'
import { entriesOf, type Place, placeIn } from './entries'
import { cut, notAnIndex, readIndex } from './read-index'
import { BrokenGzip, unzipped } from './unzipped'

const MIB = 1024 * 1024
/** Bounds of one chart repository. */
export const HELM_LIMITS = {
  indexBytes: 128 * MIB,
  archiveBytes: 20 * MIB,
  versions: 1_000_000,
  /** Archives in memory and being unpacked at the same time. */
  archives: 8,
  /** Failures in a row after which a server other than the repository's own is not asked any more. */
  failuresElsewhere: 3,
}
export type HelmLimits = typeof HELM_LIMITS

/** What an index was found to hold. */
interface Seen {
  first?: CatalogEntry
  versions: number
  charts: number
}

/**
 * Reads a chart repository: index.yaml and the archives that it names. Each version of a chart becomes a pack: see
 * pack-format/chart-pack.ts.
 *
 * Credentials go to the repository's own origin only, wherever its index leads.
 *
 * @see docs/chart-repositories.md
 * @see https://helm.sh/docs/topics/chart_repository/
 */
export function helmAdapter(
  { endpoint, auth }: Connection,
  outbound: Outbound,
  given: Partial<HelmLimits> = {},
): RegistryAdapter {
  const limits = { ...HELM_LIMITS, ...given }
  const base = `${endpoint.replace(/\/index\.ya?ml$/, '')}/`
  const withCredentials = auth.type !== 'none'
  const turn = atMost(limits.archives)
  const parser = openParser()
  const failuresElsewhere = new Map<string, number>()
  /** Of entries that do not say where they are. */
  let finding: Promise<Map<string, Place>> | undefined

  async function getIndex(signal: AbortSignal, headers: Record<string, string> = {}, anonymous = false) {
    try {
      return await outbound.request('GET', `${base}index.yaml`, {
        signal,
        maxBytes: limits.indexBytes,
        headers: { accept: 'application/yaml, text/yaml, application/json, */*', ...headers },
        anonymous,
      })
    } catch (error) {
      throw explain(error)
    }
  }

  async function mustHaveIndex(response: OutboundResponse, step: CheckStepName) {
    if (response.status === 200) return
    await response.discard()
    throw explainIndexStatus(response, step, withCredentials)
  }

  /** The entries of an index as it comes. Where it fails in the end, what it gave before is not to be believed. */
  async function* readEntries(
    response: OutboundResponse,
    end: (sha256: string, counts: Omit<Seen, 'first'>) => void = () => {},
  ): AsyncGenerator<CatalogEntry> {
    const hash = createHash('sha256')
    const entries = entriesOf(base, limits.versions)
    async function* hashed() {
      for await (const chunk of response.stream()) {
        hash.update(chunk)
        yield chunk
      }
    }
    // Where neither is there, a body that was cut ends like a whole one: with its connection.
    const framed = response.headers.has('content-length') || response.headers.has('transfer-encoding')
    try {
      for await (const some of readIndex(unzipped(hashed(), limits.indexBytes), framed))
        for (const one of some) yield* entries.add(one)
    } catch (error) {
      if (error instanceof BrokenGzip) throw cut(error)
      const reason = explain(error)
      if (reason instanceof RemoteError && error instanceof OutboundError && error.code === 'too_large')
        throw new RemoteError(
          'catalog',
          'stalled',
          `The index has more than ${(limits.indexBytes / MIB).toLocaleString('en')} MiB.`,
          'Remove old versions from it, or split the repository.',
          { cause: error },
        )
      throw reason
    }
    yield* entries.end()
    end(`sha256:${hash.digest('hex')}`, entries.counts)
  }

  /** Reads the whole index before anything is said of it. */
  async function lookThrough(response: OutboundResponse): Promise<Seen> {
    const seen: Seen = { versions: 0, charts: 0 }
    for await (const entry of readEntries(response, (_, counts) => Object.assign(seen, counts)))
      seen.first ??= entry
    return seen
  }

  async function findPlaces(signal: AbortSignal): Promise<Map<string, Place>> {
    const response = await getIndex(signal)
    await mustHaveIndex(response, 'catalog')
    const places = new Map<string, Place>()
    for await (const { source = '', ...entry } of readEntries(response))
      if (!places.has(keyOf(entry))) places.set(keyOf(entry), placeIn(source, entry.digest))
    return places
  }

  async function placeOf(
    entry: Pick<CatalogEntry, 'name' | 'version' | 'digest' | 'source'>,
    signal: AbortSignal,
  ): Promise<Place> {
    if (entry.source) return placeIn(entry.source, entry.digest)
    finding ??= findPlaces(signal)
    const place = (await finding).get(keyOf(entry))
    if (!place) throw broken('the index does not list it any more', 'It goes with the next sync.')
    return place
  }

  async function fetchArchive(url: URL, signal: AbortSignal): Promise<Uint8Array> {
    const isOurs = url.origin === new URL(base).origin
    const failures = failuresElsewhere.get(url.origin) ?? 0
    if (!isOurs && failures >= limits.failuresElsewhere)
      throw broken(
        `${url.host} failed ${failures} times in a row`,
        'Look at the server that has the archives.',
      )
    try {
      const response = await outbound.request('GET', url, { signal, maxBytes: limits.archiveBytes })
      if (response.status !== 200) {
        await response.discard()
        throw explainArchiveStatus(response, url, isOurs, withCredentials)
      }
      const bytes = await response.bytes()
      failuresElsewhere.delete(url.origin)
      return bytes
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error
      if (error.code === 'too_large')
        throw broken(
          `its archive has more than ${(limits.archiveBytes / MIB).toLocaleString('en')} MiB`,
          'Make the chart smaller.',
          error,
        )
      const reason = explain(error)
      // Where the repository itself fails, the others fail too; another server's failure is this chart's.
      if (isOurs && error.code !== 'redirect_refused' && error.code !== 'not_allowed') throw reason
      failuresElsewhere.set(url.origin, failures + 1)
      throw broken(error.message.replace(/\.$/, ''), (reason as RemoteError).fix, error)
    }
  }

  /** The archive of a version. @throws RemoteError also where it is not the one that the index means */
  async function fetchProven(
    { digest }: Pick<CatalogEntry, 'digest'>,
    { url: address, isVerified }: Place,
    signal: AbortSignal,
  ): Promise<PackArchive> {
    if (!address) throw broken('the index names no address that we can read (http or https)', INDEX_ANEW)
    const url = new URL(address)
    const bytes = await fetchArchive(url, signal)
    if (isVerified && digestOf(bytes) !== digest)
      throw broken(
        `its archive has the digest ${short(digestOf(bytes))}, and the index says ${short(digest)}`,
        INDEX_ANEW,
      )
    return { form: 'chart', file: url.pathname.split('/').at(-1) || 'the archive', bytes }
  }

  async function content(
    entry: CatalogEntry,
    holds: (digests: string[]) => Promise<Set<string>>,
    signal: AbortSignal,
  ) {
    const place = await placeOf(entry, signal)
    const files = await turn(async () => {
      const { file, bytes } = await fetchProven(entry, place, signal)
      return unpack(parser, file, bytes, signal)
    })
    const manifest: unknown = JSON.parse(Buffer.from(files.manifest).toString())
    if (keyOf(manifest as CatalogEntry) !== keyOf(entry))
      throw broken(`its archive holds ${keyOf(manifest as CatalogEntry).replace('@', ' ')}`, INDEX_ANEW)
    const parts = Object.entries(files).map(([name, bytes]): [PartName, Part] => {
      const limit = PART_LIMITS[name as PartName]
      if (bytes.length > limit)
        throw broken(`its ${name} has more than ${limit.toLocaleString('en')} bytes`, 'Make it smaller.')
      return [name as PartName, { digest: digestOf(bytes), size: bytes.length, bytes }]
    })
    const held = await holds(parts.map(([, part]) => part.digest))
    for (const [, part] of parts) if (held.has(part.digest)) part.bytes = null
    return { digest: entry.digest, parts: Object.fromEntries(parts) as { manifest: Part } }
  }

  return {
    traffic: outbound.traffic,
    close: () => outbound.close(),
    content,
    archive: async (entry, signal) => {
      const place = await placeOf(entry, signal)
      if (place.digest !== entry.digest)
        throw broken(
          'the index lists other content under this version by now',
          'It is read by the next sync.',
        )
      return turn(() => fetchProven(entry, place, signal))
    },

    async list(held, signal) {
      const response = await getIndex(signal, conditionFor(held))
      if (response.status === 304 && held) {
        await response.discard()
        return 'unchanged'
      }
      await mustHaveIndex(response, 'catalog')
      let revision = revisionOf(response.headers)
      return {
        get revision() {
          return revision
        },
        get isUnchanged() {
          return revision !== null && revision === held
        },
        entries: readEntries(response, (sha256) => {
          revision ??= sha256
        }),
      }
    },

    async *check(signal) {
      let step: CheckStepName = 'http'
      let began = Date.now()
      let asks = false
      const otherKind = (isOpen: boolean) => otherKindAt(outbound, base, 'helm', { step, signal, isOpen })
      const passed = (name: CheckStepName, seen: string): CheckStep => {
        const ms = Date.now() - began
        began = Date.now()
        return { step: name, status: 'passed', ms, seen }
      }
      try {
        // Without credentials first: so that only a chart repository gets to see them.
        const probe = await getIndex(signal, {}, true)
        yield passed('http', `HTTP ${probe.status}`)
        step = 'registry'
        asks = probe.status === 401 || (probe.status === 403 && withCredentials)
        let index: Seen | undefined
        if (!asks) {
          await mustHaveIndex(probe, step)
          index = await lookThrough(probe)
        } else await probe.discard()
        yield passed(
          'registry',
          index ? 'A chart repository' : 'It asks who we are before it shows its index',
        )
        step = 'credentials'
        if (asks && !withCredentials)
          throw (await otherKind(false)) ?? explainStatus(probe.status, probe.headers, step, false)
        if (withCredentials) {
          const response = await getIndex(signal)
          // Whoever says that the file is not there has let us in.
          if (!index && [200, 404, 410].includes(response.status)) {
            yield passed('credentials', 'Accepted')
            step = 'catalog'
          }
          await mustHaveIndex(response, step)
          if (index) await response.discard()
          else index = await lookThrough(response)
        }
        if (step === 'credentials')
          yield passed(
            step,
            withCredentials ? 'Accepted' : 'None are needed: everybody may read this repository',
          )
        step = 'catalog'
        const { first, versions = 0, charts = 0 } = index ?? {}
        if (!first) {
          yield passed('catalog', 'No charts yet')
          yield passed('pack', 'No charts yet. Add one, and write the index anew: helm repo index DIR')
          return
        }
        const count = (n: number, word: string) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`
        yield passed('catalog', `${count(versions, 'version')} of ${count(charts, 'chart')}`)
        step = 'pack'
        try {
          await content(first, async () => new Set(), signal)
          yield passed('pack', `${first.name} ${first.version}`)
        } catch (error) {
          if (!(error instanceof RemoteError) || error.step !== 'pack') throw error
          // One broken chart is no reason to do without the others.
          const seen = `${first.name} ${first.version}: ${error.message}`
          yield { ...passed('pack', seen), status: 'warned', fix: error.fix }
        }
      } catch (error) {
        const reason = explain(error)
        if (!(reason instanceof RemoteError)) throw reason
        const ms = Date.now() - began
        // Where a connection breaks later than its own rung, the rung that was being climbed is at fault.
        const at = reason.step === 'credentials' ? reason.step : step
        const other = reason.details.isOtherThing ? await otherKind(!asks) : null
        const { message, fix, details } = other ?? reason
        yield { step: at, status: 'failed', ms, seen: message, fix, otherKind: details.otherKind }
      }
    },
  }
}

const INDEX_ANEW = 'Write the index anew: helm repo index DIR'

const keyOf = ({ name, version }: { name: string; version: string }) => `${name}@${version}`

const broken = (why: string, fix: string, cause?: unknown) =>
  new RemoteError('pack', 'generic', `The chart cannot be read: ${why}.`, fix, { cause })

const short = (digest: string) => `${digest.replace('sha256:', '').slice(0, 12)}\u2026`

async function unpack(parser: Parser, file: string, bytes: Uint8Array, signal: AbortSignal) {
  try {
    return await parser.read('chart', { file, bytes }, signal)
  } catch (error) {
    if (error instanceof PackError) throw broken(error.message, 'Package the chart again.', error)
    if (error instanceof UnreadablePack)
      throw new RemoteError('pack', 'generic', error.message, 'Make the chart smaller.', { cause: error })
    throw error
  }
}

// ---- revisions

const REVISION_MAX = 1024
const SURE_AFTER_MS = 2_000

/**
 * What tells this index from the next: its ETag, or when it was changed; null where the server says neither. A change
 * in the same moment as the answer could be followed by another that bears the same time, so such a time is no use.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2
 */
function revisionOf(headers: Headers): string | null {
  const etag = headers.get('etag')
  if (etag && etag.length <= REVISION_MAX) return `etag ${etag}`
  const modified = headers.get('last-modified')
  const [from, until] = [Date.parse(modified ?? ''), Date.parse(headers.get('date') ?? '')]
  return modified && modified.length <= REVISION_MAX && until - from >= SURE_AFTER_MS
    ? `modified ${modified}`
    : null
}

function conditionFor(held: string | null): Record<string, string> {
  const [, kind, value = ''] = /^(etag|modified) (.*)$/.exec(held ?? '') ?? []
  if (kind === 'etag') return { 'if-none-match': value }
  return kind === 'modified' ? { 'if-modified-since': value } : {}
}

// ---- answers

function explainIndexStatus(
  { status, headers }: OutboundResponse,
  step: CheckStepName,
  withCredentials: boolean,
) {
  if (status === 404 || status === 410)
    return new RemoteError(
      step,
      'stalled',
      `This is not a chart repository: there is no index.yaml (${status}).`,
      'Check the address: that of the folder which holds index.yaml.',
      { isOtherThing: true },
    )
  const known = status === 401 || status === 403 || status === 429 || status >= 500
  if (known) return explainStatus(status, headers, step, withCredentials)
  return notAnIndex(`the status ${status}`)
}

/** One archive that is not there, or that may not be read, is that chart's failure. */
function explainArchiveStatus(
  { status, headers }: OutboundResponse,
  url: URL,
  isOurs: boolean,
  withCredentials: boolean,
): RemoteError {
  // Not tried with every chart: accounts are locked for less.
  if (status === 401 && isOurs) return explainStatus(status, headers, 'pack', withCredentials)
  const waits = status === 429 || (status === 503 && headers.has('retry-after'))
  if (waits) return explainStatus(status, headers, 'pack', withCredentials)
  const from = isOurs ? 'the repository' : url.host
  return broken(
    `${from} answered ${status} where its archive should be`,
    status >= 500 ? 'Look at the log of the repository.' : 'Upload the archive, or take it out of the index.',
  )
}
