import type { FastifyReply } from 'fastify'

import { RegistryError } from './errors'
import type { SortedNames } from './storage/sorted-names'

const PAGE_MAX = 1_000

/**
 * One page of names, and a Link to the next where more follow. A page holds at most 1,000, whatever is asked for.
 *
 * @throws RegistryError `PAGINATION_NUMBER_INVALID`
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
export function page(
  names: SortedNames,
  query: URLSearchParams,
  path: string,
  reply: FastifyReply,
): string[] {
  const asked = query.get('n') ?? String(PAGE_MAX)
  if (!/^\d{1,15}$/.test(asked))
    throw new RegistryError('PAGINATION_NUMBER_INVALID', 'n must be a whole number, 0 or more')
  const count = Math.min(Number(asked), PAGE_MAX)
  const found = names.after(query.get('last') ?? '', count + 1)
  const shown = found.slice(0, count)
  const last = shown.at(-1)
  if (found.length > count && last !== undefined)
    reply.header('link', `<${path}?n=${count}&last=${encodeURIComponent(last)}>; rel="next"`)
  return shown
}
