import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer, Request } from '@/lib/client/call'

export type Registry = Answer<'readRegistry'>
export type SyncRun = Answer<'listSyncRuns'>['items'][number]
export type SyncRunDetail = Answer<'readSyncRun'>
export type RunningSync = Answer<'listRunningSyncs'>['items'][number]
export type SyncFailure = Answer<'listSyncFailures'>['items'][number]
export type HeldRemovals = Answer<'readHeldRemovals'>
export type CheckReport = Answer<'checkRegistry'>

const keys = {
  all: ['registries'] as const,
  list: ['registries', 'list'] as const,
  one: (uid: string) => ['registries', 'one', uid] as const,
}

/** While something syncs people watch it; else the page only keeps up. */
const POLL_MS = { busy: 1_500, busyList: 3_000, quiet: 20_000 }
/** How far syncs are costs little to ask. */
const WATCH_MS = { busy: 1_000, quiet: 5_000 }
const MAX_PAGES = 40

export const isBusy = (registry: Registry): boolean => registry.status.packyard.state === 'syncing'

/** Every registry: there are few, and people search and sort all of them. */
export const registriesQuery = () =>
  queryOptions({
    queryKey: keys.list,
    queryFn: async ({ signal }) => {
      const items: Registry[] = []
      let position = ''
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await api('listRegistries', { query: { continue: position } }, signal)
        items.push(...answer.items)
        position = answer.listmeta.continue
        if (position === '') break
      }
      return items
    },
    // How far each is, is asked apart.
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? POLL_MS.busyList : POLL_MS.quiet),
  })

export const registryQuery = (uid: string) =>
  queryOptions({
    queryKey: keys.one(uid),
    queryFn: ({ signal }) => api('readRegistry', { params: { uid } }, signal),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? POLL_MS.busy : POLL_MS.quiet),
  })

export const runsQuery = (uid: string, busy: boolean) =>
  queryOptions({
    queryKey: [...keys.one(uid), 'runs'],
    queryFn: async ({ signal }) => (await api('listSyncRuns', { params: { uid } }, signal)).items,
    refetchInterval: busy ? POLL_MS.busy : POLL_MS.quiet,
  })

export const failuresQuery = (uid: string) =>
  queryOptions({
    queryKey: [...keys.one(uid), 'failures'],
    queryFn: async ({ signal }) => (await api('listSyncFailures', { params: { uid } }, signal)).items,
  })

/** The syncs that run and how far they are; of one registry, or of all. */
export const runningQuery = (uid?: string) =>
  queryOptions({
    queryKey: ['registries', 'running', uid ?? 'all'],
    queryFn: async ({ signal }) =>
      (await api('listRunningSyncs', { query: uid === undefined ? {} : { registryUid: uid } }, signal)).items,
    refetchInterval: ({ state }) => (state.data?.length ? WATCH_MS.busy : WATCH_MS.quiet),
  })

/** One run with what it did to which version. One that has ended stays as it is. */
export const runQuery = (uid: string, runUid: string) =>
  queryOptions({
    queryKey: [...keys.one(uid), 'runs', runUid],
    queryFn: ({ signal }) => api('readSyncRun', { params: { uid, runUid } }, signal),
    refetchInterval: ({ state }) => (state.data?.outcome === 'running' ? POLL_MS.busy : false),
  })

/** What the registry no longer lists and what was decided about it. */
export const heldQuery = (uid: string) =>
  queryOptions({
    queryKey: [...keys.one(uid), 'held'],
    queryFn: ({ signal }) => api('readHeldRemovals', { params: { uid } }, signal),
  })

/** The profiles that hold packs of it: why it cannot be deleted. */
export const usersQuery = (uid: string) =>
  queryOptions({
    queryKey: [...keys.one(uid), 'profiles'],
    queryFn: async ({ signal }) => (await api('listRegistryProfiles', { params: { uid } }, signal)).items,
  })

const PACKS_SHOWN = 8

/** The first packs of a registry by name, and how many there are. */
export const packsOfQuery = (uid: string) =>
  queryOptions({
    queryKey: ['packs', 'of', uid],
    queryFn: ({ signal }) =>
      api('searchPacks', { query: { limit: PACKS_SHOWN }, body: { filter: { registryUid: [uid] } } }, signal),
  })

/** What a run of a sync may have changed, once it has ended. */
export function forgetAfterSync(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: keys.all })
  void client.invalidateQueries({ queryKey: ['packs'] })
  void client.invalidateQueries({ queryKey: ['changes'] })
}

/** What a person entered, in the words of the API. */
export interface RegistryBody {
  kind: Registry['kind']
  metadata: { name: string }
  spec: NonNullable<Request<'checkRegistry'>['body']['spec']>
}

