import { z } from 'zod'

import { WebhookInput } from '../../webhooks/schema'
import { operations } from '../operation'
import { UidParams } from '../wire/parts'
import {
  MadeWebhook,
  Webhook,
  WebhookDeliveries,
  WebhookSecret,
  Webhooks,
  WebhookTest,
} from '../wire/webhook'

export const webhookOperations = operations({
  listWebhooks: { permission: 'webhook.list', status: 200, response: Webhooks },
  createWebhook: { permission: 'webhook.create', status: 201, body: WebhookInput, response: MadeWebhook },
  readWebhook: { permission: 'webhook.get', status: 200, params: UidParams, response: Webhook },
  updateWebhook: { permission: 'webhook.update', status: 204, params: UidParams, body: WebhookInput },
  deleteWebhook: { permission: 'webhook.delete', status: 204, params: UidParams },
  pauseWebhook: {
    permission: 'webhook.update',
    status: 204,
    params: UidParams,
    body: z.object({ paused: z.boolean() }),
  },
  renewWebhookSecret: {
    permission: 'webhook.update',
    status: 200,
    params: UidParams,
    response: WebhookSecret,
  },
  testWebhook: { permission: 'webhook.update', status: 200, params: UidParams, response: WebhookTest },
  listWebhookDeliveries: {
    permission: 'webhook.get',
    status: 200,
    params: UidParams,
    response: WebhookDeliveries,
  },
})
