import { atMost } from '../../at-most'
import type { Outbound, OutboundResponse } from '../../outbound/client'
import { PackError } from '../../pack-format/archive'
import { ARCHIVE_LIMIT, PART_LIMITS } from '../../pack-format/media-types'
import { digestOf, type OciPack } from '../../pack-format/oci'
import { UnreadablePack } from '../../pack-format/pack-facts'
import { openParser } from '../../parser/parser'
import {
  type CatalogEntry,
  type KnownTags,
  type Part,
  type PartName,
  type RegistryAdapter,
  RemoteError,
} from '../adapter'
import { explain, explainStatus } from '../explain'
import { otherKindAt } from '../other-kind'
import type { CheckStep, CheckStepName, Connection, OciSettings } from '../schema'
import { versionAmong } from '../version-among'
import { broken, createApi, notOci } from './api'
import { type Archive, readArtifact, whyNot } from './artifact'
import { readChallenges } from './challenge'
import { type Place, pathOf, placesAmong, placesPath } from './layout'
import { createSignIn } from './sign-in'

/** Archives are held in memory, so that none is looked into before its digest is proven. */
const ARCHIVES_AT_ONCE = 4
const HEADS_AT_ONCE = 8
/** Repositories that are looked through at the same time. */
const PLACES_AT_ONCE = 4
/** Signatures and the like lie beside what they are about, under such tags. */
const BESIDE = /^sha(?:256|512)-[0-9a-f]{32,}/
/** How many repositories the connection test looks into. */
const TESTED_PLACES = 25

const NO_SETTINGS: OciSettings = {
  providerType: 'pack',
  baseContentPath: '',
  basePath: '',
  repositories: [],
  tokenServer: '',
}

