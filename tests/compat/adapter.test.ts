import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { CatalogEntry, RegistryAdapter } from '@/lib/adapters/adapter'
import { openAdapter } from '@/lib/adapters/kinds'
import type { Connection } from '@/lib/adapters/schema'
import { readEgressPolicy } from '@/lib/outbound/policy'
import { CONTENT_FRAMES, frameLine } from '@/lib/pack-format/content-frames'
import { digestOf, toOciPack } from '@/lib/pack-format/oci'

import { startDockerRegistry } from '../support/docker-registry'
import { startGateway } from '../support/gateway'
import { deletePack, PNG, packFiles, push, pushPack } from '../support/packs'
import { startTestRegistry } from '../support/registry'
import { isInstalled, startWeb } from '../support/servers'

const policy = readEgressPolicy('')
const never = new AbortController().signal

const open = (endpoint: string, auth: Connection['auth'] = { type: 'none' }): RegistryAdapter =>
  openAdapter({ kind: 'pack', endpoint, auth, tls: { ca: '', insecureSkipVerify: false } }, policy)

/** Lists with an adapter of its own. */
async function list(endpoint: string, held: string | null = null, auth?: Connection['auth']) {
  const adapter = open(endpoint, auth)
  try {
    const listing = await adapter.list(held, never)
    if (listing === 'unchanged') return { ...trafficOf(adapter), entries: null, revision: held }
    const entries: CatalogEntry[] = []
    for await (const entry of listing.entries) entries.push(entry)
    entries.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
    return { ...trafficOf(adapter), entries, revision: listing.revision }
  } finally {
    await adapter.close()
  }
}
const trafficOf = ({ traffic }: RegistryAdapter) => ({ requests: traffic.requests, bytes: traffic.bytes })

interface Place {
  endpoint: string
  /** Where to push to: past the gateway, where there is one. */
  target: { url: string; api: '/v1' | '/v2' }
  close(): Promise<void>
}

async function startOurs(): Promise<Place> {
  const { url, close } = await startTestRegistry()
  return { endpoint: url, target: { url, api: '/v1' }, close }
}

