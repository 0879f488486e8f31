import { randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'

import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

import type { CatalogEntry, RegistryAdapter } from '@/lib/adapters/adapter'
import { type HelmLimits, helmAdapter } from '@/lib/adapters/helm'
import type { CheckStep, Connection } from '@/lib/adapters/schema'
import { createOutbound, type OutboundLimits } from '@/lib/outbound/client'
import { readEgressPolicy } from '@/lib/outbound/policy'
import { digestOf } from '@/lib/pack-format/oci'
import type { PartTexts } from '@/lib/pack-format/pack-facts'
import { openParser } from '@/lib/parser/parser'
import { readFacts } from '@/lib/sync/read-pack'

import {
  type ChartRepository,
  indexOf,
  packChart,
  packSampleCharts,
  startChartRepository,
  type TestChart,
} from '../support/chart-repository'
import { PNG } from '../support/packs'
import { startTcp, startWeb } from '../support/servers'

const policy = readEgressPolicy('')
const never = new AbortController().signal
const NONE = { type: 'none' } as const
const READER = { type: 'basic', username: 'reader', password: 'right' } as const

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

interface Options {
  auth?: Connection['auth']
  limits?: Partial<HelmLimits>
  outbound?: Partial<OutboundLimits>
}

function open(endpoint: string, { auth = NONE, limits, outbound }: Options = {}): RegistryAdapter {
  const tls = { ca: '', insecureSkipVerify: false }
  const connection = { kind: 'helm', endpoint, auth, tls } as unknown as Connection
  const client = createOutbound({ origin: new URL(endpoint).origin, auth, tls, policy, limits: outbound })
  const adapter = helmAdapter(connection, client, limits)
  opened.push(adapter)
  return adapter
}

async function list(endpoint: string, held: string | null = null, options: Options = {}) {
  const adapter = open(endpoint, options)
  const listing = await adapter.list(held, never)
  const { requests } = adapter.traffic
  if (listing === 'unchanged')
    return { adapter, requests, bytes: adapter.traffic.bytes, entries: null, revision: held }
  const entries: CatalogEntry[] = []
  for await (const entry of listing.entries) entries.push(entry)
  const news = listing.isUnchanged ? null : entries
  return { adapter, requests, bytes: adapter.traffic.bytes, entries: news, revision: listing.revision }
}

const nothing = async () => new Set<string>()
const read = (adapter: RegistryAdapter, entry: CatalogEntry) => adapter.content(entry, nothing, never)
const named = (entries: CatalogEntry[] | null) =>
  (entries ?? []).map(({ name, version }) => `${name} ${version}`)

async function climb(endpoint: string, options: Options = {}): Promise<CheckStep[]> {
  const steps: CheckStep[] = []
  for await (const step of open(endpoint, options).check(never)) steps.push(step)
  return steps
}

let samples: TestChart[]
let repository: ChartRepository
beforeAll(async () => {
  samples = await packSampleCharts()
})
beforeEach(async () => {
  repository = await startChartRepository(samples)
})
afterEach(() => repository.close())

describe('the list', () => {
  test('has every version of every chart once, with the digest of its archive, and says which is the newest of its chart', async () => {
    const { entries, requests } = await list(repository.url)
    expect(requests).toBe(1)
    expect(named(entries)).toEqual([
      'cilium 1.19.8',
      'csi-driver-nfs 4.13.4',
      'dex 2.45.1',
      'fluent-bit 5.0.9',
      'prometheus 3.14.0',
      'prometheus 3.5.1',
      'traefik 3.7.13',
      'traefik 3.6.25',
    ])
    expect(named((entries ?? []).filter((one) => !one.isLead))).toEqual([
      'prometheus 3.5.1',
      'traefik 3.6.25',
    ])
    const dex = samples.find((one) => one.metadata.name === 'dex')
    expect(entries?.find((one) => one.name === 'dex')).toEqual({
      name: 'dex',
      version: '2.45.1',
      digest: digestOf(dex?.tgz ?? Buffer.alloc(0)),
      tags: ['2.45.1'],
      source: `proven ${repository.url}/${dex?.file}`,
      isLead: true,
    })
  })

  test.each(['etag', 'modified'] as const)(
    'costs one request and no byte while nothing changed, where the server has a validator: %s',
    async (validator) => {
      repository.validator = validator
      const first = await list(repository.url)
      expect(first.revision).not.toMatch(/^sha256:/)
      const second = await list(repository.url, first.revision)
      expect(second).toMatchObject({ entries: null, requests: 1, bytes: 0 })
      expect(repository.seen.at(-1)?.status).toBe(304)

      const added = await packChart({ name: 'dex', version: '3.0.0' })
      repository.files.set('index.yaml', indexOf([...samples, added]))
      repository.modified = new Date(Date.now() - 5_000)
      const third = await list(repository.url, second.revision)
      expect(named(third.entries)).toContain('dex 3.0.0')
      expect(third.revision).not.toBe(first.revision)
    },
  )

  test('costs one request and is unchanged while it has the same bytes, where the server has no validator', async () => {
    repository.validator = 'none'
    const { revision } = await list(repository.url)
    expect(revision).toBe(digestOf(Buffer.from(repository.files.get('index.yaml') ?? '')))
    expect(await list(repository.url, revision)).toMatchObject({ entries: null, requests: 1 })
    repository.files.set('index.yaml', indexOf(samples.slice(1)))
    expect((await list(repository.url, revision)).entries).toHaveLength(samples.length - 1)
  })

  test('does not trust the time of a change that may not be the last one of its second', async () => {
    repository.validator = 'modified'
    repository.modified = new Date()
    expect((await list(repository.url)).revision).toMatch(/^sha256:/)
  })

  test('makes names and versions those of packs, and leaves out what can be none', async () => {
    const charts = await Promise.all([
      packChart({ name: 'MyChart', version: '1.0.0+build.5' }),
      packChart({ name: 'mychart', version: '2.0.0' }),
      packChart({ name: 'plain', version: '1.0.0' }),
      packChart({ name: 'plain', version: '1.0.0-rc.1' }),
      packChart({ name: 'plain', version: 'latest' }),
      packChart({ name: 'plain', version: '1 2' }),
      packChart({ name: '---', version: '1.0.0' }),
    ])
    repository.files.set('index.yaml', indexOf([...charts, charts[2] as TestChart]))
    const { entries } = await list(repository.url)
    expect(named(entries)).toEqual(['mychart 1.0.0_build.5', 'plain 1.0.0', 'plain 1.0.0-rc.1'])
  })

  test('has a digest of its own making where the index has none: by address, time and version', async () => {
    const chart = await packChart({ name: 'a', version: '1.0.0' })
    const without = (created: string) =>
      indexOf([chart])
        .replace(/digest: .*/, 'digest: none')
        .replace(/created: .*/, `created: "${created}"`)
    repository.files.set(chart.file, chart.tgz)
    repository.files.set('index.yaml', without('1'))
    const first = await list(repository.url)
    expect((await list(repository.url)).entries).toEqual(first.entries)
    expect(await read(first.adapter, first.entries?.[0] as CatalogEntry)).toMatchObject({
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    })
    repository.files.set('index.yaml', without('2'))
    expect((await list(repository.url)).entries?.[0]?.digest).not.toBe(first.entries?.[0]?.digest)
  })

  test('may be JSON, and the address may name the index itself', async () => {
    const index = JSON.stringify(parse(String(repository.files.get('index.yaml'))))
    repository.files.set('index.yaml', index)
    expect((await list(`${repository.url}/index.yaml`)).entries).toHaveLength(samples.length)
  })
})

test('an index that a store gives packed, although nobody asked for it, is unpacked within its bound', async () => {
  const index = Buffer.from(repository.files.get('index.yaml') ?? '')
  const packed = gzipSync(index)
  repository.files.set('index.yaml', packed)
  repository.instead = (_request, response) => {
    response.setHeader('content-encoding', 'gzip')
    return false
  }
  expect((await list(repository.url)).entries).toHaveLength(samples.length)
  repository.files.set('index.yaml', packed.subarray(0, packed.length - 9))
  await expect(list(repository.url)).rejects.toMatchObject({
    message: expect.stringMatching(/ended too early/),
  })
  repository.files.set('index.yaml', gzipSync(Buffer.concat([index, Buffer.alloc(3 * 1024 * 1024, ' ')])))
  await expect(list(repository.url, null, { limits: { indexBytes: 1024 * 1024 } })).rejects.toMatchObject({
    message: expect.stringMatching(/index has more than 1 MiB/),
  })
})

describe('the list is refused', () => {
  test('when its transfer is cut, whether the server says the length, sends pieces, or says nothing', async () => {
    const index = Buffer.from(repository.files.get('index.yaml') ?? '')
    // Between two charts: what is there looks whole.
    const half = index.subarray(0, index.indexOf('\n  prometheus:') + 1)
    for (const head of [`Content-Length: ${index.length}\r\n`, 'Transfer-Encoding: chunked\r\n', '']) {
      const body = head.startsWith('T') ? `${half.length.toString(16)}\r\n${half}\r\n` : half
      const server = await startTcp((socket) =>
        socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n${head}\r\n${body}`)),
      )
      await expect(list(`http://127.0.0.1:${server.port}`), head).rejects.toMatchObject({
        name: 'RemoteError',
        next: 'generic',
        message: expect.stringMatching(head ? /broke|shorter/ : /ended too early/),
      })
      await server.close()
    }
  })

  test('when the server tells that it is none, or not for us', async () => {
    const answers: [number, Record<string, string>, string, object][] = [
      [
        200,
        { 'content-type': 'text/html' },
        '<!doctype html>',
        { step: 'catalog', next: 'stalled', message: /a web page/ },
      ],
      [404, {}, '', { step: 'catalog', next: 'stalled', message: /no index\.yaml \(404\)/ }],
      [401, {}, '', { step: 'credentials', next: 'stalled', message: /asks for credentials/ }],
      [403, {}, '', { step: 'credentials', next: 'stalled', message: /403/ }],
      [500, {}, '', { next: 'generic', message: /500/ }],
      [503, { 'retry-after': '7' }, '', { next: 'waiting', details: { retryAfterSeconds: 7 } }],
      [418, {}, '', { next: 'stalled', message: /status 418/ }],
      [304, {}, '', { next: 'stalled', message: /status 304/ }],
    ]
    for (const [status, headers, body, { message, ...expected }] of answers as [
      number,
      Record<string, string>,
      string,
      { message?: RegExp },
    ][]) {
      repository.instead = (_request, response) => {
        response.writeHead(status, headers).end(body)
        return true
      }
      await expect(list(repository.url), String(status)).rejects.toMatchObject({
        ...expected,
        ...(message && { message: expect.stringMatching(message) }),
      })
    }
  })

  test('when it is larger than we take, or lists more', async () => {
    await expect(list(repository.url, null, { limits: { indexBytes: 1024 } })).rejects.toMatchObject({
      step: 'catalog',
      next: 'stalled',
      message: expect.stringMatching(/index has more than/),
    })
    await expect(list(repository.url, null, { limits: { versions: 3 } })).rejects.toMatchObject({
      message: expect.stringMatching(/more than 3 versions/),
    })
  })

  test('when it stops in the middle, after the time that we wait', async () => {
    repository.instead = (_request, response) => {
      response.writeHead(200).write('apiVersion: v1\nentries:\n')
      return true
    }
    await expect(list(repository.url, null, { outbound: { bodyIdleMs: 300 } })).rejects.toMatchObject({
      next: 'generic',
      message: expect.stringMatching(/stopped in the middle/),
    })
  })
})

