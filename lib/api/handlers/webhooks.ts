import type { ChangeKind } from '../../catalog/schema'
import { env } from '../../env'
import { addWebhook, changeWebhook, pauseWebhook, removeWebhook, renewSecret } from '../../webhooks/change'
import { listDeliveries, listWebhooks, readWebhook } from '../../webhooks/read'
import { testWebhook } from '../../webhooks/send-test'
import type { ShownWebhook } from '../../webhooks/store'
import type { Handlers } from '../mount'
import type { webhookOperations } from '../operations/webhooks'

const toWebhook = ({ id, createdAt, updatedAt: _, kinds, ...webhook }: ShownWebhook) => ({
  ...webhook,
  kinds: kinds as ChangeKind[],
  ...{ uid: id, createdTime: createdAt.toISOString() },
})

export const webhookHandlers: Handlers<typeof webhookOperations> = {
  listWebhooks: async (_, { actor }) => ({ items: (await listWebhooks(actor)).map(toWebhook) }),
  async createWebhook({ body }, { actor }) {
    const { id, secret } = await addWebhook(actor, body)
    return { uid: id, secret }
  },
  readWebhook: async ({ params }, { actor }) => toWebhook(await readWebhook(actor, params.uid)),
  updateWebhook: ({ params, body }, { actor }) => changeWebhook(actor, params.uid, body),
  deleteWebhook: ({ params }, { actor }) => removeWebhook(actor, params.uid),
  pauseWebhook: ({ params, body }, { actor }) => pauseWebhook(actor, params.uid, body.paused),
  renewWebhookSecret: async ({ params }, { actor }) => ({ secret: await renewSecret(actor, params.uid) }),
  async testWebhook({ params }, { actor }) {
    const { status, reason, ms } = await testWebhook(actor, params.uid, env().PACKYARD_URL)
    return { status, reason, ms }
  },
  async listWebhookDeliveries({ params }, { actor }) {
    const items = await listDeliveries(actor, params.uid)
    return {
      items: items.map(
        ({ id, event, state, changes, attempts, status, reason, ms, createdAt, endedAt, nextAt }) => ({
          ...{ uid: id, changes, attempts, status, reason, ms },
          event: event as 'changes' | 'test',
          state: state as 'waiting' | 'delivered' | 'failed',
          ...{ createdTime: createdAt.toISOString(), endedTime: endedAt?.toISOString() ?? null },
          nextTime: state === 'waiting' ? nextAt.toISOString() : null,
        }),
      ),
    }
  },
}
