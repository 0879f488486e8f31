import type { ChangeKind } from '../catalog/schema'
import { inTenant, operatorSql, sqlInTenant } from '../db/in-tenant'
import { isUniqueViolation } from '../db/violations'
import { AppError } from '../errors'
import type { WebhookInput } from './schema'

const shown = {
  ...{ id: true, name: true, url: true, kinds: true, registries: true, packs: true, paused: true },
  ...{ pausedReason: true, failures: true, createdAt: true, updatedAt: true },
} as const

export const findWebhooks = (tenantId: string) =>
  inTenant(tenantId).webhook.findMany({ where: { tenantId }, select: shown, orderBy: { name: 'asc' } })

export const findWebhook = (tenantId: string, id: string) =>
  inTenant(tenantId).webhook.findFirst({ where: { tenantId, id }, select: shown })

export type ShownWebhook = Awaited<ReturnType<typeof findWebhooks>>[number]

export const countWebhooks = (tenantId: string) => inTenant(tenantId).webhook.count({ where: { tenantId } })

async function unlessTaken<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause
    throw new AppError('conflict', `There is a webhook named "${name}" already. Choose another name.`, {
      cause,
      fields: { name: 'Already taken' },
    })
  }
}

/** @throws AppError `conflict` */
export const insertWebhook = (tenantId: string, data: WebhookInput & { id: string; sealedWebhook: string }) =>
  unlessTaken(
    data.name,
    inTenant(tenantId).webhook.create({ data: { ...data, tenantId }, select: { id: true } }),
  )

/** Changing it takes back how often it failed. @throws AppError `conflict` */
export const updateWebhook = (tenantId: string, id: string, data: WebhookInput) =>
  unlessTaken(
    data.name,
    inTenant(tenantId).webhook.updateMany({ where: { tenantId, id }, data: { ...data, failures: 0 } }),
  )

export const replaceWebhookSecret = (tenantId: string, id: string, sealedWebhook: string) =>
  inTenant(tenantId).webhook.updateMany({ where: { tenantId, id }, data: { sealedWebhook } })

export const deleteWebhook = (tenantId: string, id: string) =>
  inTenant(tenantId).webhook.deleteMany({ where: { tenantId, id } })

/** Sends nothing from now on, or what happens from now on. What waited is given up. @param reason why, where no person did it */
export async function writePaused(tenantId: string, id: string, paused: boolean, reason = ''): Promise<void> {
  await sqlInTenant(tenantId).query(
    `WITH changed AS (
       UPDATE webhook SET paused = $3, paused_reason = $4, failures = 0, updated_at = now()
       WHERE tenant_id = $1 AND id = $2),
     forgotten AS (DELETE FROM webhook_event WHERE tenant_id = $1 AND webhook_id = $2)
     UPDATE webhook_delivery SET state = 'failed', ended_at = now(),
       reason = CASE reason WHEN '' THEN 'The webhook was paused.' ELSE reason END
     WHERE tenant_id = $1 AND webhook_id = $2 AND state = 'waiting'`,
    [tenantId, id, paused, reason],
  )
}

const DELIVERIES_SHOWN = 50

export const findDeliveries = (tenantId: string, webhookId: string) =>
  inTenant(tenantId).webhookDelivery.findMany({
    where: { tenantId, webhookId },
    orderBy: { id: 'desc' },
    take: DELIVERIES_SHOWN,
    omit: { body: true },
  })

export type ShownDelivery = Awaited<ReturnType<typeof findDeliveries>>[number]

/** Writes down a delivery that was made at once. */
export async function noteDelivery(
  tenantId: string,
  {
    id,
    webhookId,
    event,
    body,
    status,
    reason,
    ms,
  }: Pick<ShownDelivery, 'id' | 'webhookId' | 'event' | 'status' | 'reason' | 'ms'> & { body: string },
): Promise<void> {
  await sqlInTenant(tenantId).query(
    `INSERT INTO webhook_delivery (id, tenant_id, webhook_id, event, body, changes, state, attempts, status, reason, ms, ended_at)
     VALUES ($1, $2, $3, $4, $5, 0, $6, 1, $7, $8, $9, now())`,
    [id, tenantId, webhookId, event, body, reason === '' ? 'delivered' : 'failed', status, reason, ms],
  )
}

/** A webhook that has something to be told, and tells nothing just now. */
export interface WaitingWebhook {
  id: string
  tenantId: string
  registries: string[]
  packs: string[]
}

export async function findWaiting(limit: number): Promise<WaitingWebhook[]> {
  const { rows } = await operatorSql().query(
    `SELECT w.id, w.tenant_id AS "tenantId", w.registries, w.packs FROM webhook w
     WHERE NOT w.paused
       AND EXISTS (SELECT FROM webhook_event e WHERE e.tenant_id = w.tenant_id AND e.webhook_id = w.id)
       AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting')
     LIMIT $1`,
    [limit],
  )
  return rows
}

export interface WaitingEvent {
  id: string
  kind: ChangeKind
  at: Date
  registryId: string
  registryName: string
  name: string
  version: string
  was: string
  became: string
  versions: number
  packs: number
}

