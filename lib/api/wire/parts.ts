import { z } from 'zod'

import { UID } from '../../uid'

export const UidParams = z.object({ uid: z.string().regex(UID, 'A uid is 24 hex digits') })

export const Uid = z.strictObject({ uid: z.string() })

/** RFC 3339, UTC. */
export const Time = z.iso.datetime()

/** RFC 3339 with any offset, also in the small letters that it allows. @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
export const TimeInput = z
  .string()
  .max(64)
  .transform((text) => text.toUpperCase())
  .pipe(
    z.iso.datetime({
      offset: true,
      error: 'Write the time as RFC 3339, for example 2030-01-31T12:00:00+01:00',
    }),
  )

/** Clients of the original write an unset time in this way, and some cannot read an absent one. */
export const ZERO_TIME = '0001-01-01T00:00:00.000Z'

export const toTime = (date: Date | null | undefined): string => date?.toISOString() ?? ZERO_TIME

const Strings = z.record(z.string().max(256), z.string().max(16_384))
const MAX_STRINGS = 256
const StringsInput = Strings.refine(
  (strings) => Object.keys(strings).length <= MAX_STRINGS,
  `Use at most ${MAX_STRINGS}`,
)

export const ObjectMeta = z.strictObject({
  name: z.string(),
  uid: z.string(),
  annotations: Strings.optional(),
  labels: Strings.optional(),
  creationTimestamp: Time.optional(),
  lastModifiedTimestamp: Time.optional(),
})

/** What of the metadata a client may set. Unknown fields are ignored, as the original does. */
export const ObjectMetaInput = z.object({
  name: z.string().optional(),
  annotations: StringsInput.optional(),
  labels: StringsInput.optional(),
})

export const ListMeta = z.strictObject({
  continue: z.string(),
  count: z.number().int(),
  limit: z.number().int(),
  offset: z.number().int(),
})

const MAX_LIMIT = 50

/** `limit` is 50 at most, as in the original; a larger one is cut, not refused. */
export const ListQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(MAX_LIMIT)
    .transform((limit) => Math.min(limit, MAX_LIMIT)),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  /** What a list is sorted by is in it: names in scripts of three bytes a character need room. */
  continue: z.string().max(4096).default(''),
})
export type ListQuery = z.infer<typeof ListQuery>

export const Flag = z
  .enum(['true', 'false', ''])
  .default('false')
  .transform((text) => text === 'true')

export const ErrorBody = z.strictObject({
  code: z.string(),
  message: z.string(),
  details: z.unknown(),
  ref: z.string(),
})
