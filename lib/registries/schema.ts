import { z } from 'zod'

import { Name } from '../access/schema'
import { OciSettings, RegistryKind } from '../adapters/schema'
import { LAYERS } from '../pack-format/layers'
import { REGISTRY_STATES, RUN_ITEM_KINDS } from './words'

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

const Pattern = z
  .string()
  .trim()
  .max(200, 'Use at most 200 characters')
  .regex(/^[a-z0-9._*?-]+$/i, 'Letters, digits, ".", "-" and "_"; "*" stands for any of them, "?" for one')
const Patterns = z.array(Pattern).max(100, 'Name at most 100')

const RANGE_PART = String.raw`(?:(?:>=|<=|>|<|=)?\s*v?\d[\w.+-]*|\*)`
const RANGE = new RegExp(
  String.raw`^\s*${RANGE_PART}(?:\s+${RANGE_PART})*(?:\s*\|\|\s*${RANGE_PART}(?:\s+${RANGE_PART})*)*\s*$`,
)

/** Which packs of a registry are taken. What is empty leaves nothing out. */
export const PackFilter = z.object({
  /** Names that are taken, as patterns. */
  include: Patterns.default([]),
  /** Names that are not, of those. */
  exclude: Patterns.default([]),
  /** Which versions: `>=1.30 <2`, `1.33.x`, either of several with `||` between them. */
  versions: z
    .string()
    .trim()
    .max(200, 'Use at most 200 characters')
    .refine(
      (text) => text === '' || RANGE.test(text),
      'Write it as >=1.30 <2, or 1.33.x, or several with || between them',
    )
    .default(''),
  /** So many of the newest versions of each pack. 0: all. */
  newest: z.number().int('Whole numbers only').min(0).max(10_000).default(0),
  layers: z.array(z.enum(LAYERS)).max(LAYERS.length).default([]),
  /** Types of add-ons; packs of other layers have none, and are not asked. */
  addonTypes: z.array(z.string().trim().min(1).max(100)).max(100, 'Name at most 100').default([]),
})
export type PackFilter = z.infer<typeof PackFilter>

/** Whether a filter leaves nothing out. */
export const isOpen = ({ include, exclude, versions, newest, layers, addonTypes }: PackFilter): boolean =>
  include.length + exclude.length + layers.length + addonTypes.length === 0 && versions === '' && newest === 0

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
  tls: z.object({
    ca: z.string(),
    insecureSkipVerify: z.boolean(),
    /** With which the console shows who it is. An absent key in a change: keep the stored one. */
    client: z.object({ certificate: z.string(), key: z.string().optional() }).optional(),
  }),
  /** With the kind `oci`, and with no other. */
  oci: OciInput.optional(),
  syncEveryMinutes: z
    .number({ error: 'Enter a number of minutes' })
    .int('Whole minutes only')
    .min(SYNC_MINUTES.min, 'At least 1 minute')
    .max(SYNC_MINUTES.max, 'At most 7 days (10,080 minutes)'),
  paused: z.boolean(),
  /** Absent: everything is taken. */
  filter: PackFilter.optional(),
  isPrivate: z.boolean(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
})
export type RegistryInput = z.infer<typeof RegistryInput>

export const RegistryState = z.enum(REGISTRY_STATES)
export type RegistryState = z.infer<typeof RegistryState>

/** How far a running sync is. */
export const SyncProgress = z.object({
  step: z.enum(['connecting', 'listing', 'reading', 'writing']).describe('What the run does now.'),
  done: z.number().int().describe('Versions that are through with this step.'),
  of: z.number().int().nullable().describe('Of how many; null where that is not known yet.'),
  perSecond: z.number().nullable().describe('Versions a second, over the last seconds.'),
  failed: z.number().int().describe('Versions that could not be read in this run.'),
  requests: z.number().int(),
  bytes: z.number().int().describe('Bytes of answers, as they came over the wire.'),
})
export type SyncProgress = z.infer<typeof SyncProgress>

export const RunItemKind = z.enum(RUN_ITEM_KINDS)
export type RunItemKind = z.infer<typeof RunItemKind>

/** One version that a run did something to, or failed to. */
export const RunItem = z.object({
  kind: RunItemKind,
  name: z.string(),
  version: z.string(),
  reason: z.string().optional().describe('With `failed`: why.'),
  step: z.enum(['fetch', 'read']).optional().describe('With `failed`: fetching it, or reading what came.'),
})
export type RunItem = z.infer<typeof RunItem>

/** One part of how a registry is doing, as a program or a person may wait for it. */
export const RegistryCondition = z.object({
  type: z
    .enum(['Ready', 'Syncing', 'Stalled', 'Held', 'Fresh'])
    .describe(
      'Ready: the last sync that ended read the registry. Syncing: a sync runs. Stalled: no sync is tried until a person changes something. Held: removals wait for a person. Fresh: the catalog is no older than the interval allows.',
    ),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z
    .string()
    .regex(/^[A-Z][A-Za-z]*$/)
    .describe('Why, as one word in CamelCase for programs.'),
  message: z.string().describe('Why, in words for people.'),
  since: z.date().describe('Since when the status is what it is.'),
  observedRevision: z
    .number()
    .int()
    .describe('Which revision of the settings it is about. 0: none has been synced yet.'),
})
export type RegistryCondition = z.infer<typeof RegistryCondition>
