import { z } from 'zod'

import { Name } from '../access/schema'
import { ChangeKind } from '../catalog/schema'

const Pattern = z
  .string()
  .trim()
  .min(1)
  .max(200, 'Use at most 200 characters')
  .regex(/^\P{Cc}*$/u, 'Use no control characters')
const Patterns = z.array(Pattern).max(100, 'Name at most 100')

/** What a person enters for a webhook. The form, the API and the CLI all read this one. */
export const WebhookInput = z.object({
  name: Name,
  url: z
    .string()
    .trim()
    .max(2048, 'Use at most 2,048 characters')
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      'Enter an address with https:// or http://',
    )
    .refine((text) => {
      if (!URL.canParse(text)) return true
      const { username, password } = new URL(text)
      return username === '' && password === ''
    }, 'Leave user name and password out of the address'),
  kinds: z.array(ChangeKind).min(1, 'Choose at least one').max(ChangeKind.options.length),
  /** Names of registries, with `*` for any characters and `?` for one. Empty: all. */
  registries: Patterns.default([]),
  /** Names of packs, likewise. */
  packs: Patterns.default([]),
})
export type WebhookInput = z.infer<typeof WebhookInput>

/** What a webhook is told, as JSON: signed, and with the delivery's uid, which stays the same when it is sent again. */
export const WebhookBody = z.object({
  id: z.string(),
  event: z.enum(['changes', 'test']),
  at: z.iso.datetime(),
  changes: z.array(
    z.object({
      id: z.string(),
      kind: ChangeKind,
      at: z.iso.datetime(),
      registry: z.object({ uid: z.string(), name: z.string() }),
      /** Empty where it stands for many versions. */
      name: z.string(),
      version: z.string(),
      was: z.string(),
      became: z.string(),
      versions: z.number().int(),
      packs: z.number().int(),
      /** Where people look at it. */
      url: z.string(),
    }),
  ),
})
export type WebhookBody = z.infer<typeof WebhookBody>
