import { z } from 'zod'

import { PROFILE_ORDERS, PROFILE_TYPES, ProfileName, ProfileVersion } from '../../profiles/schema'
import { Finding, PackFacts } from './finding'
import { PackType, Preset, SchemaEntry, WireLayer } from './pack'
import { ListMeta, ObjectMeta, ObjectMetaInput } from './parts'
import { VariablesInput } from './variable'

const VALUES_MAX = 1024 * 1024

export const PackInput = z.object({
  name: z.string().min(1, 'Enter the name of the pack').max(256),
  uid: z.string().max(64).optional(),
  tag: z.string().max(256).optional(),
  layer: z.string().max(32).optional(),
  type: PackType.default('spectro'),
  registryUid: z.string().max(64).optional(),
  /** Of the content that was seen: another one than the layer holds takes what the registry serves now. */
  digest: z.string().max(128).optional(),
  values: z.string().max(VALUES_MAX, 'Values may be at most 1 MiB').optional(),
  manifests: z
    .array(
      z.object({
        name: z.string().min(1).max(256),
        content: z.string().max(VALUES_MAX).optional(),
        uid: z.string().optional(),
      }),
    )
    .max(100)
    .optional(),
})
export type PackInput = z.infer<typeof PackInput>

const ManifestText = z.strictObject({ content: z.string(), digest: z.string() })

/** The manifests of one layer, with their texts. */
export const LayerManifests = z.strictObject({
  items: z.array(
    z.strictObject({
      metadata: ObjectMeta,
      spec: z.strictObject({ draft: ManifestText.optional(), published: ManifestText.optional() }),
    }),
  ),
})

const MAX_LAYERS = 200

/** Layers that nobody has saved yet. */
export const ProfileTemplateInput = z.object({
  type: z.enum(PROFILE_TYPES).default('cluster'),
  cloudType: z.string().max(64).default('all'),
  packs: z.array(PackInput).max(MAX_LAYERS, 'A profile holds at most 200 layers').default([]),
})

export const ProfileToValidate = ProfileTemplateInput.extend({
  packyard: z
    .object({
      /** Absent: those that the profile has. */
      variables: VariablesInput.optional(),
    })
    .optional(),
})

export const ProfileCreate = z.object({
  metadata: ObjectMetaInput.extend({ name: ProfileName }),
  spec: z.object({
    version: ProfileVersion.prefault(''),
    template: ProfileTemplateInput,
    variables: VariablesInput.optional(),
    packyard: z
      .object({
        /** The profile that this one is made from: masked defaults that are sent as asterisks are taken from it. */
        from: z.string().max(64).optional(),
      })
      .optional(),
  }),
})
export type ProfileCreate = z.infer<typeof ProfileCreate>

/** Name and version that are absent or empty stay. */
const Identity = {
  metadata: ObjectMetaInput.extend({ name: z.literal('').or(ProfileName).optional() }),
  version: z.literal('').or(ProfileVersion).optional(),
}

export const ProfileUpdate = z.object({
  metadata: Identity.metadata.optional(),
  spec: z.object({
    version: Identity.version,
    template: z.object({
      type: z.enum(PROFILE_TYPES).optional(),
      packs: z.array(PackInput).max(MAX_LAYERS, 'A profile holds at most 200 layers').default([]),
    }),
    packyard: z
      .object({
        revision: z.number().int().optional(),
        /** Absent: they stay. */
        variables: VariablesInput.optional(),
      })
      .optional(),
  }),
})
export type ProfileUpdate = z.infer<typeof ProfileUpdate>

export const ProfileMetadataUpdate = z.object({
  metadata: Identity.metadata,
  spec: z.object({ version: Identity.version }).optional(),
})

