import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer, Request } from '@/lib/client/call'
import type { Layer } from '@/lib/pack-format/manifest'
import type { ProfileType } from '@/lib/profiles/schema'
import { type Draft, templateOf, toDraft } from './draft'

const PAGE = 50
const CHOICES_PAGE = 24

export type ListedProfile = Answer<'listProfiles'>['items'][number]
export type PackChoice = Answer<'searchPacks'>['items'][number]
export type PackVersions = Answer<'readPackInRegistry'>

export type ProfileOrder = 'updated' | 'name' | 'type'

export interface ProfilesWanted {
  text: string
  types: ProfileType[]
  order: ProfileOrder
}

const ORDERS = {
  updated: { field: 'lastModifiedTimestamp', order: 'desc' },
  name: { field: 'profileName', order: 'asc' },
  type: { field: 'profileType', order: 'asc' },
} as const

const keys = {
  all: ['profiles'] as const,
  one: (uid: string) => ['profiles', 'one', uid] as const,
}

export const profilesQuery = ({ text, types, order }: ProfilesWanted) =>
  infiniteQueryOptions({
    queryKey: [...keys.all, 'list', text, types, order],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api(
        'listProfiles',
        {
          query: { limit: PAGE, continue: pageParam },
          body: {
            filter: {
              ...(text && { profileName: { contains: text } }),
              ...(types.length > 0 && { profileType: types }),
            },
            sort: [ORDERS[order]],
          },
        },
        signal,
      ),
    getNextPageParam: ({ listmeta }) => listmeta.continue || undefined,
    placeholderData: keepPreviousData,
  })

export const profileQuery = (uid: string) =>
  queryOptions({
    queryKey: keys.one(uid),
    queryFn: ({ signal }) => api('readProfile', { params: { uid } }, signal),
  })

/** A profile with the text of its inline manifests, as a draft to work on. */
export const profileDraftQuery = (uid: string) =>
  queryOptions({
    queryKey: [...keys.one(uid), 'draft'],
    queryFn: ({ signal }) => readDraft(uid, signal),
  })

async function readDraft(uid: string, signal: AbortSignal) {
  const [profile, { variables }] = await Promise.all([
    api('readProfile', { params: { uid } }, signal),
    api('readProfileVariables', { params: { uid } }, signal),
  ])
  const written = (templateOf(profile)?.packs ?? []).filter((one) => one.manifests.length > 0)
  const texts = await Promise.all(
    written.map(({ name }) => api('listLayerManifests', { params: { uid, packName: name } }, signal)),
  )
  const byUid = texts.flatMap(({ items }) =>
    items.map(({ metadata, spec }) => [metadata.uid, (spec.draft ?? spec.published)?.content ?? '']),
  )
  return { profile, draft: toDraft(profile, Object.fromEntries(byUid), variables) }
}

/** The same as it was when it was opened: neither time nor a save replaces it. */
export const openedDraftQuery = (uid: string, openedAt: number) =>
  queryOptions({
    queryKey: ['profile-opened', uid, openedAt],
    queryFn: ({ signal }) => readDraft(uid, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const registryNamesQuery = () =>
  queryOptions({
    queryKey: ['registries', 'names'],
    queryFn: ({ signal }) => api('listRegistryNames', {}, signal),
  })

export interface ChoicesWanted {
  layers: Layer[]
  registryUid: string
  cloudType: string
  text: string
}

/** The packs that fit a place of the stack. */
export const packChoicesQuery = ({ layers, registryUid, cloudType, text }: ChoicesWanted) =>
  infiniteQueryOptions({
    queryKey: ['packs', 'choices', layers, registryUid, cloudType, text],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api(
        'searchPacks',
        {
          query: { limit: CHOICES_PAGE, continue: pageParam },
          body: {
            filter: {
              layer: layers,
              ...(registryUid && { registryUid: [registryUid] }),
              ...(cloudType !== 'all' && { environment: [cloudType, 'all'] }),
              ...(text && { packyard: { text } }),
            },
            sort: [{ field: 'displayName', order: 'asc' }],
          },
        },
        signal,
      ),
    getNextPageParam: ({ listmeta }) => listmeta.continue || undefined,
    placeholderData: keepPreviousData,
  })

/** A second of the same pack in a profile goes by `<its own name>--<pack name>`. */
export const packNameOf = (layerName: string): string => layerName.split('--').at(-1) ?? layerName

/** The versions and tracks of one pack in one registry that may be chosen. */
export const packVersionsQuery = (packName: string, registryUid: string) =>
  queryOptions({
    queryKey: ['packs', 'selectable', packName, registryUid],
    enabled: packName !== '' && registryUid !== '',
    queryFn: ({ signal }) => api('readPackInRegistry', { params: { packName, registryUid } }, signal),
  })

/** What the server knows of layers that nobody has saved. Texts are checked where they are edited, and not sent. */
export const checkQuery = (draft: Pick<Draft, 'type' | 'cloudType' | 'layers'>, uid: string) => {
  const body = {
    type: draft.type,
    cloudType: draft.cloudType,
    packs: draft.layers.map(({ name, type, layer, packUid, tag, registryUid, digest }) => ({
      name,
      type,
      layer,
      ...(type !== 'manifest' && { uid: packUid, tag, registryUid, ...(digest && { digest }) }),
      values: '',
    })),
    packyard: { variables: [] },
  }
  return queryOptions({
    queryKey: ['profiles-check', uid, body],
    queryFn: ({ signal }) =>
      uid
        ? api('validateProfile', { params: { uid }, body }, signal)
        : api('validateNewProfile', { body }, signal),
    placeholderData: keepPreviousData,
  })
}

export function useCreateProfile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ body, publish }: { body: Request<'createProfile'>['body']; publish: boolean }) =>
      api('createProfile', { query: { publish: publish ? 'true' : 'false' }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

export function useUpdateProfile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ uid, body }: { uid: string; body: Request<'updateProfile'>['body'] }) =>
      api('updateProfile', { params: { uid }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

export function usePublishProfile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (uid: string) => api('publishProfile', { params: { uid } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}

export function useDeleteProfile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (uid: string) => api('deleteProfile', { params: { uid } }),
    onSuccess: (_, uid) => {
      client.removeQueries({ queryKey: keys.one(uid) })
      return client.invalidateQueries({ queryKey: keys.all })
    },
  })
}
