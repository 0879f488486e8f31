import { z } from 'zod'

import { OciSettings } from '../../adapters/schema'
import { ObjectMeta, ObjectMetaInput } from './parts'
import {
  AuthInput,
  AuthOut,
  RegistryExtras,
  RegistryStatusExtras,
  SpecExtras,
  SyncStatus,
  summaryWith,
} from './registry'

/** What the original has no place for. Absent in a PUT: unchanged. */
const OciExtras = RegistryExtras.extend({
  /** Whole paths of the repositories to read, where the registry does not list them. */
  repositories: z.array(z.string().max(1024)).max(1000).optional(),
  /** Origin of the one other server that may be given the credentials, to sign in. */
  tokenServer: z.string().max(1024).optional(),
})

export const OciSpecInput = z.object({
  auth: AuthInput,
  endpoint: z.string().max(2048),
  providerType: z.enum(['helm', 'zarf', 'pack']).default('helm'),
  baseContentPath: z.string().max(1024).optional(),
  basePath: z.string().max(1024).optional(),
  isSyncSupported: z.boolean().optional(),
  packyard: OciExtras.optional(),
})
export type OciSpecInput = z.infer<typeof OciSpecInput>

export const OciRegistryInput = z.object({ metadata: ObjectMetaInput.optional(), spec: OciSpecInput })
export type OciRegistryInput = z.infer<typeof OciRegistryInput>

const { providerType, baseContentPath, basePath, repositories, tokenServer } = OciSettings.shape

export const OciRegistry = z.strictObject({
  kind: z.literal('oci'),
  metadata: ObjectMeta,
  spec: z.strictObject({
    auth: AuthOut,
    endpoint: z.string(),
    ...{ providerType, baseContentPath, basePath },
    /** False while it is paused. */
    isSyncSupported: z.boolean(),
    containsSpectroManifest: z.boolean(),
    registryUid: z.string(),
    scope: z.literal('tenant'),
    packyard: SpecExtras.extend({ repositories, tokenServer }),
  }),
  status: z.strictObject({ syncStatus: SyncStatus, packyard: RegistryStatusExtras }),
})

export const OciRegistries = z.strictObject({
  items: z.array(
    summaryWith({
      providerType,
      registryType: z.literal('basic'),
      isPrivate: z.boolean(),
      containsSpectroManifest: z.boolean(),
    }),
  ),
})

/** The registry without its wrapping, as the original answers it. */
export const OciRegistrySummary = z.strictObject({
  auth: AuthOut,
  endpoint: z.string(),
  providerType,
  scope: z.literal('tenant'),
  type: z.literal('basic'),
})
