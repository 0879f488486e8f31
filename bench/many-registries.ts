import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type pg from 'pg'

import type { CatalogEntry, PackContent, RegistryAdapter } from '@/lib/adapters/adapter'
import type { PackFiles } from '@/lib/pack-format/archive'
import { PACK_MEDIA_TYPES } from '@/lib/pack-format/media-types'
import { toOciPack } from '@/lib/pack-format/oci'

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))
const round = (value: number) => Number(value.toFixed(2))
const MANY = 10_000
const TICKS = 200
const DUE = 500
const REPLICAS = [1, 2, 4, 8]
const SHARED = 20
const ROUNDS = 3
const FED = 10_000

const percentile = (times: number[], part: number) =>
  round([...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0)

/** Writes registries as they are stored, without a connection test. */
const insertRegistries = (
  owner: pg.Client,
  tenantId: string,
  many: number,
  endpoint: string,
  dueAt: string,
) =>
  owner.query(
    `INSERT INTO registry (id, tenant_id, name, kind, endpoint, auth_type, due_at, sync_every_minutes)
     SELECT substr(md5($2 || n || $3), 1, 24), $1, $3 || n, 'pack', $3, 'none', ${dueAt}, 10080
     FROM generate_series(1, $4::int) AS n`,
    [tenantId, String(Math.random()), endpoint, many],
  )

/** S8: what a look at 10,000 registries costs of which none is due, and how soon those start that are. */
export async function measureTick(owner: pg.Client, newTenant: () => Promise<string>) {
  const { findDue } = await import('@/lib/sync/store/due')
  const tenantId = await newTenant()
  await insertRegistries(owner, tenantId, MANY, 'http://127.0.0.1:1', `now() + interval '1 day'`)
  await owner.query('ANALYZE registry')
  const times: number[] = []
  for (let i = 0; i < TICKS; i++) {
    const began = performance.now()
    const due = await findDue(200)
    times.push(performance.now() - began)
    if (due.length > 0) throw new Error('Something is due')
  }
  await owner.query('DELETE FROM registry WHERE tenant_id = $1', [tenantId])

  // One in ten takes the connection and says nothing.
  const answers = await serve('{}')
  const hangs = await serve(null)
  const since = (await owner.query('SELECT clock_timestamp() AS now')).rows[0].now
  await insertRegistries(owner, tenantId, DUE / 10, hangs.url, 'now()')
  await insertRegistries(owner, tenantId, (DUE * 9) / 10, answers.url, 'now()')
  let started: number[] = []
  for (const end = Date.now() + 120_000; Date.now() < end && started.length < DUE * 0.9; await sleep(200)) {
    const { rows } = await owner.query(
      `SELECT extract(epoch FROM min(s.started_at) - $2)::float AS seconds FROM sync_run s
       JOIN registry r ON r.id = s.registry_id WHERE r.tenant_id = $1 AND r.endpoint = $3 GROUP BY r.id`,
      [tenantId, since, answers.url],
    )
    started = rows.map((row) => row.seconds)
  }
  await owner.query(
    'UPDATE registry SET cancel_requested = true, paused = true, due_at = NULL WHERE tenant_id = $1',
    [tenantId],
  )
  await Promise.all([answers.close(), hangs.close()])
  return {
    registries: MANY,
    tickMsP50: percentile(times, 0.5),
    tickMsP99: percentile(times, 0.99),
    due: DUE,
    started: started.length,
    startSecondsP50: percentile(started, 0.5),
    startSecondsP99: percentile(started, 0.99),
  }
}

/** S9: requests and rows with 1, 2, 4 and 8 workers, of which the first runs already. */
export async function measureReplicas(owner: pg.Client, newTenant: () => Promise<string>) {
  const results = []
  const more: ChildProcess[] = []
  try {
    for (const replicas of REPLICAS) {
      while (more.length + 1 < replicas) more.push(await startWorker())
      const listing = await serveListing()
      const tenantId = await newTenant()
      await insertRegistries(owner, tenantId, SHARED, listing.url, 'now()')
      for (let round = 0; round < ROUNDS; round++) {
        if (round > 0)
          await owner.query('UPDATE registry SET due_at = now() WHERE tenant_id = $1', [tenantId])
        await until(owner, tenantId, (round + 1) * SHARED)
      }
      const { rows } = await owner.query(
        `SELECT count(*)::int AS runs, sum(requests)::int AS requests, sum(rows)::int AS rows FROM sync_run
         WHERE tenant_id = $1`,
        [tenantId],
      )
      results.push({ replicas, ...rows[0], listings: listing.listings() })
      await owner.query('DELETE FROM registry WHERE tenant_id = $1', [tenantId])
      await listing.close()
    }
  } finally {
    for (const child of more) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
  }
  return results
}

async function until(owner: pg.Client, tenantId: string, runs: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(100)) {
    const { rows } = await owner.query(
      `SELECT count(*)::int AS runs FROM sync_run WHERE tenant_id = $1 AND outcome IN ('completed', 'unchanged', 'failed')`,
      [tenantId],
    )
    if (rows[0].runs >= runs) return sleep(1_500) as Promise<void> // time for a second one, where there is a fault
  }
  throw new Error('The syncs do not end')
}

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['dist/worker.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PACKYARD_LOG_LEVEL: 'info' },
  })
  await new Promise<void>((done) =>
    child.stdout?.on('data', (text) => {
      if (String(text).includes('worker-up')) done()
    }),
  )
  return child
}

