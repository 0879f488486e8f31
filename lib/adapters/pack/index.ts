import type { Outbound, OutboundResponse } from '../../outbound/client'
import { PackError } from '../../pack-format/archive'
import {
  ARCHIVE_LIMIT,
  CATALOG_CHANGES,
  OCI_MANIFEST,
  OCI_MANIFEST_LIMIT,
  PART_LIMITS,
} from '../../pack-format/media-types'
import { type Descriptor, DIGEST, digestOf, readOciManifest } from '../../pack-format/oci'
import { PACK_NAME, PACK_NAME_MAX } from '../../pack-format/pack-name'
import { TAG } from '../../pack-format/tag-form'
import {
  type CatalogEntry,
  type PackContent,
  type Part,
  type PartName,
  type RegistryAdapter,
  RemoteError,
} from '../adapter'
import { explain, explainStatus } from '../explain'
import { growingList } from '../growing-list'
import { otherKindAt } from '../other-kind'
import type { CheckStep, CheckStepName, Connection } from '../schema'
import { versionAmong } from '../version-among'
import { bulkContents } from './bulk'
import { BadChanges, notARegistry, readChanges, readListing } from './listing'
import { Repositories, Tags } from './wire'

const MIB = 1024 * 1024
const LISTING_LIMIT = 512 * MIB
const PAGE_LIMIT = 4 * MIB
const PAGE_SIZE = 1000
const MAX_PAGES = 1000
const MAX_NAMES = 200_000
const MAX_TAGS = 100_000
const HEADS_AT_ONCE = 8

/**
 * Reads a pack registry: our own server, which lists everything in one answer, or one that speaks Docker
 * Distribution's API under `/v1/`.
 *
 * @see docs/registry-sync.md
 * @see https://distribution.github.io/distribution/spec/api/
 */