/**
 * Reads packs, or Helm charts, out of any registry that speaks OCI's API. It tells no revision: a run asks for the
 * digest of each tag, and fetches only what is new.
 *
 * @see docs/oci-registries.md
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export function ociAdapter(
  connection: Connection,
  outbound: Outbound,
  outboundTo: (origin: string) => Outbound,
): RegistryAdapter {
  const settings = connection.oci ?? NO_SETTINGS
  const { providerType } = settings
  const withCredentials = connection.auth.type !== 'none'
  const signIn = createSignIn(connection, outbound, outboundTo)
  const api = createApi(connection, signIn)
  /** Where the packs of this listing lie, by name. */
  const paths = new Map<string, string>()
  const archives = atMost(ARCHIVES_AT_ONCE)
  const parser = openParser()

  const findPlaces = async (signal: AbortSignal) =>
    placesAmong(settings.repositories.length > 0 ? [] : await api.repositories(signal), settings)

  /** Some token servers give strangers a token for a repository, and none for nothing: the repositories tell then. */
  async function enter(signal: AbortSignal): Promise<void> {
    try {
      await api.enter(signal)
    } catch (error) {
      const mayGoOn = !withCredentials && settings.repositories.length > 0
      if (!mayGoOn || !(error instanceof RemoteError) || error.step !== 'credentials') throw error
    }
  }

  /** What the tags of one repository are; nothing where it holds neither packs nor charts. */
  async function versionsOf(
    { path, name, isOurs }: Place,
    signal: AbortSignal,
    known: ReadonlyMap<string, string> = new Map(),
  ): Promise<CatalogEntry[]> {
    const tags = ((await api.tags(path, signal)) ?? []).filter((tag) => !BESIDE.test(tag))
    const digests = new Map(tags.map((tag) => [tag, known.get(tag)] as const).filter(isLookedAt))
    const queue = tags.filter((tag) => !digests.has(tag)).values()
    await Promise.all(
      Array.from({ length: HEADS_AT_ONCE }, async () => {
        for (const tag of queue) {
          const pointed = await api.resolve(path, tag, signal)
          if (pointed) digests.set(tag, pointed.digest)
        }
      }),
    )
    const byDigest = new Map<string, string[]>()
    for (const tag of tags) {
      const digest = digests.get(tag)
      if (digest) byDigest.set(digest, [...(byDigest.get(digest) ?? []), tag])
    }
    const [sample] = byDigest.keys()
    // What is held of it already was wanted.
    if (sample && !isOurs && known.size === 0 && !(await isWanted(path, sample, signal))) return []
    paths.set(name, path)
    return [...byDigest].flatMap(([digest, all]) => {
      const version = versionAmong(all)
      return version ? [{ name, version, digest, tags: all }] : []
    })
  }

  /** Repositories hold one kind of thing: one look tells whose it is. */
  async function isWanted(path: string, digest: string, signal: AbortSignal): Promise<boolean> {
    try {
      return whyNot(readArtifact(await api.manifest(path, digest, signal)), providerType) === null
    } catch (error) {
      // It is ours, and broken: that is told where it is read.
      if (error instanceof PackError) return true
      if (error instanceof RemoteError && error.step === 'pack' && error.next === 'generic') return false
      throw error
    }
  }

  async function* walk(
    signal: AbortSignal,
    known: KnownTags | undefined,
    trust: () => void,
  ): AsyncIterable<CatalogEntry> {
    const places = (await findPlaces(signal)).values()
    const looking = new Set<Promise<CatalogEntry[]>>()
    const look = () => {
      const { done, value: place } = places.next()
      if (done) return
      const found = (async () => {
        const held = (await known?.(place.name)) ?? new Map()
        if (held.size > 0) trust()
        return versionsOf(place, signal, held)
      })()
      // Told where it is waited for: another one may fail first.
      found.catch(() => {})
      looking.add(found)
    }
    for (let i = 0; i < PLACES_AT_ONCE; i++) look()
    for (const found of looking) {
      const entries = await found
      looking.delete(found)
      look()
      yield* entries
    }
  }

  const fetchArchive = (path: string, archive: { digest: string; size: number }, signal: AbortSignal) =>
    api.blob(path, archive, { name: 'archive', limit: ARCHIVE_LIMIT }, signal)

  /** Where a pack lies: as it was listed, or looked up, since charts lie anywhere below the base. */
  const findPath = async (name: string, signal: AbortSignal): Promise<string> =>
    paths.get(name) ??
    (await findPlaces(signal)).find((place) => place.name === name)?.path ??
    pathOf(name, settings)

  /** What lies under a digest, as far as it is what is read of this registry. */
  async function readWanted(path: string, digest: string, signal: AbortSignal) {
    const artifact = readArtifact(await api.manifest(path, digest, signal))
    const reason = whyNot(artifact, providerType)
    if (reason !== null || artifact.kind === 'foreign') throw broken(`it is ${reason}`)
    return artifact
  }

  /** The parts of a pack that is one archive, whichever kind. */
  const unpack = (path: string, archive: Archive, kind: 'packed-pack' | 'chart', signal: AbortSignal) =>
    archives(async () => {
      const bytes = await fetchArchive(path, archive, signal)
      return parser.read(kind === 'chart' ? 'chart' : 'pack', { file: archive.title, bytes }, signal)
    })

  /** What two packs that are read at the same time share is fetched once. */
  const fetching = new Map<string, Promise<Uint8Array>>()

  function fetchPart(
    ...[path, descriptor, limits, signal]: Parameters<typeof api.blob>
  ): Promise<Uint8Array> {
    const key = `${path} ${descriptor.digest} ${descriptor.size} ${limits.name}`
    const running = fetching.get(key)
    if (running) return running
    const fetched = api.blob(path, descriptor, limits, signal).finally(() => fetching.delete(key))
    fetching.set(key, fetched)
    return fetched
  }

  async function readParts(path: string, pack: OciPack, holds: Holds, signal: AbortSignal) {
    const wanted = Object.entries({ manifest: pack.config, ...pack.parts })
    const held = await holds([...new Set(wanted.map(([, { digest }]) => digest))])
    const fetches = wanted.map(async ([name, descriptor]) => {
      const limits = { name, limit: PART_LIMITS[name as PartName] }
      const { digest, size } = descriptor
      const bytes = held.has(digest) ? null : await fetchPart(path, descriptor, limits, signal)
      return [name, { digest, size, bytes }] as const
    })
    const parts: (readonly [string, Part])[] = []
    for (const result of await Promise.allSettled(fetches)) {
      if (result.status === 'rejected') throw result.reason
      parts.push(result.value)
    }
    return Object.fromEntries(parts) as Parts
  }

  return {
    get traffic() {
      return signIn.traffic
    },
    close: () => signIn.close(),

    async list(_held, signal, known) {
      await enter(signal)
      let isTrusting = false
      const trust = () => {
        isTrusting = true
      }
      return {
        revision: null,
        isTagByTag: true,
        entries: walk(signal, known, trust),
        get isTrusting() {
          return isTrusting
        },
      }
    },

    async content({ name, digest }, holds, signal) {
      const path = paths.get(name) ?? pathOf(name, settings)
      try {
        const artifact = await readWanted(path, digest, signal)
        if (artifact.kind === 'pack')
          return { digest, parts: await readParts(path, artifact.pack, holds, signal) }
        const files = await unpack(path, artifact.archive, artifact.kind, signal)
        return { digest, parts: await toParts(files, holds) }
      } catch (error) {
        if (error instanceof UnreadablePack)
          throw new RemoteError('pack', 'generic', error.message, 'Make it smaller.', { cause: error })
        throw error instanceof PackError ? broken(error.message) : error
      }
    },

    async archive({ name, digest }, signal) {
      const path = await findPath(name, signal)
      try {
        const artifact = await readWanted(path, digest, signal)
        if (artifact.kind !== 'pack') {
          const bytes = await fetchArchive(path, artifact.archive, signal)
          const form = artifact.kind === 'chart' ? 'chart' : 'pack'
          return { form, file: artifact.archive.title, bytes }
        }
        const { files } = artifact.pack
        if (!files || files.size === 0) return null
        return { form: 'rest', file: 'files.tar', bytes: await fetchArchive(path, files, signal) }
      } catch (error) {
        throw error instanceof PackError ? broken(error.message) : error
      }
    },

    async *check(signal) {
      let step: CheckStepName = 'http'
      let began = Date.now()
      const passed = (name: CheckStepName, seen: string, rest: Partial<CheckStep> = {}): CheckStep => {
        const ms = Date.now() - began
        began = Date.now()
        return { step: name, status: 'passed', ms, seen, ...rest }
      }
      try {
        // Without credentials first: so that only an OCI registry gets to see them.
        const probe = await outbound.request('GET', api.base, { signal, anonymous: true })
        const text = await probe.text()
        yield passed('http', `HTTP ${probe.status}`)
        step = 'registry'
        await prove(probe, text, signal)
        yield passed('registry', probe.headers.get('docker-distribution-api-version') ?? 'An OCI registry')
        step = 'credentials'
        await enter(signal)
        yield passed(
          'credentials',
          withCredentials ? 'Accepted' : 'None are needed: everybody may read this registry',
        )
        step = 'catalog'
        const { seen, first, fix } = await look(signal)
        yield passed('catalog', seen, fix ? { status: 'warned', fix } : {})
        step = 'pack'
        if (!first) {
          const where = placesPath(settings)
          yield passed(
            'pack',
            `No ${providerType === 'helm' ? 'charts' : 'packs'} yet${where && ` under ${where}/`}`,
            {
              status: 'warned',
              fix: 'Push one, or check base content path and provider type.',
            },
          )
          return
        }
        try {
          await this.content(first, async () => new Set(), signal)
          yield passed('pack', `${first.name} ${first.version}`)
        } catch (error) {
          if (!(error instanceof RemoteError) || error.step !== 'pack') throw error
          // One broken pack is no reason to do without the others.
          const seen = `${first.name} ${first.version}: ${error.message}`
          yield passed('pack', seen, { status: 'warned', fix: error.fix })
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

  /** How many repositories there are to read, which of those that were named are not there, and a first version. */
  async function look(signal: AbortSignal) {
    const places = await findPlaces(signal)
    const isNamed = settings.repositories.length > 0
    const missing: string[] = []
    let first: CatalogEntry | undefined
    for (const place of places.slice(0, TESTED_PLACES)) {
      if (isNamed && (await api.tags(place.path, signal)) === null) missing.push(place.path)
      else if (!first) [first] = await versionsOf(place, signal)
      if (first && !isNamed) break
    }
    const count = `${places.length.toLocaleString('en')} ${places.length === 1 ? 'repository' : 'repositories'}`
    return missing.length > 0
      ? { first, seen: `${count} named, and not there: ${missing.join(', ')}`, fix: 'Check the paths.' }
      : { first, seen: isNamed ? `${count} named` : `${count} to read` }
  }

  /** @throws RemoteError unless the answer is one that an OCI registry gives to a stranger */
  async function prove(probe: OutboundResponse, text: string, signal: AbortSignal): Promise<void> {
    if (probe.status === 401) {
      const schemes = readChallenges(probe.headers.get('www-authenticate')).map((one) => one.scheme)
      if (schemes.includes('basic') || schemes.includes('bearer')) return
      throw notOci('registry', 'a request for another kind of sign-in')
    }
    const type = probe.headers.get('content-type') ?? ''
    const isPage = /html/i.test(type) || /^\s*<(?:!doctype|html)/i.test(text)
    if (isPage || probe.status === 404) {
      const where = { step: 'registry', signal, isOpen: true } as const
      const other = await otherKindAt(outbound, `${connection.endpoint}/`, 'oci', where)
      if (other) throw other
    }
    if (isPage) throw notOci('registry', 'a web page')
    if (probe.status !== 200)
      throw explainStatus(probe.status, probe.headers, 'registry', withCredentials, 'an OCI registry')
    if (probe.headers.has('docker-distribution-api-version') || /^\s*(?:\{\s*\}|true|"")?\s*$/.test(text))
      return
    throw notOci('registry', 'something else')
  }
}

const isLookedAt = (one: readonly [string, string | undefined]): one is readonly [string, string] =>
  one[1] !== undefined

type Holds = (digests: string[]) => Promise<Set<string>>
type Parts = Partial<Record<PartName, Part>> & { manifest: Part }

/** Files out of an archive, without the bytes of those that are held. */
async function toParts(files: Partial<Record<PartName, Uint8Array>>, holds: Holds): Promise<Parts> {
  const all = Object.entries(files).map(([name, bytes]) => ({ name, bytes, digest: digestOf(bytes) }))
  const held = await holds([...new Set(all.map((one) => one.digest))])
  return Object.fromEntries(
    all.map(({ name, bytes, digest }) => [
      name,
      { digest, size: bytes.length, bytes: held.has(digest) ? null : bytes },
    ]),
  ) as Parts
}
