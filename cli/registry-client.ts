import { z } from 'zod'
import { Tags } from '@/lib/adapters/pack/wire'
import type { OutboundRequest, OutboundResponse } from '@/lib/outbound/client'
import { retryAfterSeconds } from '@/lib/outbound/retry-after'
import { PackError } from '@/lib/pack-format/archive'
import { OCI_MANIFEST } from '@/lib/pack-format/media-types'
import { type Blob, type Descriptor, digestOf } from '@/lib/pack-format/oci'

import type { Connected } from './connect'
import { CliError, type CliErrorCode } from './errors'
import { BusyError, withRetry } from './retry'

const MIB = 1024 * 1024
const MANIFEST_BYTES = 4 * MIB
const ANSWER_BYTES = 4 * MIB
const REFUSAL_BYTES = 64 * 1024
/** A blob goes in pieces of so many bytes, so that a broken line costs one piece. */
const PIECE_BYTES = 8 * MIB
const PAGE_SIZE = 1000
const MAX_PAGES = 1000

/** Speaks to one registry: the OCI distribution protocol under /v1. */
export interface RegistryClient {
  /** The digest that a tag stands for, or null. */
  resolve(name: string, reference: string): Promise<string | null>
  /** A manifest, checked against its digest. @throws CliError `not_found` */
  manifest(name: string, reference: string): Promise<{ bytes: Uint8Array; digest: string }>
  /** A blob, checked against its digest. */
  blob(name: string, descriptor: Descriptor, arrived: (bytes: number) => void): Promise<Uint8Array>
  tags(name: string): Promise<string[]>
  /** Brings a blob into the repository unless it is there. @returns whether its bytes had to be sent */
  bring(name: string, blob: Blob, sent: (bytes: number) => void): Promise<boolean>
  /** Takes a tag away, or with a digest the content and all its tags. @throws CliError `not_found` */
  remove(name: string, reference: string): Promise<void>
  publish(name: string, tag: string, manifest: Uint8Array, force: Force | null): Promise<void>
}