/** The events that wait longest for a webhook, oldest first. */
export async function findWaitingEvents(
  { tenantId, id }: Pick<WaitingWebhook, 'tenantId' | 'id'>,
  limit: number,
): Promise<WaitingEvent[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT e.id::text, e.kind, e.at, e.registry_id AS "registryId", r.name AS "registryName", e.name, e.version, e.was,
       e.became, e.versions, e.packs
     FROM webhook_event w
     JOIN catalog_event e ON e.tenant_id = $1 AND e.id = w.event_id
     JOIN registry r ON r.tenant_id = $1 AND r.id = e.registry_id
     WHERE w.tenant_id = $1 AND w.webhook_id = $2 ORDER BY w.event_id LIMIT $3`,
    [tenantId, id, limit],
  )
  return rows
}

/**
 * Takes events out of what waits, and has them told, in one statement. Where somebody else has one told already
 * nothing changes.
 *
 * @param upTo the last event that was looked at: all until there no longer wait
 * @param delivery null: none of them is for this webhook
 */
export async function turnIntoDelivery(
  { tenantId, id }: Pick<WaitingWebhook, 'tenantId' | 'id'>,
  upTo: string | null,
  delivery: { id: string; body: string; changes: number } | null,
): Promise<void> {
  await sqlInTenant(tenantId).query(
    `WITH told AS (
       INSERT INTO webhook_delivery (id, tenant_id, webhook_id, event, body, changes)
       SELECT $4::text, $1, $2, 'changes', $5::text, $6::int WHERE $4::text IS NOT NULL
       ON CONFLICT (webhook_id) WHERE state = 'waiting' DO NOTHING RETURNING id)
     DELETE FROM webhook_event WHERE tenant_id = $1 AND webhook_id = $2 AND ($3::bigint IS NULL OR event_id <= $3)
       AND ($4::text IS NULL OR EXISTS (SELECT FROM told))`,
    [tenantId, id, upTo, delivery?.id ?? null, delivery?.body ?? null, delivery?.changes ?? 0],
  )
}

export interface DueDelivery {
  id: string
  tenantId: string
  webhookId: string
  event: string
  body: string
  attempts: number
  url: string
  sealed: string
  /** Attempts of the webhook that failed one after the other before this one. */
  failures: number
}

/** An attempt that shows nothing for so long was made by a process that died. */
const ATTEMPT_SECONDS = 60

/** Takes deliveries whose time has come: nobody else makes an attempt at them meanwhile. */
export async function claimDue(limit: number): Promise<DueDelivery[]> {
  const { rows } = await operatorSql().query(
    `WITH due AS (
       SELECT id FROM webhook_delivery WHERE state = 'waiting' AND next_at <= now()
       ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     UPDATE webhook_delivery d SET attempts = d.attempts + 1, next_at = now() + make_interval(secs => ${ATTEMPT_SECONDS})
     FROM due, webhook w WHERE d.id = due.id AND w.id = d.webhook_id
     RETURNING d.id, d.tenant_id AS "tenantId", d.webhook_id AS "webhookId", d.event, d.body, d.attempts, w.url,
       w.sealed_webhook AS sealed, w.failures`,
    [limit],
  )
  return rows
}

/** Writes down how an attempt ended. @param inMs when to try again; null: not at all */
export async function settleAttempt(
  { id, tenantId, webhookId }: Pick<DueDelivery, 'id' | 'tenantId' | 'webhookId'>,
  { status, reason, ms }: { status: number | null; reason: string; ms: number },
  inMs: number | null,
): Promise<void> {
  await sqlInTenant(tenantId).query(
    `WITH counted AS (
       UPDATE webhook SET failures = CASE $5 WHEN '' THEN 0 ELSE failures + 1 END WHERE tenant_id = $1 AND id = $3)
     UPDATE webhook_delivery SET status = $4, reason = $5, ms = $6,
       state = CASE WHEN $5 = '' THEN 'delivered' WHEN $7::bigint IS NULL THEN 'failed' ELSE state END,
       ended_at = CASE WHEN $5 = '' OR $7::bigint IS NULL THEN now() END,
       next_at = now() + make_interval(secs => COALESCE($7::bigint, 0) / 1000.0)
     WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'`,
    [tenantId, id, webhookId, status, reason, ms, inMs],
  )
}

/** Of each webhook so many deliveries are kept, and so many events wait at most: the oldest go first. */
const KEPT = { deliveries: 200, events: 10_000 }

/** @returns how many rows were deleted */
export async function deleteOldDeliveries(): Promise<number> {
  const old = await operatorSql().query(
    `DELETE FROM webhook_delivery d USING webhook w
     LEFT JOIN LATERAL (SELECT id FROM webhook_delivery o WHERE o.tenant_id = w.tenant_id AND o.webhook_id = w.id
       ORDER BY id DESC OFFSET ${KEPT.deliveries} LIMIT 1) AS last ON true
     WHERE d.webhook_id = w.id AND d.state <> 'waiting'
       AND (d.id <= last.id OR d.created_at < now() - interval '90 days')`,
  )
  const missed = await operatorSql().query(
    `DELETE FROM webhook_event e USING webhook w
     CROSS JOIN LATERAL (SELECT event_id FROM webhook_event o WHERE o.tenant_id = w.tenant_id AND o.webhook_id = w.id
       ORDER BY event_id DESC OFFSET ${KEPT.events} LIMIT 1) AS last
     WHERE e.tenant_id = w.tenant_id AND e.webhook_id = w.id AND e.event_id <= last.event_id`,
  )
  return (old.rowCount ?? 0) + (missed.rowCount ?? 0)
}

/** The secret as it is kept; null where there is no such webhook. */
export const findSealedWebhook = async (tenantId: string, id: string): Promise<string | null> =>
  (await inTenant(tenantId).webhook.findFirst({ where: { tenantId, id }, select: { sealedWebhook: true } }))
    ?.sealedWebhook ?? null