/** Distribution's API under /v1/, in pages of two, as a server has it that knows nothing of ours. */
async function startDistribution(): Promise<Place> {
  const server = await startDockerRegistry()
  const gateway = await startGateway(
    server.url,
    (path) => path.replace(/^\/v1\//, '/v2/').replace(/([?&])n=\d+/, '$1n=2'),
    (location) => location.replace('/v2/', '/v1/'),
  )
  return {
    endpoint: gateway.url,
    target: { url: server.url, api: '/v2' },
    async close() {
      await gateway.close()
      await server.close()
    },
  }
}

const SERVERS = [
  ['our registry server', startOurs, true],
  [
    'a server that has nothing but Distribution\u2019s API under /v1/',
    startDistribution,
    isInstalled('docker-registry'),
  ],
] as const

describe.each(SERVERS.filter(([, , installed]) => installed))('%s', (_name, start) => {
  let place: Place
  const digests: Record<string, string> = {}
  const five = { name: 'cilium', version: '1.18.4', layer: 'cni', logo: PNG, readme: '# Cilium\n' }

  beforeAll(async () => {
    place = await start()
    const { target } = place
    for (const name of ['argo-cd', 'dex', 'harbor', 'vault'])
      digests[name] = await pushPack(target, { name, version: '1.0.0' })
    digests.cilium = await push(target, 'cilium', ['1.18.4', 'lts__1.18.4'], await toOciPack(packFiles(five)))
    digests.old = await pushPack(target, { ...five, version: '1.17.0' })
  })
  afterAll(() => place.close())

  test('every version of every pack is listed once, with its digest and its tags', async () => {
    const { entries } = await list(place.endpoint)
    expect(entries?.map(({ name, version, digest }) => [name, version, digest])).toEqual([
      ['argo-cd', '1.0.0', digests['argo-cd']],
      ['cilium', '1.17.0', digests.old],
      ['cilium', '1.18.4', digests.cilium],
      ['dex', '1.0.0', digests.dex],
      ['harbor', '1.0.0', digests.harbor],
      ['vault', '1.0.0', digests.vault],
    ])
    const cilium = entries?.find((one) => one.version === '1.18.4')
    expect(cilium?.tags).toEqual(expect.arrayContaining(['1.18.4', 'lts__1.18.4']))
  })

  test('a pack is read part by part, and what is held already is not fetched', async () => {
    const adapter = open(place.endpoint)
    try {
      const entry = { name: 'cilium', version: '1.18.4', digest: digests.cilium ?? '', tags: [] }
      const files = packFiles(five)
      const whole = await adapter.content(entry, async () => new Set(), never)
      const names = {
        manifest: 'pack.json',
        values: 'values.yaml',
        readme: 'README.md',
        logo: 'logo.png',
      } as const
      for (const [part, file] of Object.entries(names))
        expect([part, Buffer.from(whole.parts[part as keyof typeof names]?.bytes ?? '')]).toEqual([
          part,
          Buffer.from(files.get(file)?.bytes ?? ''),
        ])
      const before = adapter.traffic.requests
      const again = await adapter.content(entry, async (wanted) => new Set(wanted), never)
      expect(adapter.traffic.requests).toBe(before + 1)
      expect(Object.values(again.parts).every((part) => part.bytes === null)).toBe(true)
      expect(again.parts.logo?.digest).toBe(digestOf(PNG))
    } finally {
      await adapter.close()
    }
  })

  test('packs that are read together are the same as those that are read alone', async () => {
    const adapter = open(place.endpoint)
    try {
      const absent = digestOf(Buffer.from('nothing'))
      const entries = [
        { name: 'cilium', version: '1.18.4', digest: digests.cilium ?? '', tags: [] },
        { name: 'dex', version: '9', digest: absent, tags: [] },
        { name: 'cilium', version: '1.17.0', digest: digests.old ?? '', tags: [] },
      ]
      const listing = await adapter.list(null, never)
      if (listing !== 'unchanged') for await (const _ of listing.entries);
      const before = adapter.traffic.requests
      const got = []
      // As a caller does: what came once is held.
      const had = new Set<string>()
      const holds = async (wanted: string[]) => new Set(wanted.filter((one) => had.has(one)))
      for await (const one of adapter.contents?.(entries, holds, never) ?? []) {
        if ('error' in one) throw one.error
        got.push(one)
        for (const { digest } of Object.values(one.content.parts)) had.add(digest)
      }
      if (adapter.traffic.requests === before) return expect(got).toEqual([])
      expect(adapter.traffic.requests).toBe(before + 1)
      expect(got.map((one) => one.entry)).toEqual([entries[0], entries[2]])
      const [first, second] = got.map((one) => one.content)
      expect(first).toEqual(await adapter.content(entries[0] as CatalogEntry, async () => new Set(), never))
      // Its README and its logo came with the first one.
      const shared = Object.values(second?.parts ?? {}).filter((part) => part.bytes === null)
      expect(shared.map((part) => part.digest)).toContain(digestOf(PNG))
      const known = async () => new Set(shared.map((part) => part.digest))
      expect(second).toEqual(await adapter.content(entries[2] as CatalogEntry, known, never))
    } finally {
      await adapter.close()
    }
  })

  test('a pack that is not there any more is its own failure, not the registry\u2019s', async () => {
    const adapter = open(place.endpoint)
    const digest = digestOf(Buffer.from('nothing'))
    await expect(
      adapter.content({ name: 'dex', version: '9', digest, tags: [] }, async () => new Set(), never),
    ).rejects.toMatchObject({ step: 'pack' })
    await adapter.close()
  })

  test('a version that was deleted is not listed any more', async () => {
    await deletePack(place.target, 'vault', digests.vault ?? '')
    expect((await list(place.endpoint)).entries?.map((one) => one.name)).not.toContain('vault')
  })
})

describe('our registry server', () => {
  test('tells in one request that nothing changed, in less than 1 KiB, and in one request what is there', async () => {
    const { endpoint, target, close } = await startOurs()
    try {
      for (const name of ['a', 'b', 'c']) await pushPack(target, { name, version: '1.2.3' })
      const first = await list(endpoint)
      expect(first).toMatchObject({ requests: 1 })
      expect(first.entries).toHaveLength(3)
      expect(first.entries?.[0]?.tags).toEqual(['1.2.3', '1.2.x', '1.x'])
      expect(await list(endpoint, first.revision)).toMatchObject({ entries: null, requests: 1, bytes: 0 })
      await pushPack(target, { name: 'a', version: '1.2.4' })
      const second = await list(endpoint, first.revision)
      expect(second.entries?.find((one) => one.version === '1.2.4')?.tags).toContain('1.2.x')
      expect(second.revision).not.toBe(first.revision)
    } finally {
      await close()
    }
  })
})

describe('a server that cannot be trusted', () => {
  type Answer = Parameters<typeof startWeb>[0]
  async function listFrom(answer: Answer) {
    const server = await startWeb(answer)
    try {
      return await list(`http://127.0.0.1:${server.port}`, null, {
        type: 'basic',
        username: 'u',
        password: 'p',
      })
    } finally {
      await server.close()
    }
  }
  const line = (rest = {}) =>
    `${JSON.stringify({ name: 'a', version: '1', digest: `sha256:${'0'.repeat(64)}`, tags: ['1'], ...rest })}\n`
  const listing =
    (body: string): Answer =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/x-ndjson', etag: '"1"' }).end(body)

  test('is not believed when its list ends early, counts wrongly, goes on after its end or is none', async () => {
    const end = (count: number) => `${JSON.stringify({ end: true, count })}\n`
    expect((await listFrom(listing(line() + end(1)))).entries).toHaveLength(1)
    for (const body of [
      '',
      line(),
      line() + end(2),
      line() + end(1).trim(),
      end(0) + line(),
      `${line()}{"na`,
    ])
      await expect(listFrom(listing(body))).rejects.toMatchObject({
        message: expect.stringMatching(/ended too early/),
      })
    for (const body of ['[]\n', line({ name: 7 }), line({ name: 'x'.repeat(300_000) })])
      await expect(listFrom(listing(body))).rejects.toMatchObject({ step: 'catalog', next: 'stalled' })
  })

  test('has an entry without a sound digest or tags counted and told at fault, and one of no possible name left out', async () => {
    const end = (count: number) => `${JSON.stringify({ end: true, count })}\n`
    for (const odd of [line({ digest: 'md5:x' }), line({ tags: 'x' })])
      expect((await listFrom(listing(odd + end(1)))).entries).toMatchObject([
        { fault: expect.stringContaining('digest') },
      ])
    expect((await listFrom(listing(line({ name: '../x' }) + line() + end(2)))).entries).toHaveLength(1)
  })

  test('does not lead us to another server, nor round in circles, with its pages', async () => {
    for (const link of [
      'http://127.0.0.1:1/v1/_catalog?last=a',
      '/v2/_catalog?last=a',
      '//127.0.0.1:1/x',
      '',
    ]) {
      const answer: Answer = ({ url }, response) => {
        if (!url?.startsWith('/v1/_catalog')) return response.writeHead(404).end()
        const next = link || url
        return response.writeHead(200, { link: `<${next}>; rel="next"` }).end('{"repositories":[]}')
      }
      await expect(listFrom(answer)).rejects.toMatchObject({
        message: expect.stringMatching(/leads elsewhere/),
      })
    }
  })

  test('costs with a bad content that pack alone, in whatever way it answers for many at once', async () => {
    const sound = await toOciPack(packFiles({ name: 'sound', version: '1' }))
    const bad = await toOciPack(packFiles({ name: 'bad', version: '1' }))
    const frames = (lie: (bytes: Uint8Array, of: string) => Uint8Array) =>
      Buffer.concat(
        [bad, sound].flatMap((pack) => [
          ...[pack.manifest, ...pack.blobs].flatMap(({ digest, bytes }) => {
            const sent = lie(bytes, pack === bad ? 'bad' : 'sound')
            return [Buffer.from(frameLine({ blob: digest, size: sent.length })), sent]
          }),
          Buffer.from(frameLine({ pack: pack === bad ? 'bad' : 'sound', digest: pack.manifest.digest })),
        ]),
      )
    const end = Buffer.from(frameLine({ end: true }))
    const answers: [string, Uint8Array][] = [
      [
        'other bytes',
        Buffer.concat([frames((bytes, of) => (of === 'bad' ? bytes.map((b) => b ^ 1) : bytes)), end]),
      ],
      [
        'fewer bytes',
        Buffer.concat([frames((bytes, of) => (of === 'bad' ? bytes.subarray(1) : bytes)), end]),
      ],
      ['no end', frames((bytes, of) => (of === 'bad' ? Buffer.from('') : bytes))],
    ]
    for (const [how, answer] of answers) {
      const server = await startWeb(({ url }, response) => {
        if (url?.endsWith('/contents'))
          response.writeHead(200, { 'content-type': CONTENT_FRAMES }).end(answer)
        else response.writeHead(404).end()
      })
      const adapter = open(`http://127.0.0.1:${server.port}`)
      const entries = [bad, sound].map(({ manifest }) => ({
        ...{ name: manifest === bad.manifest ? 'bad' : 'sound', version: '1', tags: [] },
        digest: manifest.digest,
      }))
      const got: [string, boolean][] = []
      for await (const one of adapter.contents?.(entries, async () => new Set(), never) ?? [])
        got.push([one.entry.name, 'error' in one])
      expect([how, got]).toEqual([how, [['sound', false]]])
      await adapter.close()
      await server.close()
    }
  })

  test('is not followed when it answers for packs that nobody asked for, or never ends a pack', async () => {
    const line = frameLine({ pack: 'other', digest: `sha256:${'1'.repeat(64)}` })
    const filler = Buffer.concat([
      Buffer.from(frameLine({ blob: digestOf(Buffer.alloc(0)), size: 4_000_000 })),
      Buffer.alloc(4_000_000),
    ])
    for (const answer of [Buffer.from(line), Buffer.concat(Array(20).fill(filler))]) {
      let asked = 0
      const server = await startWeb((_request, response) => {
        asked++
        response.writeHead(200, { 'content-type': CONTENT_FRAMES }).end(answer)
      })
      const adapter = open(`http://127.0.0.1:${server.port}`)
      const entry = { name: 'a', version: '1', digest: `sha256:${'0'.repeat(64)}`, tags: [] }
      for await (const one of adapter.contents?.([entry], async () => new Set(), never) ?? [])
        throw new Error(`Got ${one.entry.name}`)
      expect(asked).toBe(3)
      expect(adapter.traffic.bytes).toBeLessThan(3 * 24_000_000)
      await adapter.close()
      await server.close()
    }
  })

  test('is stopped when a content is larger than it says, or than we take', async () => {
    const big = Buffer.alloc(2 * 1024 * 1024 + 1, 'a')
    const pack = await toOciPack(packFiles({ name: 'a', version: '1', values: big.toString() }))
    const server = await startWeb(({ url }, response) => {
      if (url?.includes('/manifests/')) response.end(pack.manifest.bytes)
      else response.end(pack.blobs.find((one) => url?.endsWith(one.digest))?.bytes)
    })
    const adapter = open(`http://127.0.0.1:${server.port}`)
    const entry = { name: 'a', version: '1', digest: pack.manifest.digest, tags: [] }
    await expect(adapter.content(entry, async () => new Set(), never)).rejects.toMatchObject({
      step: 'pack',
      message: expect.stringMatching(/values has 2,097,153 bytes; at most 2,097,152 are read/),
    })
    expect(adapter.traffic.bytes).toBeLessThan(64 * 1024)
    await adapter.close()
    await server.close()
  })
})
