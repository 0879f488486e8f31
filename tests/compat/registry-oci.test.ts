import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { OCI_INDEX, OCI_MANIFEST } from '@/lib/pack-format/media-types'
import { digestOf } from '@/lib/pack-format/oci'

import { packFiles, pushPack, type Send, sender, toBody } from '../support/push'
import {
  type RegistryProcess,
  startRegistryProcess,
  temporaryDirectory,
  variablesFor,
} from '../support/registry-process'

let directory: string
let variables: Record<string, string>
let registry: RegistryProcess
let admin: Send
let reader: Send

beforeAll(async () => {
  directory = await temporaryDirectory()
  variables = await variablesFor(directory, { admin: 'admin-pw', spectro: 'reader-pw' })
  await start()
})
afterAll(async () => {
  await registry.end()
  await rm(directory, { recursive: true })
})

async function start(): Promise<void> {
  registry = await startRegistryProcess(variables)
  admin = sender(registry.url, 'admin:admin-pw')
  reader = sender(registry.url, 'spectro:reader-pw')
}

const EMPTY = Buffer.from('{}')
const sha512Of = (bytes: Uint8Array) => `sha512:${createHash('sha512').update(bytes).digest('hex')}`

async function pushBlob(repository: string, bytes: Uint8Array, digest = digestOf(bytes)) {
  return admin('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: toBody(bytes) })
}

interface Signature {
  subject?: { digest: string; size: number }
  artifactType?: string
  annotations?: Record<string, string>
}

/** A manifest of one empty blob, such as signatures are. */
const manifestOf = (
  { subject, artifactType, annotations }: Signature = {},
  configType = 'application/x.config',
) =>
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      ...(artifactType && { artifactType }),
      config: { mediaType: configType, digest: digestOf(EMPTY), size: EMPTY.length },
      layers: [],
      ...(subject && { subject: { mediaType: OCI_MANIFEST, ...subject } }),
      ...(annotations && { annotations }),
    }),
  )

async function push(repository: string, bytes: Uint8Array, reference = digestOf(bytes), type = OCI_MANIFEST) {
  await pushBlob(repository, EMPTY)
  return admin('PUT', `/v2/${repository}/manifests/${reference}`, {
    body: toBody(bytes),
    headers: { 'content-type': type },
  })
}

async function referrers(repository: string, digest: string, query = '') {
  const response = await reader('GET', `/v2/${repository}/referrers/${digest}${query}`)
  const index = (await response.json()) as { manifests: Record<string, unknown>[] }
  return { response, index }
}

const codeOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] }
  return [response.status, errors[0]?.code, errors[0]?.message]
}

describe('what refers to a manifest', () => {
  const image = manifestOf()
  const subject = { digest: digestOf(image), size: image.length }

  test('a manifest with a subject is told at its subject, with its type and its annotations', async () => {
    await push('signed/app', image, 'latest')
    const signature = manifestOf({
      subject,
      artifactType: 'application/x.signature',
      annotations: { by: 'ada' },
    })
    const answer = await push('signed/app', signature)
    expect([answer.status, answer.headers.get('oci-subject')]).toEqual([201, subject.digest])
    const { response, index } = await referrers('signed/app', subject.digest)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, OCI_INDEX])
    expect(index).toEqual({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          mediaType: OCI_MANIFEST,
          digest: digestOf(signature),
          size: signature.length,
          artifactType: 'application/x.signature',
          annotations: { by: 'ada' },
        },
      ],
    })
  })

  test('an image without an artifact type is told by the type of its config, an index without one by none', async () => {
    const image = manifestOf(
      { subject: { digest: digestOf(Buffer.from('typed')), size: 1 } },
      'application/x.sbom',
    )
    await push('typed/app', image)
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [],
        subject: JSON.parse(String(image)).subject,
      }),
    )
    await push('typed/app', index, digestOf(index), OCI_INDEX)
    const { manifests } = (await referrers('typed/app', digestOf(Buffer.from('typed')))).index
    expect(Object.fromEntries(manifests.map((one) => [one.mediaType, one.artifactType]))).toEqual({
      [OCI_MANIFEST]: 'application/x.sbom',
      [OCI_INDEX]: undefined,
    })
  })

  test('they are filtered by type, and come in pages that keep the filter', async () => {
    const about = { digest: digestOf(Buffer.from('popular')), size: 7 }
    for (let i = 0; i < 5; i++)
      for (const artifactType of ['application/x.signature', 'application/x.sbom'])
        await push('popular/app', manifestOf({ subject: about, artifactType, annotations: { i: String(i) } }))
    const seen: unknown[] = []
    let query = '?artifactType=application%2Fx.sbom&n=2'
    for (let pages = 0; query; pages++) {
      expect(pages).toBeLessThan(3)
      const { response, index } = await referrers('popular/app', about.digest, query)
      expect(response.headers.get('oci-filters-applied')).toBe('artifactType')
      seen.push(...index.manifests.map((one) => (one.annotations as { i: string }).i))
      query = /\?[^>]*/.exec(response.headers.get('link') ?? '')?.[0] ?? ''
    }
    expect(seen.sort()).toEqual(['0', '1', '2', '3', '4'])
  })

  test('large annotations end a page before it is more than a client takes', async () => {
    const about = { digest: digestOf(Buffer.from('verbose')), size: 7 }
    for (let i = 0; i < 4; i++)
      await push(
        'verbose/app',
        manifestOf({ subject: about, annotations: { i: String(i), text: 'x'.repeat(1_500_000) } }),
      )
    const { response, index } = await referrers('verbose/app', about.digest)
    expect(index.manifests).toHaveLength(2)
    expect(response.headers.get('link')).toMatch(/rel="next"/)
  })

  test.each(['signed/app', 'never/heard/of'])(
    'of a manifest that nothing refers to in %s the list is empty',
    async (name) => {
      const { response, index } = await referrers(name, digestOf(Buffer.from('nothing')))
      expect([response.status, index.manifests]).toEqual([200, []])
    },
  )

  test('a digest that is none is refused, and /v1 has no such list', async () => {
    expect((await reader('GET', '/v2/signed/app/referrers/sha256:x')).status).toBe(400)
    expect((await reader('GET', `/v1/signed/app/referrers/${subject.digest}`)).status).toBe(404)
  })

  test('what is deleted refers to nothing, and the others still do after a restart', async () => {
    const about = { digest: digestOf(Buffer.from('lasting')), size: 7 }
    const [stays, goes] = ['stays', 'goes'].map((i) =>
      manifestOf({ subject: about, annotations: { i } }),
    ) as [Buffer, Buffer]
    for (const one of [stays, goes]) await push('lasting/app', one)
    expect((await admin('DELETE', `/v2/lasting/app/manifests/${digestOf(goes)}`)).status).toBe(202)
    await registry.end()
    await start()
    const { manifests } = (await referrers('lasting/app', about.digest)).index
    expect(manifests.map((one) => one.digest)).toEqual([digestOf(stays)])
  })

  test('a subject without a digest is refused', async () => {
    const broken = manifestOf({ subject: { digest: 'latest', size: 1 } })
    expect(await codeOf(await push('signed/app', broken))).toEqual([
      400,
      'MANIFEST_INVALID',
      expect.stringContaining('"latest"'),
    ])
  })
})

