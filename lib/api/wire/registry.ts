import { z } from 'zod'

import { CheckStep, OciSettings, RegistryKind } from '../../adapters/schema'
import {
  PackFilter,
  RegistryCondition,
  RegistryState,
  RunItem,
  RunItemKind,
  SyncProgress,
} from '../../registries/schema'
import { FILTER_RULES } from '../../sync/filter'
import { ListMeta, ObjectMeta, ObjectMetaInput, Time, UidParams } from './parts'

export const SyncStatus = z.strictObject({
  status: z.enum(['Pending', 'InProgress', 'Completed', 'Failed']),
  message: z.string(),
  lastRunTime: Time,
  lastSyncedTime: Time,
  isSyncSupported: z.boolean(),
})

/** What the original has no place for. Absent in a PUT: unchanged. */
export const RegistryExtras = z.object({
  syncEveryMinutes: z.number().int().optional(),
  paused: z.boolean().optional(),
  filter: PackFilter.optional().describe(
    'Which packs are taken. Empty lists and texts, and 0, leave nothing out.',
  ),
})
export type RegistryExtras = z.infer<typeof RegistryExtras>

/** The same as it is answered. */
export const SpecExtras = z.strictObject({
  syncEveryMinutes: z.number().int(),
  paused: z.boolean(),
  filter: PackFilter.strict(),
})

/** How far the sync is that runs. */
export const RunningSync = SyncProgress.strict().extend({
  runUid: z.string(),
  startedTime: Time,
})

export const RegistryStatusExtras = z.strictObject({
  state: RegistryState,
  conditions: z
    .array(RegistryCondition.omit({ since: true }).extend({ sinceTime: Time }).strict())
    .describe('How it is doing, in parts: each type once, in this order.'),
  settingsRevision: z
    .number()
    .int()
    .describe('Counted up by each change of the settings. A condition that observed it is about them.'),
  progress: RunningSync.nullable().describe('How far the running sync is. null while none runs.'),
  pause: z
    .strictObject({ by: z.string(), sinceTime: Time })
    .nullable()
    .describe('Who paused it, and when. null while it is not paused.'),
  /** Where and why the last run failed, and what to do. Empty while all is well. */
  step: z.string(),
  reason: z.string(),
  fix: z.string(),
  packs: z.number().int(),
  versions: z.number().int(),
  /** Versions that are listed and could not be read. */
  failing: z.number().int(),
  /** Versions that the registry no longer lists and that stay until a person decides. */
  held: z.number().int(),
  syncEveryMinutes: z.number().int(),
  nextSyncTime: Time.nullable(),
})

const TlsInput = z.object({
  enabled: z.boolean().optional(),
  insecureSkipVerify: z.boolean().optional(),
  ca: z
    .string()
    .max(256 * 1024)
    .optional(),
  certificate: z
    .string()
    .max(256 * 1024)
    .optional(),
  key: z
    .string()
    .max(64 * 1024)
    .optional(),
})

export const AuthInput = z.object({
  type: z.enum(['noAuth', 'basic', 'token']),
  username: z.string().max(512).optional(),
  password: z.string().max(8192).optional(),
  token: z.string().max(8192).optional(),
  tls: TlsInput.optional(),
})
export type AuthInput = z.infer<typeof AuthInput>

export const AuthOut = z.strictObject({
  type: z.enum(['noAuth', 'basic', 'token']),
  username: z.string().optional(),
  /** Asterisks: a secret is stored. The secret itself never leaves. */
  password: z.literal('********').optional(),
  token: z.literal('********').optional(),
  tls: z.strictObject({
    enabled: z.boolean(),
    insecureSkipVerify: z.boolean(),
    ca: z.string(),
    /** With which the console shows who it is; the key is stored and never leaves. */
    certificate: z.string().optional(),
    key: z.literal('********').optional(),
  }),
})

export const RegistrySpecInput = z.object({
  auth: AuthInput,
  endpoint: z.string().max(2048),
  name: z.string().max(1024).optional(),
  private: z.boolean().optional(),
  packyard: RegistryExtras.optional(),
})
export type RegistrySpecInput = z.infer<typeof RegistrySpecInput>

export const PackRegistryInput = z.object({
  metadata: ObjectMetaInput.optional(),
  spec: RegistrySpecInput,
})
export type PackRegistryInput = z.infer<typeof PackRegistryInput>

export const PackRegistry = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('pack'),
  metadata: ObjectMeta,
  spec: z.strictObject({
    auth: AuthOut,
    endpoint: z.string(),
    name: z.string(),
    private: z.boolean(),
    registryUid: z.string(),
    scope: z.literal('tenant'),
    packyard: SpecExtras,
  }),
  status: z.strictObject({ packSyncStatus: SyncStatus, packyard: RegistryStatusExtras }),
})

export const PackRegistries = z.strictObject({ items: z.array(PackRegistry), listmeta: ListMeta })

/** A registry in a summary of many. @param spec what its kind tells besides */
export const summaryWith = <Spec extends z.ZodRawShape>(spec: Spec) =>
  z.strictObject({
    metadata: ObjectMeta,
    spec: z.strictObject({ endpoint: z.string(), scope: z.literal('tenant'), ...spec }),
    status: z.strictObject({ sync: SyncStatus, packyard: RegistryStatusExtras }),
  })

