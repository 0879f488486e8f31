import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

import { parse, stringify } from 'yaml'

import { type PackFiles, readTar, writeTar } from '@/lib/pack-format/archive'
import { sampleCharts } from '../../tools/sample-packs/build-charts.mjs'

import { startWeb } from './servers'

/** A packed chart and its Chart.yaml. */
export interface TestChart {
  file: string
  tgz: Buffer
  metadata: Record<string, unknown>
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function toChart(tar: Uint8Array, given?: string): Promise<TestChart> {
  const files = await readTar(
    (async function* () {
      yield tar
    })(),
  )
  const [, chartYaml] = [...files].find(([name]) => /^[^/]+\/Chart\.yaml$/.test(name)) ?? []
  const metadata = parse(Buffer.from(chartYaml?.bytes ?? '').toString()) as Record<string, unknown>
  return { file: given ?? `${metadata.name}-${metadata.version}.tgz`, tgz: gzipSync(tar), metadata }
}

/** The charts of our sample packs, packed from their sources. */
export const packSampleCharts = async (): Promise<TestChart[]> =>
  Promise.all((await sampleCharts()).map(({ file, tar }) => toChart(tar, path.basename(file))))

/** Packs a small chart. More files by their path inside of it. */
export async function packChart(
  { name, version, ...rest }: { name: string; version: string; [key: string]: unknown },
  more: Record<string, string | Uint8Array> = { 'values.yaml': `# Of ${name}\nreplicas: 1\n` },
): Promise<TestChart> {
  const files: PackFiles = new Map()
  const all = { 'Chart.yaml': stringify({ apiVersion: 'v2', name, version, ...rest }), ...more }
  for (const [file, content] of Object.entries(all))
    files.set(`${name}/${file}`, { bytes: Buffer.from(content), executable: false })
  return toChart(await writeTar(files))
}

/** An index as `helm repo index` writes it: keys sorted, lists not indented, `generated` last. */
export function indexOf(charts: TestChart[], addressOf = (chart: TestChart) => [chart.file]): string {
  const entries: Record<string, unknown[]> = {}
  for (const chart of charts) {
    const name = String(chart.metadata.name)
    entries[name] = [
      ...(entries[name] ?? []),
      {
        ...chart.metadata,
        created: '2026-03-04T05:06:07.123456789Z',
        digest: sha256(chart.tgz),
        urls: addressOf(chart),
      },
    ]
  }
  const index = { apiVersion: 'v1', entries, generated: '2026-03-04T05:06:07.123456789Z' }
  return stringify(index, {
    indentSeq: false,
    lineWidth: 80,
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  })
}

interface Seen {
  path: string
  authorization: string | undefined
  /** What was answered. */
  status: number
}

export interface ChartRepository {
  url: string
  /** What is served, by path without the first slash. */
  files: Map<string, Uint8Array | string>
  /** Every request that came, in order. */
  seen: Seen[]
  /** What the server says of a file's state. */
  validator: 'etag' | 'modified' | 'none'
  /** When the files were changed. */
  modified: Date
  /** Without these it answers 401. */
  user: { name: string; password: string } | null
  /** Answers instead, or lets the request pass. Replaced by tests as they go. */
  instead: (request: IncomingMessage, response: ServerResponse) => boolean
  close(): Promise<void>
}

/** A web server with files, as most chart repositories are. */
export async function startChartRepository(charts: TestChart[] = []): Promise<ChartRepository> {
  const { port, close } = await startWeb((request, response) => {
    const one: Seen = { path: request.url ?? '', authorization: request.headers.authorization, status: 0 }
    repository.seen.push(one)
    response.on('finish', () => {
      one.status = response.statusCode
    })
    if (!repository.instead(request, response)) serve(request, response)
  })

  function serve(request: IncomingMessage, response: ServerResponse) {
    const { user, validator, modified } = repository
    const expected = user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
    if (expected && request.headers.authorization !== expected)
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="charts"' }).end('Who is it?\n')
    const content = repository.files.get(decodeURIComponent((request.url ?? '').slice(1)))
    if (content === undefined) return response.writeHead(404).end('Not there\n')
    const bytes = Buffer.from(content)
    const etag = `"${sha256(bytes).slice(0, 16)}"`
    const time = new Date(Math.floor(modified.getTime() / 1000) * 1000).toUTCString()
    if (validator === 'etag') {
      response.setHeader('etag', etag)
      if (request.headers['if-none-match'] === etag) return response.writeHead(304).end()
    } else if (validator === 'modified') {
      response.setHeader('last-modified', time)
      if (request.headers['if-modified-since'] === time) return response.writeHead(304).end()
    }
    return response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  }

  const repository: ChartRepository = {
    url: `http://127.0.0.1:${port}`,
    files: new Map<string, Uint8Array | string>(charts.map((chart) => [chart.file, chart.tgz])),
    seen: [],
    validator: 'etag',
    modified: new Date(Date.now() - 60_000),
    user: null,
    instead: () => false,
    close,
  }
  repository.files.set('index.yaml', indexOf(charts))
  return repository
}
