import { SealError } from '../crypto/seal'
import { env } from '../env'
import { log } from '../log'
import { openWebhook } from '../registries/open'
import { matchesPattern } from '../sync/filter'
import { newUid } from '../uid'
import { type Attempt, afterAttempt } from './attempt'
import { toBody } from './body'
import { send } from './send'
import {
  claimDue,
  type DueDelivery,
  deleteOldDeliveries,
  findWaiting,
  findWaitingEvents,
  settleAttempt,
  turnIntoDelivery,
  type WaitingEvent,
  type WaitingWebhook,
  writePaused,
} from './store'

/** So many changes are told together. */
const TOGETHER = 100
const AT_ONCE = 8

const isAny = (patterns: readonly string[], name: string) =>
  patterns.length === 0 || patterns.some((pattern) => matchesPattern(name, pattern))

/** Whether a webhook wants to know of a change. What stands for many packs is told whatever packs it names. */
export const isFor = (
  { registries, packs }: Pick<WaitingWebhook, 'registries' | 'packs'>,
  { registryName, name }: Pick<WaitingEvent, 'registryName' | 'name'>,
): boolean => isAny(registries, registryName) && (name === '' || isAny(packs, name))

/** Makes a delivery of what waits longest for each webhook that tells nothing just now. */
async function prepare(): Promise<void> {
  for (const webhook of await findWaiting(AT_ONCE)) {
    const events = await findWaitingEvents(webhook, TOGETHER)
    const wanted = events.filter((event) => isFor(webhook, event))
    const id = newUid()
    const body = toBody({ id, event: 'changes', at: new Date() }, wanted, env().PACKYARD_URL)
    await turnIntoDelivery(
      webhook,
      events.at(-1)?.id ?? null,
      wanted.length > 0 ? { id, body: JSON.stringify(body), changes: wanted.length } : null,
    )
  }
}

async function attempt(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
  const { webhookId, tenantId, attempts, failures } = delivery
  let ended: Attempt
  try {
    ended = await send(delivery, openWebhook(webhookId, delivery.sealed), signal)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    const reason = 'The secret of this webhook does not open. Make a new one.'
    await settleAttempt(delivery, { status: null, reason, ms: 0 }, null)
    return writePaused(tenantId, webhookId, true, reason)
  }
  const next = afterAttempt(ended, { attempts, failures: failures + 1 })
  await settleAttempt(delivery, ended, next.do === 'again' ? next.inMs : null)
  if (next.do !== 'give up') return
  log.warn(
    { event: 'webhook-failed', webhookId, reason: ended.reason, attempts },
    'A webhook did not take what it was told',
  )
  if (next.pause) await writePaused(tenantId, webhookId, true, next.pause)
}

/** Tells webhooks what has happened and is due to be told. @returns how many attempts were made */
export async function deliver(signal: AbortSignal): Promise<number> {
  await prepare()
  const due = await claimDue(AT_ONCE)
  const results = await Promise.allSettled(due.map((one) => attempt(one, signal)))
  // What was broken off by the end of this process is tried again by another.
  for (const result of results) if (result.status === 'rejected' && !signal.aborted) throw result.reason
  return due.length
}

/** Forgets what was told long ago, and what waited too long. @returns how many */
export const forgetDeliveries = (): Promise<number> => deleteOldDeliveries()