export const ProfileValidation = z.strictObject({
  packs: z.strictObject({
    results: z.array(
      z.strictObject({
        /** Empty for what is wrong with the profile itself. */
        name: z.string(),
        displayName: z.string(),
        errors: z.array(z.strictObject({ code: z.string(), message: z.string() })),
      }),
    ),
  }),
  packyard: z.strictObject({
    /** The same with the warnings, in the order of the stack. */
    findings: z.array(Finding),
    facts: z.array(z.strictObject({ pack: z.string(), facts: PackFacts })),
    /** The layers of the published version before. */
    before: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  }),
})

const PackRef = z.strictObject({
  name: z.string(),
  layer: WireLayer,
  packUid: z.string(),
  tag: z.string(),
  version: z.string(),
  type: PackType,
  registryUid: z.string(),
  digest: z.string(),
  logo: z.string(),
  values: z.string(),
  annotations: z.record(z.string(), z.string()),
  manifests: z.array(z.strictObject({ kind: z.string(), name: z.string(), uid: z.string() })),
  presets: z.array(Preset).optional(),
  schema: z.array(SchemaEntry).optional(),
  isInvalid: z.boolean(),
  inValidReason: z.string(),
})

const Template = z.strictObject({
  uid: z.string(),
  name: z.string(),
  type: z.string(),
  cloudType: z.string(),
  profileVersion: z.string(),
  packs: z.array(PackRef),
})

const Sibling = z.strictObject({ uid: z.string(), version: z.string() })

export const ClusterProfile = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('ClusterProfile'),
  metadata: ObjectMeta,
  spec: z.strictObject({
    version: z.string(),
    versions: z.array(Sibling),
    draft: Template.optional(),
    published: Template.optional(),
    packyard: z.strictObject({
      /** Send it back with a PUT, so that nobody's work is overwritten unseen. */
      revision: z.number().int(),
      displayNames: z.record(z.string(), z.string()),
    }),
  }),
  status: z.strictObject({
    isPublished: z.boolean(),
    hasUserMacros: z.boolean(),
    inUseClusters: z.array(z.never()),
  }),
})

const TemplateSummary = z.strictObject({
  type: z.string(),
  cloudType: z.string(),
  packs: z.array(
    z.strictObject({
      name: z.string(),
      displayName: z.string(),
      layer: WireLayer,
      type: z.string(),
      tag: z.string(),
      version: z.string(),
      packUid: z.string(),
      addonType: z.string(),
      logoUrl: z.string(),
      annotations: z.record(z.string(), z.string()),
    }),
  ),
})

export const ProfilesFilter = z.object({
  filter: z
    .object({
      profileName: z
        .object({
          eq: z.string().max(256).optional(),
          contains: z.string().max(256).optional(),
          beginsWith: z.string().max(256).optional(),
          ne: z.string().max(256).optional(),
          ignoreCase: z.boolean().default(true),
        })
        .optional(),
      profileType: z.array(z.enum(['cluster', 'infra', 'add-on', 'system'])).optional(),
      environment: z.array(z.string().max(64)).max(50).optional(),
    })
    .optional(),
  sort: z
    .array(
      z.object({
        field: z.enum(PROFILE_ORDERS),
        order: z.enum(['asc', 'desc']).default('asc'),
      }),
    )
    .max(5)
    .optional(),
})
export type ProfilesFilter = z.infer<typeof ProfilesFilter>

export const ProfilesSummary = z.strictObject({
  items: z.array(
    z.strictObject({
      metadata: ObjectMeta,
      specSummary: z.strictObject({
        version: z.string(),
        versions: z.array(Sibling),
        draft: TemplateSummary.optional(),
        published: TemplateSummary.optional(),
      }),
      status: z.strictObject({
        isPublished: z.boolean(),
        inUseClusters: z.array(z.never()),
        pack: z.strictObject({
          deprecated: z.number().int(),
          disabled: z.number().int(),
          deleted: z.number().int(),
        }),
      }),
    }),
  ),
  listmeta: ListMeta,
})

export const RegistryProfiles = z.strictObject({
  items: z.array(z.strictObject({ uid: z.string(), name: z.string(), version: z.string() })),
})
