import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer, Request } from '@/lib/client/call'
import { LAYERS } from '@/lib/pack-format/layers'
import type { Layer } from '@/lib/pack-format/manifest'

/** What of the catalog is shown, as it stands in the address. */
export interface PackChoice {
  text: string
  registries: string[]
  layers: Layer[]
  addonTypes: string[]
  clouds: string[]
  states: string[]
  sort: PackSort
}

export const PACK_SORTS = {
  best: { name: 'Best match', sort: [] },
  name: { name: 'Name', sort: [{ field: 'displayName', order: 'asc' }] },
  layer: { name: 'Layer, bottom up', sort: [{ field: 'layer', order: 'asc' }] },
  addonType: { name: 'Add-on type', sort: [{ field: 'addOnType', order: 'asc' }] },
  changed: { name: 'Newest first', sort: [] },
} as const satisfies Record<string, { name: string; sort: Request<'searchPacks'>['body']['sort'] }>
export type PackSort = keyof typeof PACK_SORTS

export function readChoice(query: URLSearchParams): PackChoice {
  const sort = query.get('sort') ?? ''
  const text = query.get('q') ?? ''
  return {
    text,
    registries: query.getAll('registry'),
    layers: query.getAll('layer').filter((one): one is Layer => LAYERS.includes(one as Layer)),
    addonTypes: query.getAll('type'),
    clouds: query.getAll('cloud'),
    states: query.getAll('state'),
    // Without words nothing matches better than the rest.
    sort:
      Object.hasOwn(PACK_SORTS, sort) && (text || sort !== 'best')
        ? (sort as PackSort)
        : text
          ? 'best'
          : 'name',
  }
}

/** The choice in the words of the API. */
export const toBody = ({
  text,
  registries,
  layers,
  addonTypes,
  clouds,
  states,
  sort,
}: PackChoice): Request<'searchPacks'>['body'] => ({
  filter: {
    ...((text || sort === 'changed') && {
      packyard: {
        ...(text && { text: text.slice(0, 256) }),
        ...(sort === 'changed' && { newestFirst: true }),
      },
    }),
    ...(registries.length > 0 && { registryUid: registries }),
    ...(layers.length > 0 && { layer: layers }),
    ...(addonTypes.length > 0 && { addOnType: addonTypes }),
    ...(clouds.length > 0 && { environment: clouds }),
    ...(states.length > 0 && { state: states }),
  },
  sort: [...PACK_SORTS[sort].sort],
})

const PAGE = 48

/** How much of a list is fetched again by itself, in pages: what somebody scrolled far into stays as it is. */
const KEPT_FRESH = 2
const isShort = ({ state }: { state: { data?: { pages: unknown[] } } }) =>
  (state.data?.pages.length ?? 0) <= KEPT_FRESH

/** @param via what calls the API: of a page that is made on the server, the server's own */
export const packsQuery = (choice: PackChoice, via = api) =>
  infiniteQueryOptions({
    queryKey: ['packs', 'search', choice],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      via('searchPacks', { query: { limit: PAGE, continue: pageParam }, body: toBody(choice) }, signal),
    getNextPageParam: (page) => page.listmeta.continue || undefined,
    placeholderData: keepPreviousData,
    refetchOnMount: isShort,
    refetchOnWindowFocus: isShort,
    refetchOnReconnect: isShort,
    // Comparing pages with themselves would take longer with each one.
    structuralSharing: false,
  })

export const facetsQuery = (choice: PackChoice, via = api) =>
  queryOptions({
    // How the list is sorted changes no count.
    queryKey: ['packs', 'facets', { ...choice, sort: '' }],
    queryFn: ({ signal }) => via('countPackFacets', { body: toBody(choice) }, signal),
    placeholderData: keepPreviousData,
  })

export type PackCardData = Answer<'searchPacks'>['items'][number]

/** One pack by its name, with the registries that carry it; null where none does. */
export const packQuery = (name: string) =>
  queryOptions({
    queryKey: ['packs', 'one', name],
    queryFn: async ({ signal }) => {
      const found = await api(
        'searchPacks',
        {
          query: { limit: 1 },
          body: { filter: { name: { eq: name, ignoreCase: false }, state: [...ALL_STATES] } },
        },
        signal,
      )
      return found.items[0] ?? null
    },
  })

const ALL_STATES = ['active', 'deprecated', 'disabled', 'deleted'] as const

/** Every version of a pack in one registry, whatever its state. */
export const versionsQuery = (name: string, registryUid: string) =>
  queryOptions({
    queryKey: ['packs', 'versions', name, registryUid],
    queryFn: ({ signal }) =>
      api(
        'readPackInRegistry',
        { params: { packName: name, registryUid }, query: { states: ALL_STATES.join(',') } },
        signal,
      ),
    enabled: registryUid !== '',
  })

export type PackVersions = Answer<'readPackInRegistry'>

/** One version with all that it holds. */
export const versionQuery = (uid: string) =>
  queryOptions({
    queryKey: ['packs', 'version', uid],
    queryFn: ({ signal }) => api('readPack', { params: { uid } }, signal),
    enabled: uid !== '',
  })

export type PackValues = Answer<'readPack'>['packValues'][number]