async function serve(body: string | null) {
  const server: Server = createServer((_, response) => {
    if (body !== null) response.writeHead(404).end(body)
  })
  return listen(server)
}

async function listen(server: Server) {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  }
}

/** An empty registry of ours that counts how often it is asked what it has. */
async function serveListing() {
  let listings = 0
  const server = createServer((request, response) => {
    if (request.url === '/v1/') return response.end('{}')
    if (!request.url?.startsWith('/v1/_packyard/')) return response.writeHead(404).end()
    listings++
    if (request.headers['if-none-match']) return response.writeHead(304, { etag: '"made"' }).end()
    response.writeHead(200, { 'content-type': 'application/x-ndjson', etag: '"made"' })
    return response.end(`${JSON.stringify({ end: true, count: 0 })}\n`)
  })
  return { ...(await listen(server)), listings: () => listings }
}

/** S10: packs fed in this process, without a network, until the last of them is found by a search. */
export async function measureFed(
  newTenant: () => Promise<string>,
  owner: pg.Client,
  make: (pack: number, version: number) => PackFiles,
) {
  const { runSync } = await import('@/lib/sync/run')
  const { searchCatalog } = await import('@/lib/catalog/search')
  const tenantId = await newTenant()
  await insertRegistries(owner, tenantId, 1, 'http://127.0.0.1:1', 'now()')
  const { rows } = await owner.query('SELECT id FROM registry WHERE tenant_id = $1', [tenantId])
  // Made before: they come from nowhere, as the entities that Backstage was fed with.
  const packs: { entry: CatalogEntry; content: PackContent }[] = []
  for (let pack = 0; pack < FED; pack++) packs.push(await toFed(make(pack, 0)))
  const contents = new Map(packs.map(({ entry, content }) => [entry.digest, content]))
  const adapter: RegistryAdapter = {
    traffic: { requests: 0, bytes: 0 },
    async *check() {},
    list: async () => ({ revision: null, entries: each(packs.map(({ entry }) => entry)) }),
    async content({ name, digest }) {
      const content = contents.get(digest)
      if (!content) throw new Error(`There is no ${name}`)
      const parts = Object.entries(content.parts).map(([part, one]) => [part, { ...one }])
      return { digest, parts: Object.fromEntries(parts) }
    },
    archive: async () => null,
    async close() {},
  }
  const began = performance.now()
  // A worker runs beside: whoever takes it first feeds it.
  await runSync(tenantId, rows[0].id, async () => adapter, new AbortController().signal)
  const actor = {
    kind: 'system',
    id: 'system',
    name: 'bench',
    projectId: null,
    role: 'system',
    requestId: '',
    tenantId,
  } as const
  const page = { from: { offset: 0 }, limit: 1 }
  const { rows: found } = await searchCatalog(actor, { text: packs.at(-1)?.entry.name ?? '' }, [], page)
  const seconds = (performance.now() - began) / 1000
  return { packs: FED, found: found.length, seconds: round(seconds) }
}

