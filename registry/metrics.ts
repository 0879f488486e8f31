import { once } from 'node:events'
import { createServer } from 'node:http'

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

import { explainListen, readAddress } from './address'
import type { Config } from './config/schema'
import type { Storage } from './storage/storage'

const KEY = 'http.debug.addr'
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** What monitoring reads of the registry. Labels are words of the API: never a name that somebody chose. */
export interface Metrics {
  /** @param at what was asked for, such as `manifest` @param seconds until the answer was sent */
  countRequest(at: string, method: string, status: number, seconds: number): void
  /** In the text format of Prometheus. */
  read(): Promise<string>
  readonly contentType: string
}

export function makeMetrics({ catalog, uploads }: Pick<Storage, 'catalog' | 'uploads'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    ...{ name: 'packyard_registry_http_requests_total', help: 'Requests that were answered.', registers },
    labelNames: ['at', 'method', 'status'],
  })
  const seconds = new Histogram({
    ...{
      name: 'packyard_registry_http_request_duration_seconds',
      help: 'Time until an answer was sent.',
      registers,
    },
    ...{ labelNames: ['at', 'method'], buckets: SECONDS },
  })
  const gauge = (name: string, help: string, count: () => number) =>
    new Gauge({
      ...{ name: `packyard_registry_${name}`, help, registers },
      collect() {
        this.set(count())
      },
    })
  gauge('repositories', 'Repositories that hold a manifest.', () => catalog.names.all.length)
  gauge('packs', 'Repositories that hold a version of a pack.', () => catalog.packNames.all.length)
  gauge('uploads_open', 'Uploads that were started and not ended.', () => uploads.open)
  return {
    countRequest(at, method, status, time) {
      requests.inc({ at, method, status: String(status) })
      seconds.observe({ at, method }, time)
    },
    read: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/**
 * Answers monitoring at an address of its own, as Distribution does: who may reach it is a matter of the network.
 *
 * @throws StartError where it cannot listen
 * @see https://distribution.github.io/distribution/about/configuration/#prometheus
 */
export async function serveMetrics(
  settings: Config['http']['debug'],
  metrics: Metrics,
): Promise<{ close(): void } | null> {
  if (!settings?.prometheus.enabled) return null
  const { addr, prometheus } = settings
  const server = createServer(async (request, response) => {
    const isIt = request.url?.split('?', 1)[0] === prometheus.path && request.method === 'GET'
    if (!isIt) return response.writeHead(404).end()
    response.setHeader('content-type', metrics.contentType)
    return response.end(await metrics.read())
  })
  try {
    server.listen(readAddress(addr, KEY))
    await once(server, 'listening')
  } catch (cause) {
    throw explainListen(addr, cause as NodeJS.ErrnoException, KEY)
  }
  return {
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
