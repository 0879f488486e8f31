import { queryOptions } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer } from '@/lib/client/call'

export type RecentProfile = Answer<'listProfiles'>['items'][number]

const RECENT = 6

/** The cluster profiles that were changed last. */
export const recentProfilesQuery = () =>
  queryOptions({
    queryKey: ['profiles', 'recent'],
    queryFn: ({ signal }) =>
      api(
        'listProfiles',
        { query: { limit: RECENT }, body: { sort: [{ field: 'lastModifiedTimestamp', order: 'desc' }] } },
        signal,
      ),
  })

/** How many packs there are, by layer, add-on type and registry. */
export const catalogCountsQuery = () =>
  queryOptions({
    queryKey: ['packs', 'counts'],
    queryFn: ({ signal }) => api('countPackFacets', { body: {} }, signal),
  })