async function* each<T>(list: readonly T[]): AsyncIterable<T> {
  yield* list
}

async function toFed(files: PackFiles): Promise<{ entry: CatalogEntry; content: PackContent }> {
  const { name, version } = JSON.parse(Buffer.from(files.get('pack.json')?.bytes ?? '').toString())
  const { manifest, blobs } = await toOciPack(files)
  const { digest } = manifest
  const parts = Object.entries(PACK_MEDIA_TYPES).flatMap(([part, mediaType]) => {
    const blob = blobs.find((one) => one.mediaType === mediaType)
    return blob && part !== 'files'
      ? [[part, { digest: blob.digest, size: blob.bytes.length, bytes: blob.bytes }]]
      : []
  })
  return {
    entry: { name, version, digest, tags: [version] },
    content: { digest, parts: Object.fromEntries(parts) },
  }
}

const INDEX_CHARTS = 2_000
const INDEX_VERSIONS = 20
const CHUNK = 64 * 1024

/** S5: how fast an index of charts is read, as YAML and as JSON, in megabytes a second. */
export async function measureIndexReader() {
  const { readIndex } = await import('@/lib/adapters/helm/read-index')
  const entries = Object.fromEntries(
    Array.from({ length: INDEX_CHARTS }, (_, chart) => [
      `chart-${chart}`,
      Array.from({ length: INDEX_VERSIONS }, (_, version) => ({
        apiVersion: 'v2',
        appVersion: `1.${version}.0`,
        created: '2026-03-04T05:06:07.123456789Z',
        description: `What chart ${chart} is for, in a sentence of the usual length`,
        digest: String(chart * INDEX_VERSIONS + version).padStart(64, '0'),
        home: 'https://charts.example.com',
        keywords: ['one', 'two'],
        name: `chart-${chart}`,
        urls: [`chart-${chart}-1.${version}.0.tgz`],
        version: `1.${version}.0`,
      })),
    ]),
  )
  const { stringify } = await import('yaml')
  const [first] = Object.entries(entries)
  // The library that writes it is slow: one chart is written, and the others alike.
  const one = first ? stringify({ [first[0]]: first[1] }, { indentSeq: false }) : ''
  const yaml = `apiVersion: v1\nentries:\n${Object.keys(entries)
    .map((name) => one.replaceAll('chart-0', name).replaceAll(/^/gm, '  ').trimEnd())
    .join('\n')}\ngenerated: "2026-03-04T05:06:07Z"\n`
  const json = JSON.stringify({ apiVersion: 'v1', entries, generated: '2026-03-04T05:06:07Z' })
  const speedOf = async (text: string) => {
    const bytes = Buffer.from(text)
    const seconds: number[] = []
    let versions = 0
    for (let i = 0; i < 4; i++) {
      versions = 0
      const chunks = async function* () {
        for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
      }
      const began = performance.now()
      for await (const some of readIndex(chunks(), true)) versions += some.length
      if (i > 0) seconds.push((performance.now() - began) / 1000)
    }
    const median = seconds.sort((a, b) => a - b)[1] ?? 1
    return {
      megabytes: round(bytes.length / 1e6),
      versions,
      megabytesPerSecond: round(bytes.length / 1e6 / median),
    }
  }
  return { yaml: await speedOf(yaml), json: await speedOf(json) }
}
