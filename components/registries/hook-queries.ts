import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import { api } from '@/components/api'
import { forgetAfterSync } from './queries'

const keyOf = (uid: string) => ['registries', 'one', uid, 'hook']

/** A registry that notifies is shown as it is within a moment. */
const LISTEN_MS = 1_000
/** A sync after a notification takes so long: what the page knows is asked for anew when it may have ended. */
const SETTLED_MS = [300, 900, 2_500]

export const hookQuery = (uid: string) =>
  queryOptions({
    queryKey: keyOf(uid),
    queryFn: ({ signal }) => api('readHook', { params: { uid } }, signal),
    refetchInterval: ({ state }) => (state.data?.on ? LISTEN_MS : false),
  })

/** What is known of a registry's notifications; when one comes, what the page knows of packs is asked for anew. */
export function useHook(uid: string) {
  const client = useQueryClient()
  const hook = useQuery(hookQuery(uid))
  const heard = hook.data?.heardTime
  const before = useRef(heard)
  useEffect(() => {
    const known = before.current
    before.current = heard
    if (!heard || known === undefined || known === heard) return
    const timers = SETTLED_MS.map((ms) => setTimeout(() => forgetAfterSync(client), ms))
    return () => timers.forEach(clearTimeout)
  }, [heard, client])
  return hook
}

/** Makes a secret. The answer holds it, and nothing ever does again: it is not kept here either. */
export function useMakeHook(uid: string) {
  const client = useQueryClient()
  return useMutation({
    gcTime: 0,
    mutationFn: () => api('makeHook', { params: { uid } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf(uid) }),
  })
}

export function useEndHook(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api('endHook', { params: { uid } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf(uid) }),
  })
}
