import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer } from '@/lib/client/call'

export type ApiKey = Answer<'listApiKeys'>['items'][number]

const KEYS = ['api-keys']

export const apiKeysQuery = () =>
  queryOptions({
    queryKey: KEYS,
    queryFn: async ({ signal }) => (await api('listApiKeys', {}, signal)).items,
  })

/** Makes a key. The answer holds it, and nothing ever does again: it is not kept here either. */
export function useCreateApiKey() {
  const client = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: ({ name, expiry }: { name: string; expiry: string | undefined }) =>
      api('createApiKey', { body: { metadata: { name }, spec: { expiry } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  })
}

export function useSetApiKeyState(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (isActive: boolean) => api('setApiKeyState', { params: { uid }, body: { isActive } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  })
}

export function useDeleteApiKey(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api('deleteApiKey', { params: { uid } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  })
}