describe('a chart', () => {
  test('becomes a pack that the console takes, and the same one each time', async () => {
    const { adapter, entries } = await list(repository.url)
    for (const entry of entries ?? []) {
      const { digest, parts } = await read(adapter, entry)
      expect(digest).toBe(entry.digest)
      const texts = { manifest: parts.manifest.bytes as Uint8Array }
      const facts = await readFacts(openParser(), entry, texts, never)
      expect(facts.columns).toMatchObject({
        layer: 'addon',
        state: 'active',
        annotations: { source: 'helm' },
      })
      const values = parse(Buffer.from(parts.values?.bytes ?? '').toString())
      const chart = samples.find((one) => digestOf(one.tgz) === entry.digest)
      const tar = gunzipSync(chart?.tgz ?? '').toString()
      expect(tar).toContain(`${entry.name}/values.yaml`)
      expect(Object.keys(values.charts)).toEqual([entry.name])
      expect(Object.keys(values.charts[entry.name]).length).toBeGreaterThan(0)
      expect(await read(open(repository.url), entry)).toEqual({ digest, parts })
    }
    const traefik = entries?.find((one) => one.name === 'traefik') as CatalogEntry
    const { parts } = await read(adapter, traefik)
    expect(Buffer.from(parts.values?.bytes ?? '').toString()).toMatch(
      /^charts:\n {2}traefik:\n(?: {4}.*\n|\n)+$/,
    )
    expect(JSON.parse(Buffer.from(parts.manifest.bytes ?? '').toString())).toMatchObject({
      displayName: 'Traefik',
      annotations: { docsURL: 'https://traefik.io/traefik', upstreamVersion: '3.7.13' },
    })
  })

  test('brings README, schema and its own picture, and only what the caller does not hold', async () => {
    const chart = await packChart(
      { name: 'full', version: '1.0.0', icon: 'pictures/logo.png', deprecated: true },
      {
        'values.yaml': 'a: 1\n',
        'README.md': '# Full\n',
        'values.schema.json': '{"type":"object"}',
        'pictures/logo.png': PNG,
      },
    )
    repository.files.set(chart.file, chart.tgz)
    repository.files.set('index.yaml', indexOf([chart]))
    const { adapter, entries } = await list(repository.url)
    const entry = entries?.[0] as CatalogEntry
    const whole = await read(adapter, entry)
    expect(Object.keys(whole.parts)).toEqual(['manifest', 'values', 'readme', 'schema', 'logo'])
    for (const part of Object.values(whole.parts))
      expect(digestOf(part.bytes as Uint8Array)).toBe(part.digest)
    expect(whole.parts.logo?.digest).toBe(digestOf(PNG))
    const texts = Object.fromEntries(Object.entries(whole.parts).map(([name, part]) => [name, part.bytes]))
    expect(await readFacts(openParser(), entry, texts as unknown as PartTexts, never)).toMatchObject({
      columns: { state: 'deprecated' },
      hasLogo: true,
      schema: [],
    })
    const again = await adapter.content(entry, async (wanted) => new Set(wanted.slice(1)), never)
    expect(Object.values(again.parts).map((part) => part.bytes !== null)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })

  test('may have several megabytes', async () => {
    const chart = await packChart(
      { name: 'large', version: '1.0.0' },
      { 'files/data': randomBytes(5 * 1024 * 1024) },
    )
    repository.files.set(chart.file, chart.tgz)
    repository.files.set('index.yaml', indexOf([chart]))
    const { adapter, entries } = await list(repository.url)
    expect(await read(adapter, entries?.[0] as CatalogEntry)).toMatchObject({ digest: digestOf(chart.tgz) })
  })

  test('that is tried again without a list is found in the index, which is read once for all of them', async () => {
    const { entries } = await list(repository.url)
    repository.seen.length = 0
    const adapter = open(repository.url)
    await Promise.all((entries ?? []).map((entry) => read(adapter, { ...entry, tags: [], source: '' })))
    expect(repository.seen.filter((one) => one.path === '/index.yaml')).toHaveLength(1)
    const gone = { name: 'gone', version: '1.0.0', digest: digestOf(Buffer.alloc(0)), tags: [] }
    await expect(read(adapter, gone)).rejects.toMatchObject({
      step: 'pack',
      message: expect.stringMatching(/any more/),
    })
  })

  test('whose archive is another than the index says is refused, with both digests', async () => {
    const [chart, other] = samples as [TestChart, TestChart]
    repository.files.set(chart.file, other.tgz)
    const { adapter, entries } = await list(repository.url)
    const entry = entries?.find((one) => one.digest === digestOf(chart.tgz)) as CatalogEntry
    const hex = (tgz: Uint8Array) => digestOf(tgz).slice(7, 19)
    await expect(read(adapter, entry)).rejects.toMatchObject({
      step: 'pack',
      next: 'generic',
      message: `The chart cannot be read: its archive has the digest ${hex(other.tgz)}…, and the index says ${hex(chart.tgz)}….`,
    })
  })

  test('that is broken is its own failure, and says why', async () => {
    const entry = { name: 'a', version: '1.0.0', urls: ['a.tgz'] }
    const index = (one: object) =>
      repository.files.set('index.yaml', JSON.stringify({ entries: { a: [{ ...entry, ...one }] } }))
    const failure = async () => {
      const { adapter, entries } = await list(repository.url)
      const error = await read(adapter, entries?.[0] as CatalogEntry).catch((error) => error)
      expect(error).toMatchObject({ name: 'RemoteError', step: 'pack', next: 'generic' })
      return error.message
    }
    const other = await packChart({ name: 'b', version: '2.0.0' })
    const large = await packChart(
      { name: 'a', version: '1.0.0' },
      { 'values.yaml': `a: ${'x'.repeat(2 * 1024 * 1024)}` },
    )
    const bytes: [string | Uint8Array, RegExp][] = [
      ['no archive', /a\.tgz: is no packed chart/],
      [other.tgz, /its archive holds b 2\.0\.0/],
      [large.tgz, /values\.yaml of more than 2,097,152 bytes/],
      [(await packChart({ name: 'a', version: '1.0.0' }, { 'values.yaml': '- a\n' })).tgz, /no map/],
      [Buffer.alloc(21 * 1024 * 1024), /archive has more than 20 MiB/],
    ]
    index({})
    for (const [content, reason] of bytes) {
      repository.files.set('a.tgz', content)
      expect(await failure()).toMatch(reason)
    }
    for (const urls of [
      [],
      null,
      ['oci://example.org/a:1'],
      ['ftp://example.org/a'],
      ['http://u:p@127.0.0.1/a'],
    ]) {
      index({ urls })
      expect(await failure(), String(urls)).toMatch(/names no address that we can read/)
    }
    index({ urls: ['http://169.254.169.254/a.tgz'] })
    expect(await failure()).toMatch(/not allowed/)
  })

  test('whose archive is missing is its own failure; a repository that fails or refuses is not', async () => {
    const { adapter, entries } = await list(repository.url)
    const answers: [number, Record<string, string>, object][] = [
      [404, {}, { step: 'pack', next: 'generic' }],
      [403, {}, { step: 'pack', next: 'generic' }],
      [500, {}, { step: 'pack', next: 'generic' }],
      [401, {}, { step: 'credentials', next: 'stalled' }],
      [429, { 'retry-after': '9' }, { next: 'waiting', details: { retryAfterSeconds: 9 } }],
      [503, { 'retry-after': '9' }, { next: 'waiting', details: { retryAfterSeconds: 9 } }],
    ]
    for (const [status, headers, expected] of answers) {
      repository.instead = (_request, response) => {
        response.writeHead(status, headers).end()
        return true
      }
      await expect(read(adapter, entries?.[0] as CatalogEntry), String(status)).rejects.toMatchObject(
        expected,
      )
    }
    repository.instead = (request) => {
      request.socket.destroy()
      return true
    }
    await expect(read(adapter, entries?.[0] as CatalogEntry)).rejects.toMatchObject({
      step: 'http',
      next: 'generic',
    })
  })
})

describe('credentials', () => {
  beforeEach(() => {
    repository.user = { name: READER.username, password: READER.password }
  })

  test('open the index and the archives beside it', async () => {
    const { adapter, entries } = await list(repository.url, null, { auth: READER })
    await read(adapter, entries?.[0] as CatalogEntry)
    expect(repository.seen.every((one) => one.authorization?.startsWith('Basic '))).toBe(true)
  })

  test('are never sent to another server, neither by an address of the index nor by a redirect', async () => {
    const elsewhere = await startChartRepository(samples)
    opened.push(elsewhere)
    const file = (chart: TestChart) => chart.file
    repository.files.set(
      'index.yaml',
      indexOf(samples, (chart) => [
        chart.metadata.name === 'dex' ? file(chart) : `${elsewhere.url}/${file(chart)}`,
      ]),
    )
    repository.instead = (request, response) => {
      if (!request.url?.startsWith('/dex-')) return false
      response.writeHead(302, { location: `${elsewhere.url}${request.url}` }).end()
      return true
    }
    const { adapter, entries } = await list(repository.url, null, { auth: READER })
    for (const entry of entries ?? []) await read(adapter, entry)
    expect(elsewhere.seen).toHaveLength(samples.length)
    expect(elsewhere.seen.filter((one) => one.authorization !== undefined)).toEqual([])
  })
})

test('another server that has the archives and fails is asked a few times, not for each chart', async () => {
  let connections = 0
  const dead = await startTcp((socket) => {
    connections++
    socket.destroy()
  })
  opened.push(dead)
  const charts = await Promise.all(
    Array.from({ length: 12 }, (_, i) => packChart({ name: `chart-${i}`, version: '1.0.0' })),
  )
  repository.files.set(
    'index.yaml',
    indexOf(charts, (chart) => [`http://127.0.0.1:${dead.port}/${chart.file}`]),
  )
  const { adapter, entries } = await list(repository.url)
  const messages: string[] = []
  for (const entry of entries ?? [])
    messages.push(
      await read(adapter, entry).then(
        () => 'read',
        ({ step, message }) => `${step}: ${message}`,
      ),
    )
  expect(messages.every((one) => one.startsWith('pack: The chart cannot be read: '))).toBe(true)
  expect(messages.at(-1)).toMatch(/failed 3 times in a row/)
  expect(connections).toBe(3)
})

describe('the connection test', () => {
  const seen = (steps: CheckStep[]) => steps.map(({ step, status, seen }) => [step, status, seen])

  test('climbs to the top of a repository that everybody may read, with one index and one chart', async () => {
    expect(seen(await climb(repository.url))).toEqual([
      ['http', 'passed', 'HTTP 200'],
      ['registry', 'passed', 'A chart repository'],
      ['credentials', 'passed', 'None are needed: everybody may read this repository'],
      ['catalog', 'passed', '8 versions of 6 charts'],
      ['pack', 'passed', 'cilium 1.19.8'],
    ])
    expect(repository.seen.map((one) => one.path)).toEqual(['/index.yaml', '/cilium-1.19.8.tgz'])
  })

  test('shows the credentials only after the server asked for some, or proved to be a chart repository', async () => {
    repository.user = { name: READER.username, password: READER.password }
    const steps = await climb(repository.url, { auth: READER })
    expect(steps.map((one) => one.status)).toEqual(Array(5).fill('passed'))
    expect(steps[2]?.seen).toBe('Accepted')
    expect(repository.seen[0]?.authorization).toBeUndefined()
    repository.seen.length = 0
    repository.files.set('index.yaml', '<html></html>')
    repository.user = null
    await climb(repository.url, { auth: READER })
    expect(repository.seen.map((one) => one.authorization).filter(Boolean)).toEqual([])
    expect(repository.seen).not.toHaveLength(0)
  })

  test('names the step at fault, what it saw and what to do', async () => {
    const failed = async (options?: Options) => {
      const steps = await climb(repository.url, options)
      const last = steps.at(-1)
      expect(steps.slice(0, -1).every((one) => one.status === 'passed')).toBe(true)
      expect(last?.status).toBe('failed')
      expect(last?.fix).toMatch(/\.$/)
      return `${last?.step}: ${last?.seen}`
    }
    repository.user = { name: READER.username, password: READER.password }
    expect(await failed()).toMatch(/^credentials: .*asks for credentials/)
    expect(await failed({ auth: { ...READER, password: 'wrong' } })).toMatch(/^credentials: .*refused/)
    repository.user = null
    const cases: [string | null, RegExp][] = [
      [
        '<!doctype html><title>Router</title>',
        /^registry: This is not a chart repository: it answered with a web page\.$/,
      ],
      ['{"repositories":[]}', /^registry: This is not a chart repository/],
      [null, /^registry: This is not a chart repository: there is no index\.yaml \(404\)\.$/],
      ['apiVersion: v1\nentries:\n  a:\n  - version: 1.0', /^registry: .*ended too early/],
    ]
    for (const [index, expected] of cases) {
      if (index === null) repository.files.delete('index.yaml')
      else repository.files.set('index.yaml', index)
      expect(await failed()).toMatch(expected)
    }
    repository.instead = (_request, response) => {
      response.writeHead(502).end()
      return true
    }
    expect(await failed()).toMatch(/^registry: .*502/)
  })

  test('passes an empty repository, and warns of a chart that cannot be read', async () => {
    repository.files.set('index.yaml', 'apiVersion: v1\nentries: {}\n')
    const empty = await climb(repository.url)
    expect(empty.map((one) => one.status)).toEqual(Array(5).fill('passed'))
    expect(empty.at(-1)?.seen).toMatch(/helm repo index/)
    repository.files.set('index.yaml', indexOf(samples))
    repository.files.delete('cilium-1.19.8.tgz')
    expect((await climb(repository.url)).at(-1)).toMatchObject({
      step: 'pack',
      status: 'warned',
      seen: expect.stringMatching(/^cilium 1\.19\.8: .*404/),
    })
  })
})

test('an index of ten thousand versions and many megabytes is read whole, in one request', async () => {
  const versions = (name: string) =>
    Array.from(
      { length: 10 },
      (_, i) =>
        `  - description: ${'All that it does. '.repeat(50)}\n    digest: ${'ab'.repeat(32)}\n    name: ${name}\n    urls:\n    - ${name}-1.${i}.0.tgz\n    version: 1.${i}.0\n`,
    ).join('')
  const body = Array.from({ length: 1000 }, (_, i) => `  chart-${i}:\n${versions(`chart-${i}`)}`).join('')
  const server = await startWeb((_request, response) => {
    response.writeHead(200)
    response.end(`apiVersion: v1\nentries:\n${body}generated: now\n`)
  })
  opened.push(server)
  expect(body.length).toBeGreaterThan(10_000_000)
  const { entries, requests } = await list(`http://127.0.0.1:${server.port}`)
  expect(requests).toBe(1)
  expect(entries).toHaveLength(10_000)
  const leads = (entries ?? []).filter((one) => one.isLead)
  expect([leads.length, ...named(leads).slice(0, 2)]).toEqual([1_000, 'chart-0 1.9.0', 'chart-1 1.9.0'])
})
