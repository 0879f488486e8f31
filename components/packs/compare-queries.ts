import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer } from '@/lib/client/call'

export type PackComparison = Answer<'comparePacks'>
export type ComparedFile = PackComparison['files'][number]

/**
 * What two versions do not share, by their uids.
 *
 * @param files manifests and charts too: they may have to be read from the registry first, which takes a while
 */
export const comparisonQuery = (left: string, right: string, files: boolean) =>
  queryOptions({
    queryKey: ['packs', 'compare', left, right, files],
    queryFn: ({ signal }) =>
      api('comparePacks', { query: { left, right, files: files ? 'true' : 'false' } }, signal),
    enabled: left !== '' && right !== '',
  })

/** One file of two versions, line by line. */
export const fileComparisonQuery = (left: string, right: string, path: string) =>
  queryOptions({
    queryKey: ['packs', 'compare', left, right, 'file', path],
    queryFn: ({ signal }) => api('comparePackFile', { query: { left, right, path } }, signal),
    enabled: path !== '',
    placeholderData: keepPreviousData,
  })
