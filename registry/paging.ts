import type { FastifyReply } from 'fastify'

import { RegistryError } from './errors'
import type { SortedNames } from './storage/sorted-names'

const PAGE_MAX = 1_000

/**
 * How many are asked for, and after which one. A page holds at most 1,000, whatever is asked for.
 *
 * @throws RegistryError `PAGINATION_NUMBER_INVALID`
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
export function readPage(query: URLSearchParams): { count: number; last: string } {
  const asked = query.get('n') ?? String(PAGE_MAX)
  if (!/^\d{1,15}$/.test(asked))
    throw new RegistryError('PAGINATION_NUMBER_INVALID', 'n must be a whole number, 0 or more')
  return { count: Math.min(Number(asked), PAGE_MAX), last: query.get('last') ?? '' }
}

/** One page of names, and a Link to the next where more follow. @throws as `readPage` */
export function page(
  names: SortedNames,
  query: URLSearchParams,
  path: string,
  reply: FastifyReply,
): string[] {
  const { count, last } = readPage(query)
  const found = names.after(last, count + 1)
  const shown = found.slice(0, count)
  const end = shown.at(-1)
  if (found.length > count && end !== undefined)
    reply.header('link', linkToNext(path, new URLSearchParams({ n: String(count), last: end })))
  return shown
}

/** @see https://www.rfc-editor.org/rfc/rfc8288#section-3 */
export const linkToNext = (path: string, query: URLSearchParams): string => `<${path}?${query}>; rel="next"`
