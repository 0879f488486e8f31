import { z } from 'zod'

import { ChangeKind, PackState } from '../../catalog/schema'
import { UID } from '../../uid'
import { ListQuery, Time, TimeInput, UidParams } from './parts'

/** Values with commas between them. Nothing: any. */
export const listOf = <T extends z.ZodType<string, string>>(value: T, most: number) =>
  z
    .string()
    .max(4096)
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(value).max(most))

export const ChangeQuery = z.object({
  limit: ListQuery.shape.limit,
  continue: ListQuery.shape.continue,
  registryUid: listOf(z.string().regex(UID, 'A uid is 24 hex digits'), 100),
  name: z.string().max(256).default(''),
  kind: listOf(ChangeKind, ChangeKind.options.length),
  runUid: UidParams.shape.uid.optional(),
  since: TimeInput.optional(),
  until: TimeInput.optional(),
})

export const Change = z.strictObject({
  uid: z.string().describe('Grows with time.'),
  kind: ChangeKind,
  time: Time,
  runUid: z.string().describe('The sync run that found it. Empty: a person or the calendar did.'),
  registry: z.strictObject({ uid: z.string(), name: z.string() }),
  name: z.string().describe('Empty where it stands for many versions.'),
  version: z.string(),
  displayName: z.string(),
  packUid: z.string().describe('Empty where the catalog no longer has the version.'),
  was: z.string().describe('By kind: the digest, state, end of life or rule of the filter before.'),
  became: z.string().describe('And after.'),
  versions: z.number().int().describe('How many versions it stands for.'),
  packs: z.number().int(),
})

export const Changes = z.strictObject({
  items: z.array(Change),
  listmeta: z.strictObject({ continue: z.string(), limit: z.number().int() }),
})

export const LifeCycle = z.strictObject({
  state: PackState,
  stateSinceTime: Time.nullable().describe('Null: it came so.'),
  eol: z.string(),
  eolSinceTime: Time.nullable(),
  goneTime: Time.nullable().describe('Since when its registry does not list it.'),
  leftOutBy: z.string().describe('The rule of the registry’s filter that leaves it out. Empty: none.'),
  rePushed: z.strictObject({ time: Time, was: z.string(), became: z.string() }).nullable(),
})

export const AgingPacks = z.strictObject({
  items: z.array(
    z.strictObject({
      packUid: z.string(),
      registry: z.strictObject({ uid: z.string(), name: z.string() }),
      name: z.string(),
      displayName: z.string(),
      version: z.string(),
      layer: z.string(),
      state: PackState,
      stateSinceTime: Time.nullable(),
      eol: z.string(),
      goneTime: Time.nullable(),
      rePushed: z
        .strictObject({ time: Time.nullable(), held: z.string(), digest: z.string() })
        .nullable()
        .describe('Profiles hold a digest, and the registry has another one by now.'),
      profileCount: z.number().int(),
      profiles: z.array(z.strictObject({ uid: z.string(), name: z.string(), version: z.string() })),
    }),
  ),
})