export function packAdapter({ endpoint, auth }: Connection, outbound: Outbound): RegistryAdapter {
  const base = `${endpoint}/v1/`
  const withCredentials = auth.type !== 'none'

  async function get(
    path: string,
    signal: AbortSignal,
    options: { accept?: string; held?: string | null; maxBytes?: number; method?: string } = {},
  ): Promise<OutboundResponse> {
    try {
      return await outbound.request(options.method ?? 'GET', `${base}${path}`, {
        signal,
        maxBytes: options.maxBytes ?? PAGE_LIMIT,
        headers: {
          accept: options.accept ?? 'application/json',
          ...(options.held && { 'if-none-match': options.held }),
        },
      })
    } catch (error) {
      throw explain(error)
    }
  }

  /** @throws RemoteError unless the answer is a 200 */
  async function mustGet(
    path: string,
    step: CheckStepName,
    signal: AbortSignal,
    options?: Parameters<typeof get>[2],
  ) {
    const response = await get(path, signal, options)
    if (response.status === 200) return response
    await response.discard()
    throw explainStatus(response.status, response.headers, step, withCredentials)
  }

  async function readBytes(response: OutboundResponse): Promise<Uint8Array> {
    try {
      return await response.bytes()
    } catch (error) {
      throw explain(error)
    }
  }

  async function readJson(response: OutboundResponse, step: CheckStepName): Promise<unknown> {
    const text = Buffer.from(await readBytes(response)).toString('utf8')
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw notARegistry(step, /^\s*</.test(text) ? 'a web page' : 'something that is no JSON', cause)
    }
  }

  /** Our server's one listing, or what of it changed; null where the server does not have it. */
  async function listAtOnce(held: string | null, signal: AbortSignal) {
    const response = await get('_packyard/catalog', signal, {
      accept: held ? `application/x-ndjson, ${CATALOG_CHANGES}` : 'application/x-ndjson',
      held,
      maxBytes: LISTING_LIMIT,
    })
    if (response.status === 304 && held) {
      await response.discard()
      return 'unchanged' as const
    }
    const type = response.headers.get('content-type') ?? ''
    const revision = response.headers.get('etag')
    isOurs = response.status === 200 && /^application\/(?:x-ndjson|vnd\.packyard\.changes)/.test(type)
    if (isOurs && held && type.startsWith(CATALOG_CHANGES)) {
      const { packs, entries } = await readChanges(response, held)
      return { revision, changed: packs, entries: each(entries) }
    }
    if (isOurs) {
      const leftOut: string[] = []
      return { revision, leftOut, entries: readListing(response, leftOut) }
    }
    await response.discard()
    if ([200, 304, 400, 404, 405].includes(response.status)) return null
    throw explainStatus(response.status, response.headers, 'catalog', withCredentials)
  }

  /** The pages of a list, none twice. */
  async function* pages(path: string, signal: AbortSignal) {
    const seen = new Set<string>()
    for (let next: string | null = `${path}?n=${PAGE_SIZE}`; next !== null; ) {
      if (seen.has(next) || seen.size >= MAX_PAGES) throw endless()
      seen.add(next)
      const response: OutboundResponse = await mustGet(next, 'catalog', signal)
      yield await readJson(response, 'catalog')
      next = nextPage(response.headers.get('link'), base, next, 'catalog')
    }
  }

  /** What a server lists that only has Distribution's API: names, their tags, and the digest of each tag. */
  async function* walk(signal: AbortSignal): AsyncIterable<CatalogEntry> {
    const names = growingList(MAX_NAMES, endless)
    for await (const page of pages('_catalog', signal)) {
      const parsed = Repositories.safeParse(page)
      if (!parsed.success) throw notARegistry('catalog', 'no list of packs')
      names.addPage(parsed.data.repositories ?? [])
    }
    // What has another name can be no pack.
    for (const name of names.all)
      if (PACK_NAME.test(name) && name.length <= PACK_NAME_MAX) yield* versionsOf(name, signal)
  }

  /** The digest that a tag points at; null where it is gone. What is not told is computed: it is not gone. */
  async function resolveTag(name: string, tag: string, signal: AbortSignal): Promise<string | null> {
    const path = `${encodePath(name)}/manifests/${encodeURIComponent(tag)}`
    const ask = (method: string) =>
      get(path, signal, { accept: OCI_MANIFEST, maxBytes: OCI_MANIFEST_LIMIT, method })
    const response = await ask('HEAD')
    await response.discard()
    if (response.status === 404) return null
    if (response.status !== 200)
      throw explainStatus(response.status, response.headers, 'catalog', withCredentials)
    const told = response.headers.get('docker-content-digest')
    if (told && DIGEST.test(told)) return told
    const whole = await ask('GET')
    if (whole.status === 200) return digestOf(await readBytes(whole))
    await whole.discard()
    throw explainStatus(whole.status, whole.headers, 'catalog', withCredentials)
  }

  async function* versionsOf(name: string, signal: AbortSignal): AsyncIterable<CatalogEntry> {
    const tags = growingList(MAX_TAGS, endless)
    try {
      for await (const page of pages(`${encodePath(name)}/tags/list`, signal)) tags.addPage(readTags(page))
    } catch (error) {
      // A repository that was deleted while we walked, or holds no tag any more.
      if (error instanceof RemoteError && /answered 404/.test(error.message)) return
      throw error
    }
    const digests = new Map<string, string>()
    const queue = tags.all.values()
    await Promise.all(
      Array.from({ length: HEADS_AT_ONCE }, async () => {
        for (const tag of queue) {
          const digest = await resolveTag(name, tag, signal)
          if (digest) digests.set(tag, digest)
        }
      }),
    )
    const byDigest = new Map<string, string[]>()
    for (const [tag, digest] of digests) byDigest.set(digest, [...(byDigest.get(digest) ?? []), tag])
    for (const [digest, all] of byDigest) {
      const version = versionAmong(all)
      if (version) yield { name, version, digest, tags: all }
    }
  }

  /** What two packs that are read at the same time share is fetched once. */
  const fetching = new Map<string, Promise<Uint8Array>>()

  function fetchBlob(name: string, descriptor: Descriptor, part: PartName, signal: AbortSignal) {
    const key = `${descriptor.digest} ${descriptor.size} ${part}`
    const running = fetching.get(key)
    if (running) return running
    const fetched = readBlob(name, descriptor, part, signal).finally(() => fetching.delete(key))
    fetching.set(key, fetched)
    return fetched
  }

  async function readBlob(
    name: string,
    { digest, size }: Descriptor,
    part: PartName | 'files',
    signal: AbortSignal,
  ) {
    const limit = part === 'files' ? ARCHIVE_LIMIT : PART_LIMITS[part]
    if (size > limit)
      throw broken(
        `its ${part} has ${size.toLocaleString('en')} bytes; at most ${limit.toLocaleString('en')} are read`,
      )
    if (size === 0) return new Uint8Array()
    const response = await mustGet(`${encodePath(name)}/blobs/${digest}`, 'pack', signal, {
      accept: '*/*',
      maxBytes: size,
    })
    const bytes = await readBytes(response)
    if (digestOf(bytes) !== digest) throw broken(`its ${part} is not what its digest says`)
    return bytes
  }

  async function readManifest(
    { name, digest }: { name: string; digest: string },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const response = await mustGet(`${encodePath(name)}/manifests/${digest}`, 'pack', signal, {
      accept: OCI_MANIFEST,
      maxBytes: OCI_MANIFEST_LIMIT,
    })
    const bytes = await readBytes(response)
    if (digestOf(bytes) !== digest) throw broken('its manifest is not what its digest says')
    return bytes
  }

  /** @param brought what came together with the manifest already, by digest */
  async function readParts(
    { name, digest }: CatalogEntry,
    manifest: Uint8Array,
    brought: ReadonlyMap<string, Uint8Array>,
    holds: (digests: string[]) => Promise<Set<string>>,
    signal: AbortSignal,
  ): Promise<PackContent> {
    const pack = understand(manifest)
    const wanted = Object.entries({ manifest: pack.config, ...pack.parts }) as [PartName, Descriptor][]
    const missing = new Set(wanted.map(([, one]) => one.digest).filter((one) => !brought.has(one)))
    const held = missing.size > 0 ? await holds([...missing]) : missing
    const parts: Partial<Record<PartName, Part>> = {}
    const reads = wanted.map(async ([part, descriptor]) => {
      const bytes = held.has(descriptor.digest)
        ? null
        : (brought.get(descriptor.digest) ?? (await fetchBlob(name, descriptor, part, signal)))
      parts[part] = { digest: descriptor.digest, size: descriptor.size, bytes }
    })
    for (const result of await Promise.allSettled(reads))
      if (result.status === 'rejected') throw result.reason
    return { digest, parts: parts as typeof parts & { manifest: Part } }
  }

  /** Whether the server has what only ours has; not known until it has listed something. */
  let isOurs: boolean | undefined
  const readAtOnce = bulkContents({ url: `${base}_packyard/contents`, withCredentials, outbound, readParts })

  return {
    traffic: outbound.traffic,
    close: () => outbound.close(),

    async list(held, signal) {
      const listing = await listAtOnce(held, signal).catch((error) => {
        // Changes that are not whole change nothing: all is read instead.
        if (held && error instanceof BadChanges) return listAtOnce(null, signal)
        throw error
      })
      if (listing !== null) return listing
      return { revision: null, entries: walk(signal) }
    },

    content: async (entry, holds, signal) =>
      readParts(entry, await readManifest(entry, signal), new Map(), holds, signal),

    async archive(entry, signal) {
      const { files } = understand(await readManifest(entry, signal))
      if (!files || files.size === 0) return null
      return { form: 'rest', file: 'files.tar', bytes: await readBlob(entry.name, files, 'files', signal) }
    },

    async *contents(entries, holds, signal) {
      if (isOurs !== false) yield* readAtOnce(entries, holds, signal)
    },

    async *check(signal) {
      let step: CheckStepName = 'http'
      let began = Date.now()
      const passed = (name: CheckStepName, seen: string): CheckStep => {
        const ms = Date.now() - began
        began = Date.now()
        return { step: name, status: 'passed', ms, seen }
      }
      try {
        // Without credentials first: so that only a pack registry gets to see them.
        const probe = await outbound.request('GET', base, { signal, anonymous: true, maxBytes: PAGE_LIMIT })
        const text = Buffer.from(await readBytes(probe)).toString('utf8')
        yield passed('http', `HTTP ${probe.status}`)
        step = 'registry'
        await proveRegistry(probe, text, signal)
        yield passed('registry', probe.headers.get('docker-distribution-api-version') ?? 'A pack registry')
        step = 'credentials'
        if (probe.status === 401 && !withCredentials) throw explainStatus(401, probe.headers, step, false)
        const login = await mustGet('', step, signal)
        const page = /^\s*</.test(Buffer.from(await readBytes(login)).toString('utf8'))
        yield passed(
          'credentials',
          withCredentials ? 'Accepted' : 'None are needed: everybody may read this registry',
        )
        step = 'catalog'
        if (page) throw notARegistry(step, 'a web page')
        const listing = await this.list(null, signal)
        if (listing === 'unchanged') throw notARegistry('catalog', '"not modified" to a first question')
        let first: CatalogEntry | undefined
        let count = 0
        for await (const entry of listing.entries) {
          first ??= entry
          count++
          // Our own server tells all in one answer; elsewhere each version costs a request.
          if (listing.revision === null) break
        }
        if (!first) {
          yield passed('catalog', 'No packs yet')
          const host = new URL(endpoint).host
          yield passed('pack', `No packs yet. Push one: packyard pack push DIR -r ${host}`)
          return
        }
        yield passed(
          'catalog',
          listing.revision === null ? 'Readable' : `${count.toLocaleString('en')} versions`,
        )
        step = 'pack'
        try {
          await this.content(first, async () => new Set(), signal)
          yield passed('pack', `${first.name} ${first.version}`)
        } catch (error) {
          if (!(error instanceof RemoteError) || error.step !== 'pack') throw error
          // One broken pack is no reason to do without the others.
          const seen = `${first.name} ${first.version}: ${error.message}`
          yield { ...passed('pack', seen), status: 'warned', fix: error.fix }
        }
      } catch (error) {
        const reason = explain(error)
        if (!(reason instanceof RemoteError)) throw reason
        const ms = Date.now() - began
        // Where a connection breaks later than its own rung, the rung that was being climbed is at fault.
        const at = reason.step === 'credentials' ? reason.step : step
        const { otherKind } = reason.details
        yield { step: at, status: 'failed', ms, seen: reason.message, fix: reason.fix, otherKind }
      }
    },
  }

  /** @throws RemoteError unless the answer is one that a pack registry gives to a stranger */
  async function proveRegistry(probe: OutboundResponse, text: string, signal: AbortSignal): Promise<void> {
    // Its page may be a web server's that stands before the registry and asks for the password.
    if (probe.status === 401) {
      if (/^basic\b/i.test(probe.headers.get('www-authenticate') ?? '')) return
      throw notARegistry('registry', 'a request for another kind of sign-in')
    }
    const type = probe.headers.get('content-type') ?? ''
    const isPage = /html/i.test(type) || /^\s*<(?:!doctype|html)/i.test(text)
    if (isPage || probe.status === 404) {
      const where = { step: 'registry', signal, isOpen: true } as const
      const other = await otherKindAt(outbound, `${endpoint}/`, 'pack', where)
      if (other) throw other
    }
    if (isPage) throw notARegistry('registry', 'a web page')
    if (probe.status !== 200) throw explainStatus(probe.status, probe.headers, 'registry', withCredentials)
    if (probe.headers.has('docker-distribution-api-version') || /^\s*(?:\{\s*\})?\s*$/.test(text)) return
    throw notARegistry('registry', 'something else')
  }
}

