import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { SealError } from '../crypto/seal'
import { AppError } from '../errors'
import { openWebhook } from '../registries/open'
import { newUid } from '../uid'
import type { Attempt } from './attempt'
import { toBody } from './body'
import { mustFind } from './change'
import { send } from './send'
import { findSealedWebhook, noteDelivery } from './store'

/**
 * Sends a test at once, also to a webhook that is paused. It is tried once, and stands in the history.
 *
 * @throws AppError `not_found`; `conflict` when the secret does not open
 */
export async function testWebhook(actor: Actor, webhookId: string, consoleUrl: string): Promise<Attempt> {
  authorize(actor, 'webhook.update')
  const { url, name } = await mustFind(actor, webhookId)
  const sealed = (await findSealedWebhook(actor.tenantId, webhookId)) ?? ''
  const id = newUid()
  const body = JSON.stringify(toBody({ id, event: 'test', at: new Date() }, [], consoleUrl))
  const attempt = await send({ url, id, event: 'test', body }, secretOf(webhookId, sealed))
  await noteDelivery(actor.tenantId, { ...attempt, id, webhookId, event: 'test', body })
  await recordAudit(actor, {
    action: 'action',
    kind: 'webhook',
    id: webhookId,
    name,
    message: 'Sent a test to a webhook',
  })
  return attempt
}

function secretOf(id: string, sealed: string): string {
  try {
    return openWebhook(id, sealed)
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new AppError('conflict', 'The secret of this webhook does not open. Make a new one.', { cause })
  }
}
