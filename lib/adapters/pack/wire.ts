import { z } from 'zod'

import { PACK_NAME, PACK_NAME_MAX } from '../../pack-format/pack-name'
import { TAG } from '../../pack-format/tag-form'

const Version = z.object({
  name: z.string().max(PACK_NAME_MAX).regex(PACK_NAME),
  version: z.string().regex(TAG),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  tags: z.array(z.string().regex(TAG)).max(1000),
})
/** What tells which version a line is about that is otherwise none. */
export const Named = z.object({ name: z.string(), version: z.string() })
const End = z.object({ end: z.literal(true), count: z.number().int() })

/** One line of our server's listing. @see docs/registry-sync.md */
export const CatalogLine = z.union([Version, End])

/** One line of what changed: since when, then each pack with its versions. */
export const ChangeLine = z.union([
  z.object({ since: z.string().max(256) }),
  z.object({
    pack: z.string().max(PACK_NAME_MAX).regex(PACK_NAME),
    versions: z.number().int().min(0),
  }),
  Version,
  End,
])

/** Looked at as one: a list of 100,000 would hold up everything else while each is made a value of its own. */
const Texts = z.custom<string[]>(
  (data) => Array.isArray(data) && data.every((one) => typeof one === 'string'),
  'Not a list of texts',
)

/** @see https://distribution.github.io/distribution/spec/api/#listing-repositories */
export const Repositories = z.object({ repositories: Texts.nullable() })

export const Tags = z.object({ tags: Texts.nullable() })
