import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { CONTENT_FRAMES, readFrames } from '@/lib/pack-format/content-frames'
import { OCI_MANIFEST, PACK_ARTIFACT_TYPE, PACK_MEDIA_TYPES } from '@/lib/pack-format/media-types'
import { digestOf, toOciPack } from '@/lib/pack-format/oci'
import { packFiles, pushBlob, pushManifest, pushPack, type Send, sender, toBody } from '../support/push'
import {
  type RegistryProcess,
  startRegistryProcess,
  temporaryDirectory,
  variablesFor,
} from '../support/registry-process'
import { freePort } from '../support/start-up'

let directory: string
let registry: RegistryProcess
let admin: Send
let reader: Send
let stranger: Send

beforeAll(async () => {
  directory = await temporaryDirectory()
  registry = await startRegistryProcess({
    ...(await variablesFor(directory, { admin: 'admin-pw', spectro: 'reader-pw' })),
    REGISTRY_LIMITS_BLOBBYTES: String(1024 * 1024),
  })
  admin = sender(registry.url, 'admin:admin-pw')
  reader = sender(registry.url, 'spectro:reader-pw')
  stranger = sender(registry.url)
})

afterAll(async () => {
  await registry.end()
  await rm(directory, { recursive: true })
})

const errorOf = async (response: Response) => {
  const { errors } = (await response.json()) as {
    errors: { code: string; message: string; detail?: unknown }[]
  }
  return { status: response.status, ...errors[0] }
}
const linesOf = async (response: Response) =>
  (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('who may do what', () => {
  test('health needs no credentials', async () => {
    const response = await stranger('GET', '/health')
    expect([response.status, await response.json()]).toEqual([200, { status: 'UP' }])
  })

  test.each([
    '/v1/',
    '/v2/',
    '/v1/_catalog',
    '/v1/_packyard/catalog',
    '/v1/_packyard/contents',
    '/v1/nothing/tags/list',
    '/elsewhere',
  ])('%s asks a stranger to sign in', async (path) => {
    const response = await stranger('GET', path)
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="Registry Realm"')
    expect(await errorOf(response)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
  })

  test.each(['admin:wrong', 'nobody:admin-pw', 'admin:', ':'])('%s is not let in', async (credentials) => {
    expect((await sender(registry.url, credentials)('GET', '/v1/')).status).toBe(401)
  })

  test('everybody with a password reads', async () => {
    expect((await reader('GET', '/v1/')).status).toBe(200)
    expect((await reader('GET', '/v1/_catalog')).status).toBe(200)
  })

  test.each([
    ['POST', '/v1/demo/blobs/uploads/'],
    ['PUT', '/v1/demo/manifests/1.0.0'],
    ['DELETE', '/v1/demo/manifests/1.0.0'],
    ['DELETE', `/v1/demo/blobs/${digestOf(Buffer.from(''))}`],
    ['PATCH', '/v1/demo/blobs/uploads/123e4567-e89b-42d3-a456-426614174000'],
    ['GET', '/v1/demo/blobs/uploads/123e4567-e89b-42d3-a456-426614174000'],
  ])('a reader is denied %s %s', async (method, path) => {
    expect(await errorOf(await reader(method, path))).toMatchObject({ status: 403, code: 'DENIED' })
  })

  test('the log names the user and the request, and holds no credentials', async () => {
    const response = await admin('GET', '/v1/logged/tags/list', { headers: { 'x-request-id': 'my-request' } })
    expect(response.headers.get('x-request-id')).toBe('my-request')
    await expect
      .poll(() => registry.log())
      .toMatch(/"requestId":"my-request".*"user":"admin","method":"GET","path":"\/v1\/logged\/tags\/list"/)
    expect(registry.log()).not.toMatch(/admin-pw|reader-pw|authorization|YWRtaW4/i)
  })
})

describe('roles, and reading without a name', () => {
  let own: RegistryProcess
  let place: string
  let monitored: number
  beforeAll(async () => {
    place = await temporaryDirectory()
    monitored = await freePort()
    own = await startRegistryProcess({
      ...(await variablesFor(place, {
        ci: 'ci-pw',
        janitor: 'janitor-pw',
        ada: 'ada-pw',
        guest: 'guest-pw',
      })),
      REGISTRY_AUTH_HTPASSWD_ROLES: '{ci: push, janitor: [delete], ada: admin}',
      REGISTRY_AUTH_HTPASSWD_ANONYMOUS: 'read',
      REGISTRY_HTTP_DEBUG_ADDR: `127.0.0.1:${monitored}`,
      REGISTRY_HTTP_DEBUG_PROMETHEUS_ENABLED: 'true',
    })
  })
  afterAll(async () => {
    await own.end()
    await rm(place, { recursive: true })
  })

  test('each may what its role says, and reads', async () => {
    const as = (user: string) => sender(own.url, `${user}:${user}-pw`)
    const push = async (user: string) =>
      (await pushPack(as(user), packFiles({ name: 'demo', version: '1.0.0' }))).response.status
    const remove = async (user: string) => (await as(user)('DELETE', '/v1/demo/manifests/1.0.0')).status
    const collect = async (user: string) => (await as(user)('POST', '/v1/_packyard/collect')).status
    const read = async (user: string) => (await as(user)('GET', '/v1/_catalog')).status
    const can: Record<string, number[]> = {}
    for (const user of ['guest', 'janitor', 'ci', 'ada'])
      can[user] = [await push(user), await read(user), await collect(user)]
    expect(can).toEqual({
      guest: [403, 200, 403],
      janitor: [403, 200, 403],
      ci: [201, 200, 403],
      ada: [201, 200, 200],
    })
    expect([await remove('guest'), await remove('ci'), await remove('janitor')]).toEqual([403, 403, 202])
  })

  test('without a name one reads, and is asked for one to do more; a wrong password is still wrong', async () => {
    const nobody = sender(own.url)
    expect((await nobody('GET', '/v1/_catalog')).status).toBe(200)
    expect((await sender(own.url, ':')('GET', '/v2/_catalog')).status).toBe(200)
    // Clients decide here whether they sign in at all.
    expect((await nobody('GET', '/v2/')).status).toBe(401)
    expect((await nobody('POST', '/v2/demo/blobs/uploads/')).status).toBe(401)
    expect((await sender(own.url, 'ci:wrong')('GET', '/v1/_catalog')).status).toBe(401)
  })

  test('monitoring reads what was asked and answered, at an address of its own, and no name in it', async () => {
    await pushPack(sender(own.url, 'ada:ada-pw'), packFiles({ name: 'monitored', version: '1.0.0' }))
    const text = await (await fetch(`http://127.0.0.1:${monitored}/metrics`)).text()
    expect(text).toMatch(
      /packyard_registry_http_requests_total\{at="manifest",method="PUT",status="201"\} [1-9]/,
    )
    expect(text).toMatch(/packyard_registry_packs [1-9]/)
    expect(text).toMatch(/process_resident_memory_bytes \d+/)
    expect(text).not.toMatch(/monitored|ada|ci-pw/)
    expect((await sender(own.url, 'ada:ada-pw')('GET', '/metrics')).status).toBe(404)
  })
})

describe('packs', () => {
  const logo = '\x89PNG\r\n\x1a\n'

  test('what was pushed is pulled byte for byte, under /v1 and /v2', async () => {
    const files = packFiles(
      { name: 'round-trip', version: '1.33.9' },
      { 'values.yaml': 'a: 1\n', 'b/c.txt': 'c' },
    )
    const { response, digest, bytes, blobs } = await pushPack(admin, files)
    expect(response.status).toBe(201)
    expect(response.headers.get('docker-content-digest')).toBe(digest)
    expect(response.headers.get('location')).toBe(`/v1/round-trip/manifests/${digest}`)
    for (const prefix of ['/v1', '/v2']) {
      for (const reference of ['1.33.9', '1.33.x', '1.x', digest]) {
        const manifest = await reader('GET', `${prefix}/round-trip/manifests/${reference}`)
        expect(manifest.headers.get('docker-content-digest')).toBe(digest)
        expect(manifest.headers.get('content-type')).toBe(OCI_MANIFEST)
        expect(Buffer.from(await manifest.arrayBuffer()).equals(bytes)).toBe(true)
      }
      for (const blob of blobs) {
        const got = await reader('GET', `${prefix}/round-trip/blobs/${blob.digest}`)
        expect(Buffer.from(await got.arrayBuffer()).equals(blob.bytes)).toBe(true)
      }
      const tags = await reader('GET', `${prefix}/round-trip/tags/list`)
      expect(await tags.json()).toEqual({ name: 'round-trip', tags: ['1.33.9', '1.33.x', '1.x'] })
    }
  })

  test('HEAD tells of a manifest and a blob what GET does, without the body', async () => {
    const { digest, bytes, blobs } = await pushPack(admin, packFiles({ name: 'heads', version: '1.0.0' }))
    const manifest = await reader('HEAD', '/v2/heads/manifests/1.0.0')
    expect(manifest.headers.get('docker-content-digest')).toBe(digest)
    expect(manifest.headers.get('content-length')).toBe(String(bytes.length))
    expect(await manifest.text()).toBe('')
    const blob = await reader('HEAD', `/v2/heads/blobs/${blobs[0]?.digest}`)
    expect(blob.headers.get('content-length')).toBe(String(blobs[0]?.bytes.length))
  })

  test('other content of a version is refused, and taken by force', async () => {
    const before = packFiles({ name: 'final', version: '1.0.0' }, { 'values.yaml': 'a: 1\n' })
    const after = packFiles({ name: 'final', version: '1.0.0' }, { 'values.yaml': 'a: 2\n' })
    const first = await pushPack(admin, before)
    expect((await pushPack(admin, before)).response.status).toBe(201)
    const refused = (await pushPack(admin, after)).response
    expect(await errorOf(refused)).toMatchObject({
      status: 409,
      code: 'TAG_IMMUTABLE',
      message: expect.stringContaining('final 1.0.0 exists with other content'),
      detail: { tag: '1.0.0', digest: first.digest },
    })
    const headers = { 'packyard-force': 'true', 'packyard-message': 'Fixes%20it%20%E2%9C%93' }
    const forced = await pushPack(admin, after, { headers })
    expect(forced.response.status).toBe(201)
    const now = await reader('HEAD', '/v1/final/manifests/1.0.0')
    expect(now.headers.get('docker-content-digest')).toBe(forced.digest)
    expect((await reader('HEAD', `/v1/final/manifests/${first.digest}`)).status).toBe(200)
  })

  test('of many who push other content of one version at once, one wins', async () => {
    const pushes = Array.from({ length: 8 }, (_, i) =>
      pushPack(admin, packFiles({ name: 'race', version: '1.0.0' }, { 'values.yaml': `a: ${i}\n` })),
    )
    const statuses = (await Promise.all(pushes)).map(({ response }) => response.status)
    expect(statuses.sort()).toEqual([201, ...Array(7).fill(409)])
  })

  test('a track follows the newest version, and cannot be deleted or pushed', async () => {
    for (const version of ['1.2.9', '1.2.10', '1.1.0'])
      await pushPack(admin, packFiles({ name: 'tracks', version }))
    const digestAt = async (tag: string) =>
      (await reader('HEAD', `/v1/tracks/manifests/${tag}`)).headers.get('docker-content-digest')
    expect(await digestAt('1.2.x')).toBe(await digestAt('1.2.10'))
    expect(await errorOf(await admin('DELETE', '/v1/tracks/manifests/1.2.x'))).toMatchObject({
      status: 405,
      code: 'UNSUPPORTED',
      message: expect.stringContaining('1.2.x is a track'),
    })
    expect((await admin('DELETE', '/v1/tracks/manifests/1.2.10')).status).toBe(202)
    expect(await digestAt('1.2.x')).toBe(await digestAt('1.2.9'))
    const { config } = JSON.parse(await (await reader('GET', '/v1/tracks/manifests/1.1.0')).text())
    const image = JSON.stringify({ schemaVersion: 2, config, layers: [] })
    expect(await errorOf(await pushManifest(admin, 'tracks', '1.x', image))).toMatchObject({
      code: 'TAG_INVALID',
    })
  })

  test('a version in a group is pushed under its group and has tracks there', async () => {
    const files = packFiles({ name: 'grouped', version: '14.4.3' })
    expect((await pushPack(admin, files, { tag: 'lts__14.4.3' })).response.status).toBe(201)
    const { tags } = (await (await reader('GET', '/v1/grouped/tags/list')).json()) as { tags: string[] }
    expect(tags).toEqual(['lts__14.4.3', 'lts__14.4.x', 'lts__14.x'])
  })

  test.each([
    [{ name: 'other', version: '1.0.0' }, {}, /the pack is other, and it was pushed to checked/],
    [
      { name: 'checked', version: '1.0.0' },
      { tag: '1.0.1' },
      /version 1\.0\.0, and it was pushed as 1\.0\.1/,
    ],
    [{ name: 'checked', version: '1.0.0', layer: 'moon' }, {}, /pack\.json is not valid: layer/],
    [{ name: 'checked', version: '1.x' }, {}, /name of a track/],
  ])('%j pushed to "checked" with %j is refused with the reason', async (pack, options, message) => {
    const { response } = await pushPack(admin, packFiles(pack), { repository: 'checked', ...options })
    expect(await errorOf(response)).toMatchObject({
      status: 400,
      code: 'MANIFEST_INVALID',
      message: expect.stringMatching(message),
    })
    expect((await reader('GET', '/v1/checked/tags/list')).status).toBe(404)
  })

  test('a pack whose blobs are missing, or have another size, is refused', async () => {
    const { manifest, blobs } = await toOciPack(packFiles({ name: 'blobs', version: '1.0.0' }))
    expect(await errorOf(await pushManifest(admin, 'blobs', '1.0.0', manifest.bytes))).toMatchObject({
      status: 404,
      code: 'MANIFEST_BLOB_UNKNOWN',
      detail: { digest: blobs[0]?.digest },
    })
    for (const { bytes } of blobs) await pushBlob(admin, 'blobs', bytes)
    const lies = manifest.bytes.toString().replace(/"size":\d+/, '"size":1')
    expect(await errorOf(await pushManifest(admin, 'blobs', '1.0.0', lies))).toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringMatching(/has 1 bytes, and it has \d+/),
    })
  })

  test('the catalog under /v1 has packs only, and the one under /v2 has all', async () => {
    await pushPack(admin, packFiles({ name: 'a-pack', version: '1.0.0' }))
    const config = Buffer.from('{}')
    await pushBlob(admin, 'team/image', config)
    const image = {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(config), size: 2 },
      layers: [],
    }
    for (const moved of ['1', '2']) {
      const bytes = JSON.stringify({ ...image, annotations: { moved } })
      expect((await pushManifest(admin, 'team/image', 'latest', bytes)).status).toBe(201)
    }
    const catalog = async (prefix: string) =>
      ((await (await reader('GET', `${prefix}/_catalog`)).json()) as { repositories: string[] }).repositories
    expect(await catalog('/v1')).toContain('a-pack')
    expect(await catalog('/v1')).not.toContain('team/image')
    expect(await catalog('/v2')).toEqual(expect.arrayContaining(['a-pack', 'team/image']))
  })

  test('everything comes in one listing, and nothing while nothing changed', async () => {
    const { digest } = await pushPack(admin, packFiles({ name: 'listed', version: '2.0.0' }))
    const first = await reader('GET', '/v1/_packyard/catalog')
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = await linesOf(first)
    expect(lines).toContainEqual({
      name: 'listed',
      version: '2.0.0',
      digest,
      tags: ['2.0.0', '2.0.x', '2.x'],
      size: expect.any(Number),
    })
    expect(lines.at(-1)).toEqual({ end: true, count: lines.length - 1 })
    const held = { headers: { 'if-none-match': etag } }
    await pushBlob(admin, 'team/image', Buffer.from('an image is no pack'))
    expect((await reader('GET', '/v1/_packyard/catalog', held)).status).toBe(304)
    await pushPack(admin, packFiles({ name: 'listed', version: '2.0.1' }))
    expect((await reader('GET', '/v1/_packyard/catalog', held)).status).toBe(200)
  })

  const ask = (question: unknown, send = reader) =>
    send('POST', '/v1/_packyard/contents', { body: JSON.stringify(question) })

  /** What an answer holds, in its order; blobs by their digest, checked. */
  async function framesOf(response: Response): Promise<unknown[]> {
    const frames: unknown[] = []
    for await (const frame of readFrames(response.body as unknown as AsyncIterable<Uint8Array>, 8_000_000)) {
      if (frame.is === 'blob') expect(digestOf(frame.bytes)).toBe(frame.digest)
      frames.push(frame.is === 'blob' ? frame.digest : frame)
    }
    return frames
  }

  test('the contents of many packs come in one answer, each blob once, and never the tar of the other files', async () => {
    const shared = {
      'README.md': '# The same\n',
      'values.yaml': `# ${'large '.repeat(60_000)}\n`,
      'x.txt': 'x',
    }
    const packs: Awaited<ReturnType<typeof pushPack>>[] = []
    for (const version of ['1.0.0', '1.0.1'])
      packs.push(await pushPack(admin, packFiles({ name: 'many', version }, shared)))
    const partsOf = ({ blobs }: (typeof packs)[number]) =>
      blobs.filter((one) => one.mediaType !== PACK_MEDIA_TYPES.files).map((one) => one.digest)
    const [first, second] = packs as [(typeof packs)[number], (typeof packs)[number]]
    const absent = digestOf(Buffer.from('absent'))
    const question = {
      packs: [
        ...packs.map(({ digest }) => ({ name: 'many', digest })),
        // Of another repository, and of none.
        { name: 'a-pack', digest: first.digest },
        { name: 'nowhere', digest: absent },
      ],
    }
    const response = await ask(question)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, CONTENT_FRAMES])
    const [config = '', ...others] = partsOf(first)
    expect(await framesOf(response)).toEqual([
      first.digest,
      config,
      ...others,
      { is: 'pack', name: 'many', digest: first.digest },
      second.digest,
      partsOf(second)[0],
      { is: 'pack', name: 'many', digest: second.digest },
      { is: 'pack', name: 'a-pack', digest: first.digest, error: 'There is no such pack here' },
      { is: 'pack', name: 'nowhere', digest: absent, error: 'There is no such pack here' },
      { is: 'end' },
    ])
    const known = await ask({ packs: [{ name: 'many', digest: first.digest }], held: others })
    expect(await framesOf(known)).toEqual([
      first.digest,
      config,
      { is: 'pack', name: 'many', digest: first.digest },
      { is: 'end' },
    ])
  })

  test('contents are asked for with a password, 500 at a time, and by a body that is read', async () => {
    expect((await ask({ packs: [] }, stranger)).status).toBe(401)
    const digest = digestOf(Buffer.from('absent'))
    const answer = await ask({ packs: Array(500).fill({ name: 'x', digest }) })
    expect(await framesOf(answer)).toHaveLength(501)
    for (const body of ['', '{', '[]', '{"packs":[{"name":"../x","digest":"sha256:1"}]}'])
      expect(await errorOf(await reader('POST', '/v1/_packyard/contents', { body }))).toMatchObject({
        status: 400,
        message: expect.stringMatching(/^The body is/),
      })
    expect((await ask({ packs: Array(501).fill({ name: 'x', digest }) })).status).toBe(400)
    expect((await ask({ packs: [], held: 'x'.repeat(300_000) })).status).toBe(413)
    expect((await reader('GET', '/v1/_packyard/contents')).status).toBe(405)
  })

  test('a logo is an image where it is asked for as one, and plain bytes otherwise', async () => {
    const files = packFiles({ name: 'logos', version: '1.0.0' })
    files.set('logo.png', { bytes: Buffer.from(logo, 'latin1'), executable: false })
    const { blobs } = await pushPack(admin, files)
    const digest = blobs.find(({ mediaType }) => mediaType === PACK_MEDIA_TYPES.logo)?.digest
    const typed = await reader('GET', `/v1/logos/blobs/${digest}?type=image/png`)
    expect(typed.headers.get('content-type')).toBe('image/png')
    const pack = blobs.find(({ mediaType }) => mediaType === PACK_MEDIA_TYPES.manifest)?.digest
    const json = await reader('GET', `/v1/logos/blobs/${pack}?type=image/png`)
    expect(json.headers.get('content-type')).toBe('application/octet-stream')
    expect(json.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect((await stranger('GET', `/v1/logos/blobs/${digest}?type=image/png`)).status).toBe(401)
  })
})

