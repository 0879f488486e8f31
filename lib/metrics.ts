import { createHash, timingSafeEqual } from 'node:crypto'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

import { env } from './env'

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const SYNC_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]

/** How a sync can end, for people who watch all of them. */
export type SyncEnd = 'completed' | 'unchanged' | 'failed' | 'cancelled' | 'taken_over' | 'given_back'

/** What is counted over all registries of all tenants, at the moment when somebody asks. */
export interface SyncFigures {
  /** How many registries there are in each state. */
  states: Record<string, number>
  /** Whose time has come and that nobody syncs. */
  due: number
  /** Seconds since the first of them was due. */
  lagSeconds: number
}

/**
 * What an operator's monitoring reads of this process. Labels are operations, status codes, outcomes and states: never a
 * name, an address or a secret, and no more of them than there are words for.
 */
function make() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    ...{ name: 'packyard_http_requests_total', help: 'Requests to operations of the API.', registers },
    labelNames: ['operation', 'status'],
  })
  const requestSeconds = new Histogram({
    ...{ name: 'packyard_http_request_duration_seconds', help: 'Time until an answer began.', registers },
    ...{ labelNames: ['operation'], buckets: REQUEST_SECONDS },
  })
  const syncs = new Counter({
    ...{ name: 'packyard_syncs_total', help: 'Syncs of this worker that ended.', registers },
    labelNames: ['outcome'],
  })
  const syncSeconds = new Histogram({
    ...{ name: 'packyard_sync_duration_seconds', help: 'Time that a sync took.', registers },
    ...{ labelNames: ['outcome'], buckets: SYNC_SECONDS },
  })
  return {
    registry,
    /** @param operation its id; `none` where the address names none */
    countRequest(operation: string, status: number, seconds: number) {
      requests.inc({ operation, status: String(status) })
      requestSeconds.observe({ operation }, seconds)
    },
    countSync(outcome: SyncEnd, seconds: number) {
      syncs.inc({ outcome })
      syncSeconds.observe({ outcome }, seconds)
    },
    /** Has the database counted whenever somebody asks. Every worker would tell the same. */
    watchRegistries(count: () => Promise<SyncFigures>) {
      const due = new Gauge({
        ...{
          name: 'packyard_registries_due',
          help: 'Registries whose sync is due and has not begun.',
          registers,
        },
      })
      const lag = new Gauge({
        ...{
          name: 'packyard_sync_lag_seconds',
          help: 'How long the first of those has been due.',
          registers,
        },
      })
      new Gauge({
        ...{ name: 'packyard_registries', help: 'Registries of all tenants, by state.', registers },
        labelNames: ['state'],
        async collect() {
          const figures = await count()
          this.reset()
          for (const [state, number] of Object.entries(figures.states)) this.set({ state }, number)
          due.set(figures.due)
          lag.set(figures.lagSeconds)
        },
      })
    },
  }
}

// Next.js may load this file once for each route: the process has one of it.
const shared = globalThis as { packyardMetrics?: ReturnType<typeof make> }
shared.packyardMetrics ??= make()
export const metrics = shared.packyardMetrics

const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * Answers whoever brings the operator's token; without that setting there is nothing to read.
 *
 * @param authorization the header of that name
 */
export async function answerMetrics(authorization: string | null): Promise<Response> {
  const token = env().PACKYARD_METRICS_TOKEN
  const headers = { 'cache-control': 'no-store' }
  if (!token) return new Response('Not found\n', { status: 404, headers })
  const [, given = ''] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? []
  if (!timingSafeEqual(digest(given), digest(token)))
    return new Response('Send the token of PACKYARD_METRICS_TOKEN as "Authorization: Bearer …".\n', {
      status: 401,
      headers: { ...headers, 'www-authenticate': 'Bearer realm="Packyard metrics"' },
    })
  return new Response(await metrics.registry.metrics(), {
    headers: { ...headers, 'content-type': metrics.registry.contentType },
  })
}
