import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { CatalogEntry, PackContent } from '@/lib/adapters/adapter'
import { checkConnection } from '@/lib/adapters/check'
import { openAdapter } from '@/lib/adapters/kinds'
import type { CheckStep, Connection, OciSettings } from '@/lib/adapters/schema'
import { readEgressPolicy } from '@/lib/outbound/policy'
import { writeTar } from '@/lib/pack-format/archive'
import { digestOf } from '@/lib/pack-format/oci'

import { startDockerRegistry } from '../support/docker-registry'
import { anImage, asChart, asOras, pushManifest, pushOci, toTgz } from '../support/oci'
import { pushPack } from '../support/packs'
import { packFiles } from '../support/push'
import { startTestRegistry } from '../support/registry'
import { isInstalled, startWeb } from '../support/servers'
import { startTokenServer } from '../support/token-server'

const policy = readEgressPolicy('')
const never = new AbortController().signal
const hasDistribution = isInstalled('docker-registry')

const opened: { close(): Promise<void> }[] = []
const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
  const one = await opening
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const SETTINGS: OciSettings = {
  ...{ providerType: 'pack', baseContentPath: '', basePath: '', repositories: [], tokenServer: '' },
}
type Given = Partial<OciSettings> & { auth?: Connection['auth'] }
const connectionTo = (endpoint: string, { auth = { type: 'none' }, ...oci }: Given = {}): Connection => ({
  ...{ kind: 'oci', endpoint, auth, tls: { ca: '', insecureSkipVerify: false } },
  oci: { ...SETTINGS, ...oci },
})

type Read = PackContent | string

/** Lists and reads everything with an adapter of its own; what cannot be read is its reason. */
async function readAll(endpoint: string, given?: Given) {
  const adapter = openAdapter(connectionTo(endpoint, given), policy)
  try {
    const listing = await adapter.list(null, never)
    if (listing === 'unchanged') throw new Error('It tells a revision')
    const entries: CatalogEntry[] = []
    for await (const entry of listing.entries) entries.push(entry)
    const contents = new Map<string, Read>()
    for (const entry of entries) {
      const read = adapter.content(entry, async () => new Set(), never)
      contents.set(`${entry.name} ${entry.version}`, await read.catch((error: Error) => error.message))
    }
    return { entries, contents, requests: adapter.traffic.requests }
  } finally {
    await adapter.close()
  }
}

const namesOf = ({ entries }: { entries: CatalogEntry[] }) =>
  entries.map((one) => `${one.name} ${one.version}`).sort()

/** A part of a pack that was read, as text. */
function textOf(read: Read | undefined, part: keyof PackContent['parts']): string | undefined {
  if (typeof read !== 'object') throw new Error(`Not read: ${read}`)
  const found = read.parts[part]
  if (found?.bytes) expect(digestOf(found.bytes)).toBe(found.digest)
  return found?.bytes ? Buffer.from(found.bytes).toString() : undefined
}

const check = (endpoint: string, given?: Given) => checkConnection(connectionTo(endpoint, given), policy)
const statusesOf = (steps: CheckStep[]) =>
  Object.fromEntries(steps.slice(4).map((one) => [one.step, one.status]))
const failureOf = (steps: CheckStep[]) => steps.find((one) => one.status === 'failed')

const NGINX = packFiles(
  { name: 'nginx', version: '1.2.3' },
  { 'values.yaml': 'replicas: 1\n', 'README.md': '# nginx\n', 'charts/nginx.tgz': 'not looked into' },
)

