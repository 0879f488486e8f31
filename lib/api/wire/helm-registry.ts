import { z } from 'zod'

import { ListMeta, ObjectMeta, ObjectMetaInput } from './parts'
import {
  AuthInput,
  AuthOut,
  RegistryExtras,
  RegistryStatusExtras,
  SpecExtras,
  SyncStatus,
  summaryWith,
} from './registry'

export const HelmSpecInput = z.object({
  auth: AuthInput,
  endpoint: z.string().max(2048),
  name: z.string().max(1024).optional(),
  isPrivate: z.boolean().optional(),
  createOption: z.object({ skipSync: z.boolean().optional() }).optional(),
  packyard: RegistryExtras.optional(),
})
export type HelmSpecInput = z.infer<typeof HelmSpecInput>

export const HelmRegistryInput = z.object({ metadata: ObjectMetaInput.optional(), spec: HelmSpecInput })
export type HelmRegistryInput = z.infer<typeof HelmRegistryInput>

export const HelmRegistry = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('helm'),
  metadata: ObjectMeta,
  spec: z.strictObject({
    auth: AuthOut,
    endpoint: z.string(),
    isPrivate: z.boolean(),
    name: z.string(),
    registryUid: z.string(),
    scope: z.literal('tenant'),
    packyard: SpecExtras,
  }),
  status: z.strictObject({ helmSyncStatus: SyncStatus, packyard: RegistryStatusExtras }),
})

export const HelmRegistries = z.strictObject({ items: z.array(HelmRegistry), listmeta: ListMeta })

export const HelmRegistriesSummary = z.strictObject({
  items: z.array(summaryWith({ isPrivate: z.boolean() })),
  listmeta: ListMeta,
})
