import type { PgBoss } from 'pg-boss'

import { forgetOldFailures } from '../lib/access/forget-old-failures'
import { log } from '../lib/log'
import { adapterOf } from '../lib/registries/adapter'
import { announceEnds } from '../lib/sync/announce'
import { forgetChanges, forgetRuns } from '../lib/sync/forget'
import { runSync } from '../lib/sync/run'
import type { DueRegistry } from '../lib/sync/store/due'
import { forgetDeliveries } from '../lib/webhooks/deliver'

export const SYNC = 'sync'
const FORGET = 'forget-runs'
const ANNOUNCE = 'announce-ends'

/** Most wait for their registry: those that read much take turns among themselves. */
const SYNCS_AT_ONCE = 64
const HOUR_SECONDS = 3_600

/** Starts this process's part in every task. */
export async function doTasks(boss: PgBoss, signal: AbortSignal) {
  // One job a registry, waiting or running. What happens after a failure is written in the registry's row, so that
  // the queue itself tries nothing again.
  await keepQueue(boss, SYNC, {
    policy: 'exclusive',
    notify: true,
    retryLimit: 0,
    heartbeatSeconds: 10,
    expireInSeconds: 12 * HOUR_SECONDS,
    retentionSeconds: HOUR_SECONDS,
    deleteAfterSeconds: HOUR_SECONDS,
  })
  for (let i = 0; i < SYNCS_AT_ONCE; i++) {
    const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 10 }
    const id: string = await boss.work<Pick<DueRegistry, 'id' | 'tenantId'>>(SYNC, polling, async ([job]) => {
      if (!job) return
      await sync(job.data, AbortSignal.any([signal, job.signal]))
      // More may be waiting: who is done asks for it at once.
      boss.notifyWorker(id)
    })
  }

  await keepQueue(boss, FORGET, { policy: 'exclusive', retryLimit: 0, deleteAfterSeconds: HOUR_SECONDS })
  await boss.schedule(FORGET, '17 * * * *')
  await boss.work(FORGET, { pollingIntervalSeconds: 60 }, async () => {
    const rows = await forgetRuns()
    const failedSignIns = await forgetOldFailures()
    const changes = await forgetChanges()
    await forgetDeliveries()
    log.info(
      { event: 'forget-runs', rows, changes, failedSignIns },
      'Forgot old runs, changes and failed sign-ins',
    )
  })

  await keepQueue(boss, ANNOUNCE, { policy: 'exclusive', retryLimit: 0, deleteAfterSeconds: HOUR_SECONDS })
  await boss.schedule(ANNOUNCE, '2 * * * *')
  await boss.work(ANNOUNCE, { pollingIntervalSeconds: 60 }, async () => {
    const { events, packs } = await announceEnds()
    if (events + packs > 0) log.info({ event: 'announce-ends', events, packs }, 'Told of ends of life')
  })

  return {
    /** Sends registries to whoever is free. One that is waiting or running already is not sent twice. */
    send: async (due: DueRegistry[]) => {
      await boss.insert(
        SYNC,
        due.map(({ id, tenantId, leftRunId }) => ({
          data: { id, tenantId },
          // The job of a process that died blocks its registry's name until the queue gives it up: what it left goes
          // by another one. Whoever is late finds the registry taken.
          singletonKey: leftRunId ? `${id}/${leftRunId}` : id,
        })),
      )
    },
  }
}

async function sync(
  { id, tenantId }: Pick<DueRegistry, 'id' | 'tenantId'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await runSync(tenantId, id, adapterOf, signal)
  } catch (err) {
    log.error({ err, registryId: id }, 'A sync could not be ended in order; it is taken up again')
    throw err
  }
}

type QueueSettings = Parameters<PgBoss['createQueue']>[1]

/** Makes the queue, or brings one of an earlier version up to date. */
async function keepQueue(boss: PgBoss, name: string, settings: QueueSettings): Promise<void> {
  await boss.createQueue(name, settings)
  const { policy: _, ...changeable } = settings ?? {}
  await boss.updateQueue(name, changeable)
}