describe.runIf(hasDistribution)('packs as the original lays them out, in Distribution’s registry', () => {
  let server: Awaited<ReturnType<typeof startDockerRegistry>>
  const at = (name: string) => `team/spectro-packs/archive/${name}`

  beforeAll(async () => {
    server = await startDockerRegistry()
    await pushOci(
      server,
      at('nginx'),
      '1.2.3',
      asOras(await toTgz('nginx-1.2.3', NGINX), 'nginx-1.2.3.tar.gz'),
    )
    const plain = packFiles({ name: 'plain', version: '2.0.0' }, { 'schema.yaml': 'a: 1\n' })
    await pushOci(server, at('plain'), '2.0.0', {
      artifactType: 'application/vnd.unknown.artifact.v1',
      config: { mediaType: 'application/vnd.oci.empty.v1+json' },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', bytes: await writeTar(plain) }],
    })
    const image = await pushOci(server, at('image'), '1.0.0', anImage)
    await pushOci(server, at('nginx'), 'sha256-'.padEnd(71, '0'), anImage)
    await pushManifest(
      ...([server, at('image'), 'all', { manifests: [] }] as const),
      'application/vnd.oci.image.index.v1+json',
    )
    await pushOci(server, 'team/app', '1.0.0', anImage)
    await pushOci(server, 'team/spectro-packs/archive', 'base', anImage)
    expect(image).toMatch(/^sha256:/)
  })
  afterAll(() => server.close())

  test('are read with their files, whichever form ORAS gave them, and nothing beside them is', async () => {
    const read = await readAll(server.url, { baseContentPath: 'team' })
    expect(namesOf(read)).toEqual(['image 1.0.0', 'nginx 1.2.3', 'plain 2.0.0'])
    const nginx = read.contents.get('nginx 1.2.3')
    expect(JSON.parse(textOf(nginx, 'manifest') ?? '')).toMatchObject({ name: 'nginx', version: '1.2.3' })
    expect(textOf(nginx, 'values')).toBe('replicas: 1\n')
    expect(textOf(nginx, 'readme')).toBe('# nginx\n')
    expect(textOf(nginx, 'schema')).toBeUndefined()
    expect(textOf(read.contents.get('plain 2.0.0'), 'schema')).toBe('a: 1\n')
    expect(read.contents.get('image 1.0.0')).toBe('The pack cannot be read: it is a container image.')
  })

  test('are found where only their repositories are named', async () => {
    const read = await readAll(server.url, { repositories: [at('nginx'), at('nowhere')] })
    expect(namesOf(read)).toEqual(['nginx 1.2.3'])
    const steps = await check(server.url, { repositories: [at('nginx'), at('nowhere')] })
    expect(statusesOf(steps)).toMatchObject({ catalog: 'warned', pack: 'passed' })
    expect(steps.find((one) => one.step === 'catalog')?.seen).toContain(at('nowhere'))
  })

  test('are not fetched where their content is held', async () => {
    const adapter = openAdapter(connectionTo(server.url, { baseContentPath: 'team' }), policy)
    const listing = await adapter.list(null, never)
    if (listing === 'unchanged') throw new Error('It tells a revision')
    for await (const entry of listing.entries) {
      if (entry.name !== 'nginx') continue
      const { parts } = await adapter.content(entry, async (digests) => new Set(digests), never)
      expect(Object.values(parts).map((part) => part.bytes)).toEqual([null, null, null])
    }
    await adapter.close()
  })

  test('pass the connection test, and another base content path is told', async () => {
    expect(statusesOf(await check(server.url, { baseContentPath: 'team' }))).toEqual({
      ...{ registry: 'passed', credentials: 'passed', catalog: 'passed', pack: 'warned' },
      http: 'passed',
    })
    const steps = await check(server.url, { baseContentPath: 'other' })
    expect(steps.at(-1)).toMatchObject({
      status: 'warned',
      seen: 'No packs yet under other/spectro-packs/archive/',
    })
  })

  test('are not read as a pack registry, and the test says what to choose', async () => {
    const steps = await checkConnection({ ...connectionTo(server.url), kind: 'pack' }, policy)
    expect(failureOf(steps)).toMatchObject({ step: 'registry', fix: expect.stringMatching(/OCI registry/) })
  })
})

