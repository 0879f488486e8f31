import { z } from 'zod'

import { PACK_NAME, PACK_NAME_MAX, TAG } from '../../pack-format/manifest'

/** One line of our server's listing. @see docs/registry-sync.md */
export const CatalogLine = z.union([
  z.object({
    name: z.string().max(PACK_NAME_MAX).regex(PACK_NAME),
    version: z.string().regex(TAG),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    tags: z.array(z.string().regex(TAG)).max(1000),
    size: z.number().optional(),
  }),
  z.object({ end: z.literal(true), count: z.number().int() }),
])

/** @see https://distribution.github.io/distribution/spec/api/#listing-repositories */
export const Repositories = z.object({ repositories: z.array(z.string().max(256)).nullable() })

export const Tags = z.object({ tags: z.array(z.string().max(256)).nullable() })