describe('uploads', () => {
  const content = Buffer.from('0123456789')
  const digest = digestOf(content)
  const start = async () => {
    const response = await admin('POST', '/v2/uploads/blobs/uploads/')
    expect(response.status).toBe(202)
    return response.headers.get('location') ?? ''
  }
  const patch = (location: string, from: number, to: number) =>
    admin('PATCH', location, {
      body: toBody(content.subarray(from, to)),
      headers: { 'content-range': `${from}-${to - 1}`, 'content-type': 'application/octet-stream' },
    })

  test('a blob comes in parts, tells how far it came, and is there at the end', async () => {
    const location = await start()
    const first = await patch(location, 0, 4)
    expect([first.status, first.headers.get('range')]).toEqual([202, '0-3'])
    const status = await admin('GET', location)
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-3'])
    expect(status.headers.get('location')).toBe(location)
    expect((await patch(location, 4, 8)).status).toBe(202)
    const end = await admin('PUT', `${location}?digest=${digest}`, { body: toBody(content.subarray(8)) })
    expect(end.status).toBe(201)
    expect(end.headers.get('location')).toBe(`/v2/uploads/blobs/${digest}`)
    expect(await (await reader('GET', `/v2/uploads/blobs/${digest}`)).text()).toBe('0123456789')
    expect(await errorOf(await admin('GET', location))).toMatchObject({
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    })
  })

  test('a part that does not follow is refused, and the upload goes on where it was', async () => {
    const location = await start()
    await patch(location, 0, 4)
    const refused = await patch(location, 5, 8)
    expect(refused.headers.get('range')).toBe('0-3')
    expect(await errorOf(refused)).toMatchObject({ status: 416, code: 'RANGE_INVALID' })
    expect((await patch(location, 4, 10)).status).toBe(202)
    expect((await admin('PUT', `${location}?digest=${digest}`)).status).toBe(201)
  })

  test('bytes with another digest are refused', async () => {
    const location = await start()
    await patch(location, 0, 4)
    expect(await errorOf(await admin('PUT', `${location}?digest=${digest}`))).toMatchObject({
      status: 400,
      code: 'DIGEST_INVALID',
    })
    expect(await errorOf(await admin('PUT', `${location}?digest=md5:x`))).toMatchObject({
      code: 'DIGEST_INVALID',
    })
  })

  test('an upload that is cancelled is gone', async () => {
    const location = await start()
    expect((await admin('DELETE', location)).status).toBe(204)
    expect((await patch(location, 0, 4)).status).toBe(404)
  })

  test('a blob of another repository is mounted, and one that is not there begins an upload', async () => {
    await pushBlob(admin, 'mount-from', content)
    const mounted = await admin('POST', `/v2/mount-to/blobs/uploads/?mount=${digest}&from=mount-from`)
    expect([mounted.status, mounted.headers.get('location')]).toEqual([201, `/v2/mount-to/blobs/${digest}`])
    expect(await (await reader('GET', `/v2/mount-to/blobs/${digest}`)).text()).toBe('0123456789')
    const unknown = await admin('POST', `/v2/mount-to/blobs/uploads/?mount=${digest}&from=nowhere`)
    expect(unknown.status).toBe(202)
  })

  test('a repository does not show the blobs of another', async () => {
    await pushBlob(admin, 'has-it', Buffer.from('mine'))
    const path = `/v2/has-it-not/blobs/${digestOf(Buffer.from('mine'))}`
    expect(await errorOf(await reader('GET', path))).toMatchObject({ status: 404, code: 'BLOB_UNKNOWN' })
  })

  test('an empty blob is a blob', async () => {
    expect((await pushBlob(admin, 'empty', Buffer.alloc(0))).status).toBe(201)
    const response = await reader('GET', `/v2/empty/blobs/${digestOf(Buffer.alloc(0))}`)
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  test('a blob beyond the limit is refused with an answer that arrives, also while more of it comes', async () => {
    const response = await pushBlob(admin, 'large', Buffer.alloc(12 * 1024 * 1024))
    expect(await errorOf(response)).toMatchObject({ status: 413, code: 'SIZE_INVALID' })
  })

  test.each([
    ['a stranger who sends a blob hears that he has to sign in', 'nobody:x', 401],
    ['a writer who sends too large a blob hears it', 'admin:admin-pw', 413],
  ])('%s, and the connection can be used again', async (_, credentials, status) => {
    const { hostname, port } = new URL(registry.url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    const target = `/v1/demo/blobs/uploads/?digest=${digest}`
    const authorization = `Authorization: Basic ${Buffer.from(credentials).toString('base64')}`
    socket.write(`POST ${target} HTTP/1.1\r\nHost: x\r\n${authorization}\r\nContent-Length: 4000000\r\n\r\n`)
    socket.write(Buffer.alloc(4_000_000))
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    await once(socket, 'close')
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`, 'HTTP/1.1 200'])
  })

  test('parts of a blob are read by range', async () => {
    await pushBlob(admin, 'ranges', content)
    const read = (range: string) => reader('GET', `/v2/ranges/blobs/${digest}`, { headers: { range } })
    const part = await read('bytes=2-4')
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 2-4/10'])
    expect(await part.text()).toBe('234')
    const beyond = await read('bytes=10-')
    expect(beyond.headers.get('content-range')).toBe('bytes */10')
    expect(await errorOf(beyond)).toMatchObject({ status: 416, code: 'RANGE_INVALID' })
  })
})

describe('what is refused', () => {
  test.each([
    ['GET', '/v1/Demo/tags/list', 400, 'NAME_INVALID'],
    ['GET', '/v1/demo%00/tags/list', 400, 'NAME_INVALID'],
    ['GET', '/v1/demo/manifests/-x', 400, 'TAG_INVALID'],
    ['GET', '/v1/demo/blobs/sha256:..%2f..', 404, 'UNSUPPORTED'],
    ['GET', '/v1/demo/blobs/sha256:AB', 400, 'DIGEST_INVALID'],
    ['GET', '/v1/nowhere/tags/list', 404, 'NAME_UNKNOWN'],
    ['GET', '/v1/nowhere/manifests/1', 404, 'NAME_UNKNOWN'],
    ['GET', '/v1/%zz', 404, 'UNSUPPORTED'],
    ['GET', '/etc/passwd', 404, 'UNSUPPORTED'],
    ['GET', '/v1/_catalog?n=x', 400, 'PAGINATION_NUMBER_INVALID'],
    ['POST', '/v1/_catalog', 405, 'UNSUPPORTED'],
    ['PUT', '/v1/demo/manifests/sha256:abc', 400, 'DIGEST_INVALID'],
    ['DELETE', '/v1/nowhere/manifests/1', 404, 'NAME_UNKNOWN'],
    ['DELETE', `/v1/demo/blobs/${digestOf(Buffer.from('never'))}`, 404, 'BLOB_UNKNOWN'],
  ])('%s %s is %i %s', async (method, path, status, code) => {
    expect(await errorOf(await admin(method, path))).toMatchObject({
      status,
      code,
      message: expect.any(String),
    })
  })

  /** Sends bytes as they are: fetch would tidy the path up. */
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(registry.url)
      let answer = ''
      const socket = connect(Number(port), hostname, () => socket.write(text))
      socket.on('data', (chunk) => {
        answer += chunk
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })
  const authorization = `Authorization: Basic ${Buffer.from('admin:admin-pw').toString('base64')}`

  test.each([
    '/v1/../../etc/passwd',
    '//v1/_catalog',
    '/v1/%2e%2e/%2e%2e/tags/list',
    '/v1/./_catalog',
    '/v1/a/../_catalog',
    'http://x/v1/_catalog',
  ])('the path %s leads nowhere', async (path) => {
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\nHost: x\r\n${authorization}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 (?:400|404) /)
  })

  test('what is no HTTP is answered with 400 and the connection ends', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"errors"/)
  })

  test('headers beyond 16 KB are answered with 431', async () => {
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    )
  })

  test.each([
    ['{', /is no JSON/],
    ['[]', /is not valid/],
    [JSON.stringify({ schemaVersion: 2, artifactType: PACK_ARTIFACT_TYPE, layers: [] }), /config/],
  ])('the manifest %s is refused', async (text, message) => {
    expect(await errorOf(await pushManifest(admin, 'demo', '1.0.0', text))).toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringMatching(message),
    })
  })

  test('a manifest beyond 4 MiB is refused with an answer that arrives', async () => {
    const response = await pushManifest(admin, 'demo', '1.0.0', ' '.repeat(4 * 1024 * 1024 + 1))
    expect(await errorOf(response)).toMatchObject({ status: 413, code: 'SIZE_INVALID' })
  })

  test('a manifest that comes under another digest is refused', async () => {
    const reference = digestOf(Buffer.from('other'))
    expect(await errorOf(await pushManifest(admin, 'demo', reference, '{}'))).toMatchObject({
      code: 'DIGEST_INVALID',
    })
  })

  test('every answer carries the security headers', async () => {
    for (const path of ['/health', '/v1/_catalog', '/elsewhere']) {
      const { headers } = await admin('GET', path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    }
  })
})
