import type { OutboundResponse } from '../../outbound/client'
import { DIGEST, digestOf } from '../../pack-format/oci'
import { TAG } from '../../pack-format/tag-form'
import { RemoteError } from '../adapter'
import { explain, explainStatus } from '../explain'
import { growingList } from '../growing-list'
import { Repositories, Tags } from '../pack/wire'
import type { CheckStepName, Connection } from '../schema'
import { INDEX_TYPES, MANIFEST_TYPES } from './artifact'
import type { SignIn } from './sign-in'

const MIB = 1024 * 1024
const PAGE_LIMIT = 4 * MIB
const MANIFEST_LIMIT = 4 * MIB
const PAGE_SIZE = 1000
const MAX_PAGES = 1000
const MAX_REPOSITORIES = 200_000
const MAX_TAGS = 100_000

const CATALOG_SCOPE = 'registry:catalog:*'
const pullScope = (repository: string) => `repository:${repository}:pull`

/** What a tag points at: null where nothing, or an index of several images. */
export type Pointed = { digest: string } | null

/**
 * As much of Distribution's API as reading takes. Everything is bounded, and each answer checked.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export function createApi({ endpoint, auth, oci }: Connection, signIn: SignIn) {
  const base = `${endpoint}${oci?.basePath ? `/${oci.basePath}` : ''}/v2/`
  const withCredentials = auth.type !== 'none'

  const send = (
    path: string,
    scope: string,
    signal: AbortSignal,
    { method = 'GET', accept = ['application/json'], maxBytes = PAGE_LIMIT } = {},
  ) => signIn.send(method, base + path, scope, { signal, maxBytes, headers: { accept: accept.join(', ') } })

  const refused = ({ status, headers }: OutboundResponse, step: CheckStepName) =>
    explainStatus(status, headers, step, withCredentials, 'an OCI registry')

  async function readBytes(response: OutboundResponse): Promise<Uint8Array> {
    try {
      return await response.bytes()
    } catch (error) {
      throw explain(error)
    }
  }

  /** The pages of a list. Only where it goes on is taken from what the registry says: never another address. */
  async function* pages(path: string, scope: string, signal: AbortSignal) {
    const seen = new Set<string>()
    for (let query: string | null = `?n=${PAGE_SIZE}`; query !== null; ) {
      if (seen.has(query) || seen.size >= MAX_PAGES) throw endless()
      seen.add(query)
      const response: OutboundResponse = await send(path + query, scope, signal)
      if (response.status !== 200) {
        await response.discard()
        yield { response, page: null }
        return
      }
      const text = Buffer.from(await readBytes(response)).toString('utf8')
      let page: unknown
      try {
        page = JSON.parse(text)
      } catch (cause) {
        throw notOci('catalog', /^\s*</.test(text) ? 'a web page' : 'something that is no JSON', cause)
      }
      yield { response, page }
      query = nextQuery(response.headers.get('link'))
    }
  }

  return {
    base,

    /** Whether the registry lets us in. @throws RemoteError */
    async enter(signal: AbortSignal): Promise<void> {
      const response = await send('', '', signal)
      await response.discard()
      if (response.status !== 200)
        throw refused(response, [401, 403].includes(response.status) ? 'credentials' : 'registry')
    },

    /** Every repository. @throws RemoteError also where the registry does not tell */
    async repositories(signal: AbortSignal): Promise<string[]> {
      const { all, addPage } = growingList(MAX_REPOSITORIES, endless)
      for await (const { response, page } of pages('_catalog', CATALOG_SCOPE, signal)) {
        if (page === null)
          throw [401, 403, 404, 405].includes(response.status)
            ? closed(response)
            : refused(response, 'catalog')
        const parsed = Repositories.safeParse(page)
        if (!parsed.success) throw notOci('catalog', 'no list of repositories', parsed.error)
        addPage(parsed.data.repositories ?? [])
      }
      return [...all]
    },

    /** The tags of a repository; null where there is no such repository. @throws RemoteError */
    async tags(repository: string, signal: AbortSignal): Promise<string[] | null> {
      const { all, addPage } = growingList(MAX_TAGS, endless)
      for await (const { response, page } of pages(
        `${repository}/tags/list`,
        pullScope(repository),
        signal,
      )) {
        if (page === null && response.status === 404) return null
        if (page === null && [401, 403].includes(response.status)) throw forbidden(repository, response)
        if (page === null) throw refused(response, 'catalog')
        const parsed = Tags.safeParse(page)
        if (!parsed.success) throw notOci('catalog', 'no list of tags', parsed.error)
        addPage((parsed.data.tags ?? []).filter((tag) => TAG.test(tag)))
      }
      return [...all]
    },

    /** @throws RemoteError */
    async resolve(repository: string, tag: string, signal: AbortSignal): Promise<Pointed> {
      const path = `${repository}/manifests/${tag}`
      const accept = [...MANIFEST_TYPES, ...INDEX_TYPES]
      const options = { accept, maxBytes: MANIFEST_LIMIT }
      let response = await send(path, pullScope(repository), signal, { ...options, method: 'HEAD' })
      await response.discard()
      let digest = response.headers.get('docker-content-digest')
      if (response.status === 200 && !(digest && DIGEST.test(digest))) {
        // It has to be told in no answer to HEAD.
        response = await send(path, pullScope(repository), signal, options)
        if (response.status === 200) digest = digestOf(await readBytes(response))
        else await response.discard()
      }
      if (response.status === 404) return null
      if (response.status !== 200) throw refused(response, 'catalog')
      const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
      return digest && !INDEX_TYPES.includes(type) ? { digest } : null
    },

    /** A manifest by its digest, proven. @throws RemoteError */
    async manifest(repository: string, digest: string, signal: AbortSignal): Promise<Uint8Array> {
      const response = await send(`${repository}/manifests/${digest}`, pullScope(repository), signal, {
        accept: MANIFEST_TYPES,
        maxBytes: MANIFEST_LIMIT,
      })
      return proven(response, digest, 'manifest')
    },

    /** A blob, proven. @throws RemoteError */
    async blob(
      repository: string,
      { digest, size }: { digest: string; size: number },
      { name, limit }: { name: string; limit: number },
      signal: AbortSignal,
    ): Promise<Uint8Array> {
      if (size > limit)
        throw broken(
          `its ${name} has ${size.toLocaleString('en')} bytes; at most ${limit.toLocaleString('en')} are read`,
        )
      if (size === 0) return new Uint8Array()
      const response = await send(`${repository}/blobs/${digest}`, pullScope(repository), signal, {
        accept: ['*/*'],
        maxBytes: size,
      })
      return proven(response, digest, name)
    },
  }

  async function proven(response: OutboundResponse, digest: string, name: string): Promise<Uint8Array> {
    if (response.status !== 200) {
      await response.discard()
      throw refused(response, 'pack')
    }
    const bytes = await readBytes(response)
    if (digestOf(bytes) !== digest) throw broken(`its ${name} is not what its digest says`)
    return bytes
  }
}
export type Api = ReturnType<typeof createApi>

