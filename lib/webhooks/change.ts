import { randomBytes } from 'node:crypto'

import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { keyRing } from '../crypto/operator-keys'
import { seal } from '../crypto/seal'
import { AppError } from '../errors'
import { webhookOwner } from '../registries/secret'
import { newUid } from '../uid'
import type { WebhookInput } from './schema'
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  replaceWebhookSecret,
  type ShownWebhook,
  updateWebhook,
  writePaused,
} from './store'

const SECRET_BYTES = 32
const MAX_WEBHOOKS = 20

/** 256 random bits, and nothing that a shell or YAML reads as its own. */
const makeSecret = (): string => `pyw_${randomBytes(SECRET_BYTES).toString('base64url')}`

/** @throws AppError `not_found` */
export async function mustFind(actor: Actor, id: string): Promise<ShownWebhook> {
  const webhook = await findWebhook(actor.tenantId, id)
  if (!webhook) throw new AppError('not_found', 'There is no such webhook.')
  return webhook
}

const record = (
  actor: Actor,
  action: 'create' | 'update' | 'delete' | 'action',
  { id, name }: { id: string; name: string },
  message: string,
) => recordAudit(actor, { action, kind: 'webhook', id, name, message })

/**
 * Tells a receiver what changes from now on. The secret that signs it is told once and never again.
 *
 * @throws AppError `conflict` when the name is taken, or there are too many
 */
export async function addWebhook(actor: Actor, input: WebhookInput): Promise<{ id: string; secret: string }> {
  authorize(actor, 'webhook.create')
  if ((await countWebhooks(actor.tenantId)) >= MAX_WEBHOOKS)
    throw new AppError('conflict', `There are ${MAX_WEBHOOKS} webhooks. Delete one that is no longer used.`)
  const [id, secret] = [newUid(), makeSecret()]
  await insertWebhook(actor.tenantId, {
    ...input,
    id,
    sealedWebhook: seal(secret, webhookOwner(id), keyRing()),
  })
  await record(actor, 'create', { id, name: input.name }, 'Added a webhook')
  return { id, secret }
}

/** @throws AppError `not_found`; `conflict` when the name is taken */
export async function changeWebhook(actor: Actor, id: string, input: WebhookInput): Promise<void> {
  authorize(actor, 'webhook.update')
  await mustFind(actor, id)
  await updateWebhook(actor.tenantId, id, input)
  await record(actor, 'update', { id, name: input.name }, 'Changed a webhook')
}

/** Signs with a new secret from now on; told once. @throws AppError `not_found` */
export async function renewSecret(actor: Actor, id: string): Promise<string> {
  authorize(actor, 'webhook.update')
  const webhook = await mustFind(actor, id)
  const secret = makeSecret()
  await replaceWebhookSecret(actor.tenantId, id, seal(secret, webhookOwner(id), keyRing()))
  await record(actor, 'update', webhook, 'Made a new secret for a webhook')
  return secret
}

/** Sends nothing from now on, or what happens from now on. What happens while it is paused is not sent later. @throws AppError `not_found` */
export async function pauseWebhook(actor: Actor, id: string, paused: boolean): Promise<void> {
  authorize(actor, 'webhook.update')
  const webhook = await mustFind(actor, id)
  if (webhook.paused === paused) return
  await writePaused(actor.tenantId, id, paused)
  await record(actor, 'action', webhook, paused ? 'Paused a webhook' : 'Resumed a webhook')
}

/** @throws AppError `not_found` */
export async function removeWebhook(actor: Actor, id: string): Promise<void> {
  authorize(actor, 'webhook.delete')
  const webhook = await mustFind(actor, id)
  await deleteWebhook(actor.tenantId, id)
  await record(actor, 'delete', webhook, 'Deleted a webhook')
}
