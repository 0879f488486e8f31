import { z } from 'zod'

import { Name } from '../access/schema'
import { OciSettings, RegistryKind } from '../adapters/schema'

export const SYNC_MINUTES = { min: 1, max: 10_080, default: 15 } as const

/** Slashes around a path, and the folder that the console adds itself: people write both. */
const tidyPath = (path: string) =>
  path
    .trim()
    .replace(/^\/+|\/+$/g, '')
    .replace(/(?:^|\/)spectro-packs(?:\/archive)?$/, '')

const tidyOrigin = (text: string) => text.trim().toLowerCase().replace(/\/+$/, '')

/** The settings of an OCI registry as people write them. */
export const OciInput = z
  .object({
    providerType: OciSettings.shape.providerType,
    baseContentPath: z.string().max(1024).transform(tidyPath),
    basePath: z
      .string()
      .max(1024)
      .transform((path) => path.trim().replace(/^\/+|\/+$/g, '')),
    repositories: z
      .array(z.string().max(1024))
      .max(1000)
      .transform((all) => [
        ...new Set(all.map((one) => one.trim().replace(/^\/+|\/+$/g, '')).filter(Boolean)),
      ]),
    tokenServer: z.string().max(1024).transform(tidyOrigin),
  })
  .pipe(OciSettings)

/** What a person enters to add a registry. The form, the API and the CLI all read this one. */
export const RegistryInput = z.object({
  name: Name,
  kind: RegistryKind,
  endpoint: z.string().trim().min(1, 'Enter the address of the registry'),
  auth: z.discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({
      type: z.literal('basic'),
      // Basic authentication parts name and password at the first colon. @see RFC 7617, section 2
      username: z
        .string()
        .trim()
        .min(1, 'Enter the user name')
        .regex(/^[^:]*$/, 'A user name holds no colon')
        .regex(/^\P{Cc}*$/u, 'A user name holds no control characters'),
      /** Absent in a change: keep the stored one. */
      password: z.string().max(8192).optional(),
    }),
    z.object({ type: z.literal('token'), token: z.string().max(8192).optional() }),
  ]),
  tls: z.object({ ca: z.string(), insecureSkipVerify: z.boolean() }),
  /** With the kind `oci`, and with no other. */
  oci: OciInput.optional(),
  syncEveryMinutes: z
    .number({ error: 'Enter a number of minutes' })
    .int('Whole minutes only')
    .min(SYNC_MINUTES.min, 'At least 1 minute')
    .max(SYNC_MINUTES.max, 'At most 7 days (10,080 minutes)'),
  paused: z.boolean(),
  isPrivate: z.boolean(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
})
export type RegistryInput = z.infer<typeof RegistryInput>

/** How a registry is doing, in one word. */
export const RegistryState = z.enum([
  'healthy',
  'syncing',
  'degraded',
  'held',
  'failing',
  'stalled',
  'paused',
])
export type RegistryState = z.infer<typeof RegistryState>