describe.runIf(hasDistribution)('Helm charts in Distribution’s registry', () => {
  let server: Awaited<ReturnType<typeof startDockerRegistry>>

  beforeAll(async () => {
    server = await startDockerRegistry()
    const files = new Map(
      Object.entries({
        'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0+b1\ndescription: Serves pages\n',
        'values.yaml': '# How many\nreplicas: 2\n',
        'README.md': '# web\n',
        'templates/a.yaml': 'kind: Service\n',
      }).map(([path, text]) => [path, { bytes: Buffer.from(text), executable: false }]),
    )
    await pushOci(server, 'team/charts/web', '1.0.0_b1', asChart(await toTgz('web', files)))
    await pushOci(server, 'team/app', '1.0.0', anImage)
  })
  afterAll(() => server.close())

  test('become packs, and images beside them are left alone', async () => {
    const read = await readAll(server.url, { providerType: 'helm', baseContentPath: 'team' })
    expect(namesOf(read)).toEqual(['web 1.0.0_b1'])
    const web = read.contents.get('web 1.0.0_b1')
    expect(JSON.parse(textOf(web, 'manifest') ?? '')).toMatchObject({
      ...{ name: 'web', version: '1.0.0_b1', layer: 'addon' },
      annotations: { description: 'Serves pages' },
    })
    expect(textOf(web, 'values')).toContain('replicas: 2')
    expect(textOf(web, 'readme')).toBe('# web\n')
    expect((await check(server.url, { providerType: 'helm' })).at(-1)).toMatchObject({ seen: 'web 1.0.0_b1' })
  })

  test('are no packs where packs are read', async () => {
    expect(namesOf(await readAll(server.url, { baseContentPath: 'team/charts' }))).toEqual([])
    const named = await readAll(server.url, { repositories: ['team/charts/web'] })
    expect(named.contents.get('web 1.0.0_b1')).toBe('The pack cannot be read: it is a Helm chart.')
  })
})

test('our own registry is read under /v2/ as well', async () => {
  const server = await keep(startTestRegistry({ users: { admin: 'right' } }))
  await pushPack({ url: server.url, user: 'admin', password: 'right' }, { name: 'dash', version: '1.4.2' })
  const auth = { type: 'basic', username: 'admin', password: 'right' } as const
  const read = await readAll(server.url, { auth })
  expect(namesOf(read)).toEqual(['dash 1.4.2'])
  expect(read.entries[0]?.tags.sort()).toEqual(['1.4.2', '1.4.x', '1.x'])
  expect(JSON.parse(textOf(read.contents.get('dash 1.4.2'), 'manifest') ?? '')).toMatchObject({
    name: 'dash',
  })
  expect(failureOf(await check(server.url, { auth }))).toBeUndefined()
  const wrong = await check(server.url, { auth: { ...auth, password: 'wrong' } })
  expect(failureOf(wrong)).toMatchObject({ step: 'credentials' })
})

