import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { mustFind } from './change'
import { findDeliveries, findWebhooks, type ShownDelivery, type ShownWebhook } from './store'

export function listWebhooks(actor: Actor): Promise<ShownWebhook[]> {
  authorize(actor, 'webhook.list')
  return findWebhooks(actor.tenantId)
}

/** @throws AppError `not_found` */
export function readWebhook(actor: Actor, id: string): Promise<ShownWebhook> {
  authorize(actor, 'webhook.get')
  return mustFind(actor, id)
}

/** What was sent last, and what is being sent, newest first. @throws AppError `not_found` */
export async function listDeliveries(actor: Actor, id: string): Promise<ShownDelivery[]> {
  authorize(actor, 'webhook.get')
  await mustFind(actor, id)
  return findDeliveries(actor.tenantId, id)
}