export const useCheckRegistry = () =>
  useMutation({
    mutationFn: ({ body, signal }: { body: Request<'checkRegistry'>['body']; signal?: AbortSignal }) =>
      api('checkRegistry', { body }, signal),
  })

type Save = (uid: string | undefined, body: Omit<RegistryBody, 'kind'>, paused: boolean) => Promise<unknown>

const skipping = (paused: boolean) => ({ skipPackSync: paused ? ('true' as const) : ('false' as const) })

/** How each kind is added, or changed where there is a uid. */
const SAVE: Record<RegistryBody['kind'], Save> = {
  pack: (uid, body, paused) =>
    uid === undefined
      ? api('createPackRegistry', { query: skipping(paused), body })
      : api('updatePackRegistry', { params: { uid }, query: skipping(paused), body }),
  oci: (uid, body, paused) =>
    uid === undefined
      ? api('createOciRegistry', { query: skipping(paused), body })
      : api('updateOciRegistry', { params: { uid }, query: skipping(paused), body }),
  helm(uid, { metadata, spec }, paused) {
    const body = { metadata, spec: { ...spec, createOption: { skipSync: paused } } }
    return uid === undefined
      ? api('createHelmRegistry', { body })
      : api('updateHelmRegistry', { params: { uid }, body })
  },
}

/** Adds a registry, or changes the one with this uid. Paused, it is neither tested nor synced. */
export function useSaveRegistry(uid: string | undefined) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ body: { kind, ...body }, paused }: { body: RegistryBody; paused: boolean }) =>
      SAVE[kind](uid, body, paused),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

export function useSyncRegistry(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api('syncRegistry', { params: { uid } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

/** Why a version is here, or is not. Asked when a person asks. */
export const whyQuery = (uid: string, asked: { name: string; version: string } | null) =>
  queryOptions({
    queryKey: [...keys.one(uid), 'why', asked],
    queryFn: ({ signal }) => api('explainVersion', { params: { uid }, query: asked ?? undefined }, signal),
    enabled: asked !== null,
  })

export function useCancelSync(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api('cancelRegistrySync', { params: { uid } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

export function useRetryRegistry(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api('retryRegistry', { params: { uid } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

/** Removes what is no longer listed, or keeps it: the list that was shown, and no other. */
export function useDecideHeld(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ decision, proposal }: { decision: 'apply' | 'keep' | 'let-go'; proposal: string }) =>
      decision === 'keep'
        ? api('discardHeldRemovals', { params: { uid }, body: { proposal } })
        : api('applyHeldRemovals', {
            params: { uid },
            body: { list: decision === 'apply' ? 'held' : 'kept', proposal },
          }),
    // Refused too: then the list is another one by now.
    onSettled: () => forgetAfterSync(client),
  })
}

export function usePauseRegistry(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (paused: boolean) => api('pauseRegistry', { params: { uid }, body: { paused } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

export function useDeleteRegistry(uid: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api('deleteRegistry', { params: { uid } }),
    onSuccess: () => {
      client.removeQueries({ queryKey: keys.one(uid) })
      // The list alone: the page of what was deleted is still open for a moment.
      void client.invalidateQueries({ queryKey: keys.list })
      void client.invalidateQueries({ queryKey: ['packs'] })
    },
  })
}

export type BulkAction = 'sync' | 'pause' | 'resume' | 'delete'
export interface BulkResult {
  registry: Registry
  /** Why it was refused; null where it was done. */
  error: Error | null
  /** Nothing had to be done. */
  wasSo: boolean
}

const AT_ONCE = 4
const DO: Record<BulkAction, (uid: string) => Promise<unknown>> = {
  sync: (uid) => api('syncRegistry', { params: { uid } }),
  pause: (uid) => api('pauseRegistry', { params: { uid }, body: { paused: true } }),
  resume: (uid) => api('pauseRegistry', { params: { uid }, body: { paused: false } }),
  delete: (uid) => api('deleteRegistry', { params: { uid } }),
}

/** Does the same to several registries, a few at a time. One that is refused keeps none of the others from it. */
export function useBulk() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ action, registries }: { action: BulkAction; registries: Registry[] }) => {
      const results: BulkResult[] = []
      const queue = registries.entries()
      const work = async () => {
        for (const [place, registry] of queue) {
          const wasSo =
            (action === 'pause' && registry.spec.paused) || (action === 'resume' && !registry.spec.paused)
          const error = wasSo
            ? null
            : await DO[action](registry.metadata.uid).then(
                () => null,
                (cause: Error) => cause,
              )
          results[place] = { registry, error, wasSo }
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      return results
    },
    onSettled: () => forgetAfterSync(client),
  })
}