describe.runIf(hasDistribution)('a registry that wants tokens', () => {
  const auth = { type: 'basic', username: 'ci', password: 'right' } as const
  const users = { ci: 'right' }
  const repository = 'spectro-packs/archive/nginx'

  async function start(options: Parameters<typeof startTokenServer>[0]) {
    const tokens = await keep(startTokenServer(options))
    const server = await keep(startDockerRegistry(tokens.auth))
    const access = [{ type: 'repository', name: repository, actions: ['pull', 'push'] }]
    const target = { url: server.url, authorization: `Bearer ${tokens.issue(access)}` }
    await pushOci(target, repository, '1.2.3', asOras(await toTgz('nginx', NGINX), 'nginx-1.2.3.tar.gz'))
    return { tokens, server, tokenServer: tokens.url }
  }

  test('gets them for the password, each asked for once while it lasts', async () => {
    const { tokens, server, tokenServer } = await start({ users })
    const read = await readAll(server.url, { auth, tokenServer })
    expect(textOf(read.contents.get('nginx 1.2.3'), 'values')).toBe('replicas: 1\n')
    const basic = `Basic ${Buffer.from('ci:right').toString('base64')}`
    expect(tokens.asked).toEqual([
      { scope: '', authorization: basic },
      { scope: 'registry:catalog:*', authorization: basic },
      { scope: `repository:${repository}:pull`, authorization: basic },
    ])
    expect(failureOf(await check(server.url, { auth, tokenServer }))).toBeUndefined()
  })

  test('gets new ones when they are over', async () => {
    const { tokens, server, tokenServer } = await start({ users, seconds: 0.001 })
    const read = await readAll(server.url, { auth, tokenServer })
    expect(namesOf(read)).toEqual(['nginx 1.2.3'])
    expect(tokens.asked.filter((one) => one.scope.startsWith('repository:')).length).toBeGreaterThan(2)
  })

  test('is read without a password where everybody may', async () => {
    const { tokens, server, tokenServer } = await start({})
    expect(namesOf(await readAll(server.url, { tokenServer }))).toEqual(['nginx 1.2.3'])
    expect(new Set(tokens.asked.map((one) => one.authorization))).toEqual(new Set(['']))
  })

  test('is read without a password by named repositories where strangers get no token for nothing', async () => {
    const { server, tokenServer } = await start({ login: false, catalog: false })
    const named = { tokenServer, repositories: [repository] }
    expect(namesOf(await readAll(server.url, named))).toEqual(['nginx 1.2.3'])
    expect(failureOf(await check(server.url, { tokenServer }))).toMatchObject({ step: 'credentials' })
  })

  test('refuses a wrong password at the credentials', async () => {
    const { server, tokenServer } = await start({ users })
    const steps = await check(server.url, { auth: { ...auth, password: 'wrong' }, tokenServer })
    expect(failureOf(steps)).toMatchObject({ step: 'credentials', seen: expect.stringMatching(/401/) })
  })

  test('is read by named repositories where it does not list them', async () => {
    const { server, tokenServer } = await start({ users, catalog: false })
    expect(failureOf(await check(server.url, { auth, tokenServer }))).toMatchObject({
      ...{ step: 'catalog', fix: expect.stringMatching(/Name the repositories/) },
    })
    const named = { auth, tokenServer, repositories: [repository] }
    expect(namesOf(await readAll(server.url, named))).toEqual(['nginx 1.2.3'])
    expect(failureOf(await check(server.url, named))).toBeUndefined()
  })

  test('does not get a password sent to a token server that nobody entered', async () => {
    const { tokens, server } = await start({ users })
    for (const tokenServer of ['', 'http://127.0.0.1:1', `${tokens.url}.evil.example`])
      expect(failureOf(await check(server.url, { auth, tokenServer }))).toMatchObject({
        ...{ step: 'credentials', fix: expect.stringContaining(`enter ${tokens.url} as token server`) },
      })
    expect(tokens.asked).toEqual([])
  })
})