export const PackRegistriesSummary = z.strictObject({
  items: z.array(summaryWith({ private: z.boolean() })),
  listmeta: ListMeta,
})

export const RegistriesMetadata = z.strictObject({
  items: z.array(
    z.strictObject({
      uid: z.string(),
      name: z.string(),
      kind: z.string(),
      scope: z.string(),
      isDefault: z.boolean(),
      isPrivate: z.boolean(),
    }),
  ),
})

/** A registry of any kind. */
export const AnyRegistry = z.strictObject({
  kind: RegistryKind,
  metadata: ObjectMeta,
  spec: z.strictObject({
    auth: AuthOut,
    endpoint: z.string(),
    private: z.boolean(),
    syncEveryMinutes: z.number().int(),
    paused: z.boolean(),
    filter: PackFilter.strict(),
    /** With the kind `oci`. */
    oci: OciSettings.strict().optional(),
  }),
  status: z.strictObject({ sync: SyncStatus, packyard: RegistryStatusExtras }),
})

export const AnyRegistries = z.strictObject({ items: z.array(AnyRegistry), listmeta: ListMeta })

export const CheckResult = z.strictObject({
  passed: z.boolean(),
  /** The endpoint as we write it. */
  endpoint: z.string(),
  steps: z.array(CheckStep),
})

export const SyncRun = z.strictObject({
  uid: z.string(),
  trigger: z.string(),
  actor: z.string().describe('Name of the person who asked for it. Empty for the schedule.'),
  outcome: z.enum(['running', 'completed', 'unchanged', 'failed', 'abandoned', 'cancelled']),
  step: z.string(),
  message: z.string(),
  startedTime: Time,
  finishedTime: Time.nullable(),
  listed: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  removed: z.number().int(),
  failed: z.number().int(),
  held: z.number().int().describe('No longer listed, and waiting for a person.'),
  returned: z.number().int().describe('Listed again.'),
  requests: z.number().int(),
  bytes: z.number().int(),
  rows: z.number().int(),
})

export const SyncRuns = z.strictObject({ items: z.array(SyncRun) })

export const SyncRunDetail = SyncRun.extend({
  items: z.array(RunItem.strict()).describe('What it did to which version: 1,000 at most, failures first.'),
  more: z.record(RunItemKind, z.number().int()).describe('How many of each kind are not among the items.'),
})

export const RunningSyncs = z.strictObject({
  items: z.array(
    z.strictObject({
      registryUid: z.string(),
      progress: RunningSync.nullable().describe('null: it waits for its turn.'),
    }),
  ),
})

export const SyncFailures = z.strictObject({
  items: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      reason: z.string(),
      firstFailedTime: Time,
      lastFailedTime: Time,
    }),
  ),
})

const HeldList = z.strictObject({
  /** How many there are; the first 1,000 are listed. */
  count: z.number().int(),
  /** Names this very list. Given back with a decision, the decision is about no other. */
  proposal: z.string(),
  items: z.array(z.strictObject({ name: z.string(), version: z.string(), heldTime: Time })),
})

export const HeldRemovals = z.strictObject({
  held: HeldList.extend({
    /** How many versions the registry had when removals were first held. */
    of: z.number().int(),
    sinceTime: Time.nullable(),
  }),
  /** No longer listed, and kept by a person. */
  kept: HeldList,
})

const Proposal = z.string().max(64).optional()
export const ApplyHeldInput = z.object({ list: z.enum(['held', 'kept']).default('held'), proposal: Proposal })
export const DiscardHeldInput = z.object({ proposal: Proposal })

/** Why a version is in the catalog, or is not. */
export const VersionAnswer = z.strictObject({
  state: z.enum(['here', 'kept', 'held', 'failing', 'filtered', 'gone', 'unlisted', 'unread']),
  isHere: z.boolean(),
  message: z.string(),
  sinceTime: Time.nullable(),
  /** Why the registry itself is not read as it should be, where that may be the reason; else empty. */
  trouble: z.string(),
  troubleSinceTime: Time.nullable(),
})

/** Why a pack or one of its versions is in the catalog of each registry, or is not. */
export const PackAnswer = z.strictObject({
  /** Whether any registry has it. */
  isHere: z.boolean(),
  /** Those that know something of it come first. */
  registries: z.array(VersionAnswer.extend({ uid: z.string(), name: z.string(), kind: z.string() })),
  /** There are more registries than were asked. */
  isMore: z.boolean(),
})

/** What a filter would take, before it is saved. */
export const FilterPreview = z.strictObject({
  total: z.number().int().describe('Versions that the registry lists.'),
  packs: z.number().int(),
  taken: z.number().int(),
  takenPacks: z.number().int(),
  unread: z
    .number()
    .int()
    .describe('Of those that are taken: layer and type are asked for, and known only once they were read.'),
  goes: z.number().int().describe('Versions that are in the catalog now and would be left out.'),
  items: z
    .array(
      z.strictObject({
        name: z.string(),
        version: z.string(),
        leftOutBy: z.enum(FILTER_RULES).nullable(),
        isRead: z.boolean(),
      }),
    )
    .describe('1,000 at most, by name, newest first.'),
})

export const FilterPreviewInput = z.object({
  /** Preview for a registry as it is stored. Then nothing else but the filter may be given. */
  registryUid: UidParams.shape.uid.optional(),
  filter: PackFilter,
})
