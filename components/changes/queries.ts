import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'

import { api } from '@/components/api'
import type { ChangeKind } from '@/lib/catalog/schema'
import { CHANGE_KINDS } from '@/lib/catalog/words'
import type { Answer } from '@/lib/client/call'

export type Change = Answer<'listChanges'>['items'][number]

/** Which changes are shown, as it stands in the address. */
export interface ChangeChoice {
  registries: string[]
  name: string
  kinds: ChangeKind[]
  run: string
  /** Days back; empty for all that is kept. */
  days: string
}

/** So far back people look. */
export const SPANS = {
  '1': 'Last day',
  '7': 'Last 7 days',
  '30': 'Last 30 days',
  '90': 'Last 90 days',
} as const

const UID = /^[0-9a-f]{24}$/

export function readChangeChoice(query: URLSearchParams): ChangeChoice {
  const days = query.get('days') ?? ''
  const run = query.get('run') ?? ''
  return {
    registries: query.getAll('registry').filter((one) => UID.test(one)),
    name: (query.get('pack') ?? '').slice(0, 256),
    kinds: query.getAll('kind').filter((one): one is ChangeKind => CHANGE_KINDS.includes(one as ChangeKind)),
    run: UID.test(run) ? run : '',
    days: Object.hasOwn(SPANS, days) ? days : '',
  }
}

const DAY_MS = 86_400_000
const PAGE = 50

/** The start of a span, on the minute: a reload asks for the same. */
const sinceOf = (days: string) =>
  days === ''
    ? undefined
    : new Date(Math.floor(Date.now() / 60_000) * 60_000 - Number(days) * DAY_MS).toISOString()

const toQuery = ({ registries, name, kinds, run, days }: ChangeChoice) => ({
  registryUid: registries.join(','),
  name,
  kind: kinds.join(','),
  runUid: run || undefined,
  since: sinceOf(days),
})

export const changesQuery = (choice: ChangeChoice) =>
  infiniteQueryOptions({
    queryKey: ['changes', 'list', choice],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api('listChanges', { query: { ...toQuery(choice), limit: PAGE, continue: pageParam } }, signal),
    getNextPageParam: (page) => page.listmeta.continue || undefined,
    placeholderData: keepPreviousData,
  })

const NONE: ChangeChoice = { registries: [], name: '', kinds: [], run: '', days: '' }

/** The first changes that fit, for a panel. */
export const someChangesQuery = (choice: Partial<ChangeChoice>, limit: number) =>
  queryOptions({
    queryKey: ['changes', 'some', choice, limit],
    queryFn: ({ signal }) =>
      api('listChanges', { query: { ...toQuery({ ...NONE, ...choice }), limit } }, signal),
  })
