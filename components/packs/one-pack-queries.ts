import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api } from '@/components/api'
import { type Answer, ApiError } from '@/lib/client/call'

export type OnePack = Answer<'readPackByName'>
export type VersionDetail = Answer<'readPackVersion'>
export type ListedVersion = Answer<'listVersionsOfPack'>['items'][number]
export type PackFile = Answer<'listPackFiles'>['items'][number]

/**
 * One pack over all registries; null where none has it.
 *
 * @param via what calls the API: of a page that is made on the server, the server's own
 */
export const onePackQuery = (name: string, via = api) =>
  queryOptions({
    queryKey: ['packs', 'named', name],
    queryFn: async ({ signal }) => {
      try {
        return await via('readPackByName', { params: { packName: name } }, signal)
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })

/** The uid of the version that the address names: a version or a tag of it, in one registry or whichever has it. */
export const chosenQuery = (pack: OnePack, registryUid: string, version: string, via = api) =>
  queryOptions({
    queryKey: ['packs', 'chosen', pack, registryUid, version],
    queryFn: async ({ signal }): Promise<string | null> => {
      const isHere = (one: { registryUid: string }) => !registryUid || one.registryUid === registryUid
      const source = pack.sources.find((one) => isHere(one) && (!version || one.version === version))
      if (source) return source.packUid
      const tag = [...pack.tracks, ...pack.labels].find((one) => isHere(one) && one.tag === version)
      if (tag) return tag.packUid
      const found = await via(
        'listVersionsOfPack',
        { params: { packName: pack.name }, query: { registryUid, version, limit: 1 } },
        signal,
      )
      return found.items[0]?.packUid ?? null
    },
  })

export const versionDetailQuery = (uid: string, via = api) =>
  queryOptions({
    queryKey: ['packs', 'detail', uid],
    queryFn: ({ signal }) => via('readPackVersion', { params: { uid } }, signal),
    enabled: uid !== '',
  })

/** @param registryUid empty: of all registries */
export const versionPagesQuery = (name: string, registryUid: string, text: string) =>
  infiniteQueryOptions({
    queryKey: ['packs', 'pages', name, registryUid, text],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'listVersionsOfPack',
        { params: { packName: name }, query: { registryUid, text: text.slice(0, 128), continue: pageParam } },
        signal,
      ),
    getNextPageParam: (page) => page.listmeta.continue || undefined,
    placeholderData: keepPreviousData,
  })

export const constraintsQuery = (uid: string) =>
  queryOptions({
    queryKey: ['packs', 'constraints', uid],
    queryFn: ({ signal }) => api('readPackConstraints', { params: { uid } }, signal),
  })

export const dependentsQuery = (name: string, version: string) =>
  infiniteQueryOptions({
    queryKey: ['packs', 'dependents', name, version],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'listPackDependents',
        { params: { packName: name }, query: { version, continue: pageParam } },
        signal,
      ),
    getNextPageParam: (page) => page.continue || undefined,
  })

export const usesQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['packs', 'uses', name],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api('listPackProfiles', { params: { packName: name }, query: { continue: pageParam } }, signal),
    getNextPageParam: (page) => page.continue || undefined,
  })

// The first time they are read from the registry: what failed is told, and not tried again unasked.
const once = { retry: false } as const

export const filesQuery = (uid: string) =>
  queryOptions({
    queryKey: ['packs', 'files', uid],
    queryFn: ({ signal }) => api('listPackFiles', { params: { uid } }, signal),
    ...once,
  })

export const fileQuery = (uid: string, path: string) =>
  queryOptions({
    queryKey: ['packs', 'file', uid, path],
    queryFn: ({ signal }) => api('readPackFile', { params: { uid }, query: { path } }, signal),
    enabled: path !== '',
    ...once,
  })

export const imagesQuery = (uid: string) =>
  queryOptions({
    queryKey: ['packs', 'images', uid],
    queryFn: ({ signal }) => api('listPackImages', { params: { uid } }, signal),
    ...once,
  })

export const changelogQuery = (uid: string) =>
  queryOptions({
    queryKey: ['packs', 'changelog', uid],
    queryFn: ({ signal }) => api('readPackChangelog', { params: { uid } }, signal),
    ...once,
  })