async function* each<T>(list: Iterable<T>): AsyncIterable<T> {
  yield* list
}

function readTags(page: unknown): string[] {
  const parsed = Tags.safeParse(page)
  if (!parsed.success) throw notARegistry('catalog', 'no list of tags', parsed.error)
  return (parsed.data.tags ?? []).filter((tag) => TAG.test(tag))
}

const endless = () =>
  new RemoteError('catalog', 'stalled', 'The list of the registry does not end.', 'Look at the registry.')

const broken = (why: string) =>
  new RemoteError('pack', 'generic', `The pack cannot be read: ${why}.`, 'Push this version again.')

function understand(bytes: Uint8Array) {
  try {
    return readOciManifest(bytes)
  } catch (error) {
    if (error instanceof PackError) throw broken(error.message)
    throw error
  }
}

const encodePath = (name: string) => name.split('/').map(encodeURIComponent).join('/')

/**
 * The address of the next page, relative to `base`. @see https://www.rfc-editor.org/rfc/rfc8288
 *
 * @throws RemoteError for one on another origin, or one that leads nowhere new
 */
function nextPage(link: string | null, base: string, current: string, step: CheckStepName): string | null {
  const target = /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.[1]
  if (!target) return null
  const url = URL.canParse(target, new URL(current, base)) ? new URL(target, new URL(current, base)) : null
  if (!url?.href.startsWith(base) || url.href === new URL(current, base).href)
    throw new RemoteError(
      step,
      'stalled',
      'The list of the registry leads elsewhere.',
      'Look at the registry.',
    )
  return url.href.slice(base.length)
}