describe('a registry that means harm', () => {
  type Answer = { status?: number; headers?: Record<string, string>; body?: Uint8Array | string }

  /** Answers as a test says by path; the rest is 404. */
  const serve = async (answer: (path: string, query: URLSearchParams) => Answer | undefined) => {
    const web = await keep(
      startWeb((request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
        const { status = 200, headers = {}, body = '' } = answer(pathname, searchParams) ?? { status: 404 }
        response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
        response.end(request.method === 'HEAD' ? undefined : body)
      }),
    )
    return `http://127.0.0.1:${web.port}`
  }

  /** A registry with one pack of one layer, whose blob is answered with `sent`. */
  const serveOne = (layer: Uint8Array, sent = layer, manifestSent?: string) => {
    const descriptorOf = (bytes: Uint8Array) => ({ digest: digestOf(bytes), size: bytes.length })
    const config = Buffer.from('{}')
    const mediaType = 'application/vnd.unknown.config.v1+json'
    const manifest = JSON.stringify({
      schemaVersion: 2,
      config: { mediaType, ...descriptorOf(config) },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...descriptorOf(layer) }],
    })
    const digest = digestOf(Buffer.from(manifest))
    const at = '/v2/spectro-packs/archive/nginx'
    const answers: Record<string, Answer> = {
      '/v2/': { body: '{}' },
      '/v2/_catalog': { body: JSON.stringify({ repositories: ['spectro-packs/archive/nginx'] }) },
      [`${at}/tags/list`]: { body: JSON.stringify({ tags: ['1.2.3', '../../etc', 'a b'] }) },
      [`${at}/manifests/1.2.3`]: { headers: { 'docker-content-digest': digest } },
      [`${at}/manifests/${digest}`]: { body: manifestSent ?? manifest },
      [`${at}/blobs/${digestOf(layer)}`]: { body: sent },
    }
    return serve((path) => answers[path])
  }
  const reasonOf = async (endpoint: string) => (await readAll(endpoint)).contents.get('nginx 1.2.3')

  test('does not get a manifest or an archive believed that is not what its digest says', async () => {
    const layer = await toTgz('nginx', NGINX)
    const other = Buffer.from(layer)
    other[layer.length - 5] = (other[layer.length - 5] ?? 0) ^ 1
    expect(typeof (await reasonOf(await serveOne(layer)))).toBe('object')
    expect(await reasonOf(await serveOne(layer, other))).toMatch(/archive is not what its digest says/)
    expect(await reasonOf(await serveOne(layer, layer, '{}'))).toMatch(/manifest is not what its digest says/)
  })

  test('does not get a bomb unpacked, nor paths and links that lead out', async () => {
    const tar = await writeTar(NGINX)
    const zeros = gzipSync(Buffer.alloc(16 * 1024 * 1024))
    const bomb = Buffer.concat([gzipSync(tar), ...Array<Uint8Array>(20).fill(zeros)])
    expect(bomb.length).toBeLessThan(400 * 1024)
    expect(await reasonOf(await serveOne(bomb))).toMatch(/too large when unpacked/)
    const out = Buffer.from(tar)
    out.write('../../../etc/passwd\0', 0)
    out.write('        ', 148)
    const sum = out.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    out.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    expect(await reasonOf(await serveOne(gzipSync(out)))).toMatch(/leads out/)
    expect(await reasonOf(await serveOne(Buffer.from('no archive')))).toMatch(/no sound tar|no pack\.json/)
    expect(await reasonOf(await serveOne(gzipSync(tar).subarray(0, 200)))).toMatch(/no sound gzip/)
    const two = new Map([...NGINX, ...[...NGINX].map(([path, file]) => [`other/${path}`, file] as const)])
    expect(await reasonOf(await serveOne(await toTgz('', two)))).toMatch(/holds two packs/)
  })

  test('does not keep us with a list that does not end, nor lead us elsewhere', async () => {
    const seen: string[] = []
    const endless = await serve((path, query) => {
      if (path === '/v2/') return { body: '{}' }
      seen.push(path)
      const last = Number(query.get('last') ?? 0) + 1
      const link = `<https://elsewhere.example/v2/_catalog?n=1&last=${last}>; rel="next"`
      return { body: JSON.stringify({ repositories: [`r${last}`] }), headers: { link } }
    })
    await expect(readAll(endless)).rejects.toMatchObject({ step: 'catalog', next: 'stalled' })
    expect(new Set(seen)).toEqual(new Set(['/v2/_catalog']))
    const circle = await serve((path) =>
      path === '/v2/'
        ? { body: '{}' }
        : { body: '{"repositories":[]}', headers: { link: '</v2/_catalog?n=1000>; rel="next"' } },
    )
    await expect(readAll(circle)).rejects.toThrow(/does not end/)
  })

  test('gets no password where it is no OCI registry', async () => {
    const auth = { type: 'basic', username: 'ci', password: 'secret' } as const
    const seen: (string | undefined)[] = []
    const web = await keep(
      startWeb((request, response) => {
        seen.push(request.headers.authorization)
        response.setHeader('content-type', 'text/html')
        response.end('<!doctype html>')
      }),
    )
    const steps = await check(`http://127.0.0.1:${web.port}`, { auth })
    expect(failureOf(steps)).toMatchObject({ step: 'registry', seen: expect.stringMatching(/a web page/) })
    expect(seen.filter(Boolean)).toEqual([])
  })

  test('that speaks only /v1/ is told to be a pack registry', async () => {
    const headers = { 'docker-distribution-api-version': 'registry/2.0' }
    const endpoint = await serve((path) => (path === '/v1/' ? { body: '{}', headers } : undefined))
    expect(failureOf(await check(endpoint))).toMatchObject({
      ...{ step: 'registry', fix: expect.stringMatching(/kind Pack registry/), otherKind: 'pack' },
    })
  })

  test('wants a token from an address that is none, or unencrypted: refused', async () => {
    for (const realm of [
      'javascript:alert(1)',
      'http://user:word@127.0.0.1/token',
      'https://evil.example/',
    ]) {
      const endpoint = await serve(() => ({
        status: 401,
        headers: { 'www-authenticate': `Bearer realm="${realm}"` },
      }))
      expect(failureOf(await check(endpoint))).toMatchObject({ step: 'credentials' })
    }
  })
})
