import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { Answer } from '@/lib/client/call'

export type PackComparison = Answer<'comparePacks'>
export type ComparedFile = PackComparison['files'][number]

/** What two versions do not share, by their uids. A version's content never changes under its digest, but a re-push does. */
export const comparisonQuery = (left: string, right: string) =>
  queryOptions({
    queryKey: ['packs', 'compare', left, right],
    queryFn: ({ signal }) => api('comparePacks', { query: { left, right } }, signal),
    enabled: left !== '' && right !== '',
  })

/** One file of two versions, line by line. */
export const fileComparisonQuery = (left: string, right: string, path: string) =>
  queryOptions({
    queryKey: ['packs', 'compare', left, right, path],
    queryFn: ({ signal }) => api('comparePackFile', { query: { left, right, path } }, signal),
    enabled: path !== '',
    placeholderData: keepPreviousData,
  })