describe('content named by sha512', () => {
  test.each(['at once', 'in parts'])('a blob that is pushed %s comes back as it was', async (how) => {
    const bytes = Buffer.from(`named otherwise, ${how}`)
    const digest = sha512Of(bytes)
    if (how === 'at once') expect((await pushBlob('other/names', bytes, digest)).status).toBe(201)
    else {
      const place = (await admin('POST', '/v2/other/names/blobs/uploads/')).headers.get('location') ?? ''
      await admin('PATCH', place, { body: toBody(bytes.subarray(0, 7)) })
      await admin('PATCH', place, { body: toBody(bytes.subarray(7)) })
      expect((await admin('PUT', `${place}?digest=${digest}`)).status).toBe(201)
    }
    const answer = await reader('GET', `/v2/other/names/blobs/${digest}`)
    expect(answer.headers.get('docker-content-digest')).toBe(digest)
    expect(await answer.text()).toBe(String(bytes))
  })

  test('bytes with another digest are refused, and nothing is stored', async () => {
    const digest = sha512Of(Buffer.from('announced'))
    expect(await codeOf(await pushBlob('other/names', Buffer.from('sent'), digest))).toEqual([
      400,
      'DIGEST_INVALID',
      expect.stringContaining(sha512Of(Buffer.from('sent'))),
    ])
    expect((await reader('HEAD', `/v2/other/names/blobs/${digest}`)).status).toBe(404)
  })

  test('a manifest is stored under the digest that it was pushed by', async () => {
    const manifest = manifestOf({ annotations: { named: 'otherwise' } })
    const digest = sha512Of(manifest)
    expect((await push('other/names', manifest, digest)).headers.get('docker-content-digest')).toBe(digest)
    const answer = await reader('GET', `/v2/other/names/manifests/${digest}`)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(manifest)
    expect((await reader('GET', `/v2/other/names/manifests/${digestOf(manifest)}`)).status).toBe(404)
  })
})

describe('deleting a blob', () => {
  test('a blob that no manifest needs goes from its repository, and stays in others', async () => {
    const bytes = Buffer.from('lonely')
    for (const repository of ['first/place', 'second/place']) await pushBlob(repository, bytes)
    const path = (repository: string) => `/v2/${repository}/blobs/${digestOf(bytes)}`
    expect((await reader('DELETE', path('first/place'))).status).toBe(403)
    expect((await admin('DELETE', path('first/place'))).status).toBe(202)
    expect((await reader('GET', path('first/place'))).status).toBe(404)
    expect((await reader('GET', path('second/place'))).status).toBe(200)
    expect(await codeOf(await admin('DELETE', path('first/place')))).toEqual([
      404,
      'BLOB_UNKNOWN',
      expect.any(String),
    ])
  })

  test('a blob that a pack needs stays, and the answer names the manifest', async () => {
    const { digest, blobs } = await pushPack(admin, packFiles({ name: 'needs', version: '1.0.0' }))
    const path = `/v2/needs/blobs/${blobs[0]?.digest}`
    expect(await codeOf(await admin('DELETE', path))).toEqual([
      409,
      'DENIED',
      expect.stringContaining(digest),
    ])
    expect((await reader('GET', path)).status).toBe(200)
    await admin('DELETE', `/v2/needs/manifests/${digest}`)
    expect((await admin('DELETE', path)).status).toBe(202)
  })
})
