import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer } from '@/lib/client/call'

/** Why a pack is in the catalog of each registry, or is not. */
export const whyQuery = (name: string, version: string) =>
  queryOptions({
    queryKey: ['packs', 'why', name, version],
    queryFn: ({ signal }) => api('explainPack', { query: { name, version } }, signal),
    enabled: name !== '',
    placeholderData: keepPreviousData,
  })

export type WhyOfRegistry = Answer<'explainPack'>['registries'][number]