/** Replaces a version that exists. */
export interface Force {
  message: string
}

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md */
export function registryClient(
  { server, endpoint, auth, outbound }: Connected,
  signal: AbortSignal,
): RegistryClient {
  const base = `${endpoint}/v1/`
  const at = (name: string, rest: string) =>
    `${base}${name.split('/').map(encodeURIComponent).join('/')}/${rest}`

  /** @throws BusyError where the registry asks to come back later */
  async function ask(method: string, url: string, request: OutboundRequest = {}): Promise<OutboundResponse> {
    const response = await outbound.request(method, url, { maxBytes: ANSWER_BYTES, ...request, signal })
    if (![429, 500, 502, 503, 504].includes(response.status)) return response
    const wait = retryAfterSeconds(response.headers.get('retry-after'))
    throw new BusyError(await refusal(response, server, auth), wait)
  }

  async function must(expected: number[], method: string, url: string, request?: OutboundRequest) {
    const response = await ask(method, url, request)
    if (expected.includes(response.status)) return response
    throw await refusal(response, server, auth)
  }

  const again = <T>(work: () => Promise<T>, moved?: () => boolean) => withRetry(work, signal, moved)

  /** Where the next piece of an upload goes. Credentials do not follow to other servers, so neither do we. */
  function nextPlace(response: OutboundResponse, current: string): string {
    const location = response.headers.get('location')
    const url = location && URL.canParse(location, current) ? new URL(location, current) : null
    if (!url) throw new CliError('not_a_registry', `${server} does not say where the upload goes.`)
    if (url.origin !== new URL(base).origin)
      throw new CliError(
        'refused',
        `${server} sends uploads to ${url.origin}.`,
        'Use the address that the registry really has, or let it answer with relative addresses.',
      )
    return url.href
  }

  /**
   * Sends the bytes of one blob in pieces, going on where a broken line left off.
   *
   * @returns whether they had to be sent: another pack may have brought the same, then the registry only links them
   */
  async function upload(
    name: string,
    { digest, bytes }: Blob,
    sent: (bytes: number) => void,
  ): Promise<boolean> {
    let place: string | null = null
    let offset = 0
    let reached = 0
    /** A request broke: how much of it arrived has to be asked. */
    let isUncertain = false

    async function open(): Promise<string | null> {
      const url = at(name, `blobs/uploads/?mount=${encodeURIComponent(digest)}`)
      const started = await must([201, 202], 'POST', url)
      await started.discard()
      offset = 0
      return started.status === 201 ? null : nextPlace(started, url)
    }

    /** @returns where to go on; null where the registry knows nothing of the upload */
    async function takeStock(current: string): Promise<string | null> {
      const response = await ask('GET', current)
      if (response.status !== 204 && response.status !== 404) throw await refusal(response, server, auth)
      await response.discard()
      if (response.status === 404) return null
      const end = Number(/^(?:bytes=)?0-(\d+)$/.exec(response.headers.get('range') ?? '')?.[1] ?? 0)
      // "0-0" is said of no byte, and of one.
      offset = end === 0 ? 0 : Math.min(end + 1, bytes.length)
      return nextPlace(response, current)
    }

    async function send(method: string, url: string, piece: Uint8Array, expected: number) {
      isUncertain = true
      const response = await must([expected], method, url, {
        body: piece,
        headers: {
          'content-type': 'application/octet-stream',
          ...(method === 'PATCH' && { 'content-range': `${offset}-${offset + piece.length - 1}` }),
        },
      })
      await response.discard()
      isUncertain = false
      offset += piece.length
      sent(piece.length)
      return response
    }

    return again(
      async () => {
        if (isUncertain && place !== null) place = await takeStock(place)
        isUncertain = false
        place ??= await open()
        if (place === null) return false
        while (bytes.length - offset > PIECE_BYTES) {
          const piece = bytes.subarray(offset, offset + PIECE_BYTES)
          place = nextPlace(await send('PATCH', place, piece, 202), place)
        }
        const last = new URL(place)
        last.searchParams.set('digest', digest)
        await send('PUT', last.href, bytes.subarray(offset), 201)
        return true
      },
      () => {
        const hasMoved = offset > reached
        reached = offset
        return hasMoved
      },
    )
  }

  return {
    resolve: (name, reference) =>
      again(async () => {
        const response = await ask('HEAD', at(name, `manifests/${encodeURIComponent(reference)}`), {
          headers: { accept: OCI_MANIFEST },
        })
        if (response.status === 404) {
          await response.discard()
          return null
        }
        if (response.status !== 200) throw await refusal(response, server, auth)
        await response.discard()
        return response.headers.get('docker-content-digest') ?? (await readManifest(name, reference)).digest
      }),

    manifest: readManifest,

    blob: (name, { digest, size }, arrived) =>
      again(async () => {
        if (size === 0) return new Uint8Array()
        const response = await must([200], 'GET', at(name, `blobs/${digest}`), { maxBytes: size })
        const chunks: Uint8Array[] = []
        for await (const chunk of response.stream()) {
          chunks.push(chunk)
          arrived(chunk.length)
        }
        const bytes = Buffer.concat(chunks)
        if (digestOf(bytes) !== digest) throw broken(`${digest} is not what its digest says`)
        return bytes
      }),

    async tags(name) {
      const tags: string[] = []
      let url: string | null = at(name, `tags/list?n=${PAGE_SIZE}`)
      for (let page = 0; url !== null; page++) {
        const current: string = url
        if (page >= MAX_PAGES) throw new CliError('not_a_registry', `The tags of ${name} do not end.`)
        const response = await again(() => must([200], 'GET', current))
        const parsed = Tags.safeParse(await response.json())
        if (!parsed.success) throw new CliError('not_a_registry', `${server} gives no list of tags.`)
        tags.push(...(parsed.data.tags ?? []))
        const next = /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(response.headers.get('link') ?? '')?.[1]
        url = next && URL.canParse(next, current) ? new URL(next, current).href : null
        if (url !== null && (!url.startsWith(base) || url === current))
          throw new CliError('not_a_registry', `The list of tags of ${name} leads elsewhere.`)
      }
      return tags
    },

    async bring(name, blob, sent) {
      const held = await again(() => must([200, 404], 'HEAD', at(name, `blobs/${blob.digest}`)))
      await held.discard()
      return held.status === 200 ? false : upload(name, blob, sent)
    },

    remove: (name, reference) =>
      again(async () => {
        const response = await must([202], 'DELETE', at(name, `manifests/${encodeURIComponent(reference)}`))
        await response.discard()
      }),

    publish: (name, tag, manifest, force) =>
      again(async () => {
        const response = await must([201], 'PUT', at(name, `manifests/${encodeURIComponent(tag)}`), {
          body: manifest,
          headers: {
            'content-type': OCI_MANIFEST,
            // A message may hold any letter, a header may not.
            ...(force && { 'packyard-force': 'true', 'packyard-message': encodeURIComponent(force.message) }),
          },
        })
        await response.discard()
        const said = response.headers.get('docker-content-digest')
        if (said !== null && said !== digestOf(manifest))
          throw broken(`the registry took it as ${said}, which is not what was sent`)
      }),
  }

  function readManifest(name: string, reference: string) {
    return again(async () => {
      const response = await must([200], 'GET', at(name, `manifests/${encodeURIComponent(reference)}`), {
        headers: { accept: OCI_MANIFEST },
        maxBytes: MANIFEST_BYTES,
      })
      const bytes = await response.bytes()
      const digest = digestOf(bytes)
      const said = reference.includes(':') ? reference : response.headers.get('docker-content-digest')
      if (said !== null && said !== digest) throw broken('its manifest is not what its digest says')
      return { bytes, digest }
    })
  }
}

