import { z } from 'zod'

import { ChangeKind } from '../../catalog/schema'
import { Time } from './parts'

export const Webhook = z.strictObject({
  uid: z.string(),
  name: z.string(),
  url: z.string(),
  kinds: z.array(ChangeKind).describe('Which changes it is told.'),
  registries: z.array(z.string()).describe('Of registries with such names; empty: of all.'),
  packs: z.array(z.string()).describe('Of packs with such names; empty: of all.'),
  paused: z.boolean(),
  pausedReason: z.string().describe('Why the console paused it. Empty: a person did, or nobody.'),
  failures: z.number().int().describe('Attempts that failed one after the other.'),
  createdTime: Time,
})
export const Webhooks = z.strictObject({ items: z.array(Webhook) })

/** How an attempt ended. */
const Attempt = {
  status: z.number().int().nullable().describe('What the receiver answered; null where it did not.'),
  reason: z.string().describe('Why it failed. Empty: it did not.'),
  ms: z.number().int().nullable(),
}
export const WebhookTest = z.strictObject(Attempt)

export const WebhookDeliveries = z.strictObject({
  items: z.array(
    z.strictObject({
      uid: z.string().describe('As the receiver gets it.'),
      event: z.enum(['changes', 'test']),
      state: z.enum(['waiting', 'delivered', 'failed']),
      changes: z.number().int(),
      attempts: z.number().int(),
      ...Attempt,
      createdTime: Time,
      endedTime: Time.nullable(),
      nextTime: Time.nullable().describe('When it is tried again; null where it is not.'),
    }),
  ),
})

export const WebhookSecret = z.strictObject({ secret: z.string() })
export const MadeWebhook = z.strictObject({ uid: z.string(), secret: z.string() })