/** Where a list goes on. @see https://www.rfc-editor.org/rfc/rfc8288 */
function nextQuery(link: string | null): string | null {
  const target = /<([^>]{1,4096})>\s*;[^,]*\brel="?next"?/i.exec(link?.slice(0, 8192) ?? '')?.[1]
  return target && URL.canParse(target, 'http://x') ? new URL(target, 'http://x').search || null : null
}

export const broken = (why: string) =>
  new RemoteError('pack', 'generic', `The pack cannot be read: ${why}.`, 'Push this version again.')

export const notOci = (step: CheckStepName, saw: string, cause?: unknown) =>
  new RemoteError(
    step,
    'stalled',
    `This is not an OCI registry: it answered with ${saw}.`,
    'Check the address. An OCI registry answers under /v2/.',
    { cause },
  )

const endless = () =>
  new RemoteError(
    'catalog',
    'stalled',
    'A list of the registry does not end.',
    'Look at the registry, or name the repositories to read in the settings.',
  )

const closed = ({ status }: OutboundResponse) =>
  new RemoteError(
    'catalog',
    'stalled',
    `The registry does not tell which repositories it has (${status}).`,
    'Name the repositories to read in the settings, or give this user the right to list them.',
  )

const forbidden = (repository: string, { status }: OutboundResponse) =>
  new RemoteError(
    'catalog',
    'stalled',
    `The registry does not let the repository ${repository} be read (${status}).`,
    'Give this user the right to read it, or name the repositories to read in the settings.',
  )