const broken = (why: string) => new PackError('The pack', why)

const Refusal = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })).min(1) })

/** An answer that is not the one we need, for people. Reads the registry's own words where there are any. */
async function refusal(
  response: OutboundResponse,
  server: string,
  auth: Connected['auth'],
): Promise<CliError> {
  const { status } = response
  const words = await registryWords(response)
  const because = words ? `: ${words}` : '.'
  const say = (code: CliErrorCode, message: string, fix: string) => new CliError(code, message, fix)
  const login = `packyard registry login ${server}`
  if (status === 401)
    return auth.type === 'none'
      ? say('unauthorized', `${server} asks for user name and password (401)${because}`, login)
      : say(
          'unauthorized',
          `${server} refused the user name or the password (401)${because}`,
          `Log in again: ${login}`,
        )
  if (status === 403) {
    const user = auth.type === 'basic' ? `user ${auth.username}` : 'a client without a login'
    return say(
      'forbidden',
      `${server} does not let ${user} do this (403)${because}`,
      `Log in as a user who may: ${login}`,
    )
  }
  if (status === 404)
    return say(
      'not_found',
      `${server} does not have it (404)${because}`,
      `List what it has: packyard pack ls -r ${server}`,
    )
  if (status === 409) return say('conflict', `${server} refused it (409)${because}`, '')
  if (status === 413) return say('refused', `${server} takes nothing so large (413)${because}`, '')
  if (status >= 500)
    return say('refused', `${server} failed (${status})${because}`, 'Look at the log of the registry.')
  return say('refused', `${server} answered ${status}${because}`, '')
}

async function registryWords(response: OutboundResponse): Promise<string> {
  const type = response.headers.get('content-type') ?? ''
  const length = Number(response.headers.get('content-length') ?? 0)
  if (!type.includes('json') || length > REFUSAL_BYTES) {
    await response.discard()
    return ''
  }
  try {
    const { errors } = Refusal.parse(await response.json())
    const message = errors[0]?.message.slice(0, 500) ?? ''
    return message === '' || /[.!?]$/.test(message) ? message : `${message}.`
  } catch {
    // A refusal in other words is a refusal all the same: its status says enough.
    return ''
  }
}
