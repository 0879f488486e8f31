import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer, Request } from '@/lib/client/call'

export type Webhook = Answer<'readWebhook'>
export type Delivery = Answer<'listWebhookDeliveries'>['items'][number]
export type WebhookBody = Request<'createWebhook'>['body']

const KEYS = ['webhooks']
const POLL_MS = 5_000

export const webhooksQuery = () =>
  queryOptions({
    queryKey: [...KEYS, 'list'],
    queryFn: async ({ signal }) => (await api('listWebhooks', {}, signal)).items,
  })

export const webhookQuery = (uid: string) =>
  queryOptions({
    queryKey: [...KEYS, 'one', uid],
    queryFn: ({ signal }) => api('readWebhook', { params: { uid } }, signal),
    refetchInterval: POLL_MS,
  })

export const deliveriesQuery = (uid: string) =>
  queryOptions({
    queryKey: [...KEYS, 'deliveries', uid],
    queryFn: async ({ signal }) => (await api('listWebhookDeliveries', { params: { uid } }, signal)).items,
    refetchInterval: POLL_MS,
  })

/** Does something to webhooks, and has all that is shown of them asked anew. */
function useWebhookMutation<I, O>(mutationFn: (input: I) => Promise<O>) {
  const client = useQueryClient()
  return useMutation({
    // An answer may hold a secret: it is told once, and not kept here either.
    gcTime: 0,
    mutationFn,
    onSettled: () => client.invalidateQueries({ queryKey: KEYS }),
  })
}

/** @param uid of the webhook that is changed; without it one is added */
export const useSaveWebhook = (uid?: string) =>
  useWebhookMutation(async (body: WebhookBody) => {
    if (uid === undefined) return api('createWebhook', { body })
    await api('updateWebhook', { params: { uid }, body })
    return null
  })

export const usePauseWebhook = (uid: string) =>
  useWebhookMutation((paused: boolean) => api('pauseWebhook', { params: { uid }, body: { paused } }))

export const useTestWebhook = (uid: string) =>
  useWebhookMutation(() => api('testWebhook', { params: { uid } }))

export const useRenewSecret = (uid: string) =>
  useWebhookMutation(() => api('renewWebhookSecret', { params: { uid } }))

export const useDeleteWebhook = (uid: string) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api('deleteWebhook', { params: { uid } }),
    onSuccess: () => {
      client.removeQueries({ queryKey: [...KEYS, 'one', uid] })
      client.removeQueries({ queryKey: [...KEYS, 'deliveries', uid] })
      void client.invalidateQueries({ queryKey: [...KEYS, 'list'] })
    },
  })
}
