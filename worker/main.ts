import { keyRing } from '../lib/crypto/operator-keys'
import './heap'

import { PgBoss } from 'pg-boss'

import { closeDatabase } from '../lib/db/in-tenant'
import { env } from '../lib/env'
import { log } from '../lib/log'
import { egressPolicy } from '../lib/registries/check'
import { serveMetrics } from './metrics'
import { doTasks, SYNC } from './tasks'
import { keepSending } from './tick'
import { keepDelivering } from './webhooks'

const STOP_WITHIN_MS = 8_000

/**
 * The worker: syncs what is due, in a process of its own. As many as wanted share the work, on one machine or many; the
 * queue in the database decides who does what.
 */
async function main() {
  // A setting that is wrong ends it here, and not the first sync.
  keyRing()
  egressPolicy()
  const stop = new AbortController()
  const stopped = new Promise<string>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done(signal))
  })

  const boss = new PgBoss({
    connectionString: env().DATABASE_JOBS_URL,
    application_name: 'packyard-worker',
    schema: 'jobs',
    createSchema: false, // made with the logins, and theirs
    max: 4,
    // Of a line that went dead without a word. None of the queue's statements takes as long.
    ...{ query_timeout: 15_000, keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
    // Jobs of a process that was killed are given up by this clock.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    useListenNotify: true,
  })
  boss.on('error', (err) => log.error({ err }, 'The job queue met an error'))
  boss.on('warning', ({ message }) => log.warn({ message }, 'The job queue warns'))
  await boss.start()
  const doing = await doTasks(boss, stop.signal)
  const delivering = keepDelivering(stop.signal)
  const sending = keepSending((due) => doing.send(due), stop.signal)
  const { PACKYARD_METRICS_TOKEN: token, PACKYARD_METRICS_LISTEN: listen } = env()
  const endMetrics = token && listen ? await serveMetrics(listen) : () => {}
  log.info({ event: 'worker-up', pid: process.pid, queue: SYNC }, 'The worker is up')

  const signal = await stopped
  log.info({ event: 'worker-stopping', signal }, 'The worker stops: running syncs are given back')
  // Whatever hangs, the process ends: what it had is taken over by another.
  setTimeout(() => {
    log.error({ event: 'worker-killed' }, 'The worker did not stop in time')
    process.exit(1)
  }, STOP_WITHIN_MS).unref()
  stop.abort(new Error('The worker stops'))
  endMetrics()
  await Promise.all([sending, delivering])
  await boss.stop({ graceful: true, timeout: STOP_WITHIN_MS - 1_000, close: true })
  await closeDatabase()
  log.info({ event: 'worker-down' }, 'The worker has stopped')
  process.exit(0)
}

main().catch((err) => {
  log.fatal({ err }, 'The worker could not start')
  process.exit(1)
})
