import { z } from 'zod'

import { LAYERS } from '../../pack-format/layers'
import { ListMeta, ObjectMeta, Time } from './parts'

export const WireLayer = z.enum(LAYERS)
export const PackStateName = z.enum(['active', 'deprecated', 'disabled', 'deleted'])
export const PackType = z.enum(['spectro', 'helm', 'manifest', 'oci'])

export const Preset = z.strictObject({
  name: z.string(),
  displayName: z.string(),
  group: z.string(),
  remove: z.array(z.string()),
  add: z.string(),
})

export const SchemaEntry = z.strictObject({
  name: z.string(),
  type: z.string(),
  format: z.string(),
  regex: z.string(),
  required: z.boolean(),
  readonly: z.boolean(),
  listOptions: z.array(z.string()),
  hints: z.array(z.string()),
})

const FilterString = z.strictObject({
  eq: z.string().max(256).optional(),
  ne: z.string().max(256).optional(),
  contains: z.string().max(256).optional(),
  beginsWith: z.string().max(256).optional(),
  ignoreCase: z.boolean().default(true),
})

const Words = z.array(z.string().max(256)).max(100)

/** Only listed fields pass: any other is refused by its name, and none reaches the database but through these. */
export const PackSearch = z.object({
  filter: z
    .strictObject({
      name: FilterString.optional(),
      displayName: FilterString.optional(),
      type: z.array(PackType).max(10).optional(),
      layer: z.array(WireLayer).max(10).optional(),
      environment: Words.optional(),
      addOnType: Words.optional(),
      addOnSubType: Words.optional(),
      registryUid: Words.optional(),
      source: Words.optional(),
      state: Words.optional(),
      isFips: z.boolean().optional(),
      packyard: z
        .strictObject({
          /** Words in name, display name, description and keywords; the last may be unfinished. */
          text: z.string().max(256).optional(),
          /** Instead of `sort`: what changed last comes first. */
          newestFirst: z.boolean().optional(),
        })
        .optional(),
    })
    .default({}),
  sort: z
    .array(
      z.object({
        field: z.enum(['name', 'type', 'layer', 'addOnType', 'displayName']),
        order: z.enum(['asc', 'desc']).default('asc'),
      }),
    )
    .max(5)
    .default([]),
})
export type PackSearch = z.infer<typeof PackSearch>

export const PackMetadataList = z.strictObject({
  items: z.array(
    z.strictObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: ObjectMeta,
      spec: z.strictObject({
        name: z.string(),
        displayName: z.string(),
        layer: WireLayer,
        type: PackType,
        group: z.string(),
        addonType: z.string(),
        addonSubType: z.string(),
        cloudTypes: z.array(z.string()),
        registries: z.array(
          z.strictObject({
            uid: z.string(),
            name: z.string(),
            scope: z.string(),
            logoUrl: z.string(),
            latestPackUid: z.string(),
            latestVersion: z.string(),
            annotations: z.record(z.string(), z.string()),
          }),
        ),
        packyard: z.strictObject({
          /** Over all registries. */
          versions: z.number().int(),
          state: PackStateName,
          description: z.string(),
          eol: z
            .string()
            .describe('When the life of the newest version ends, as YYYY-MM-DD. Empty: it says nothing.'),
          updatedTime: Time,
          /** No pack has the words that were searched: this one is spelled alike. */
          isAlike: z.boolean(),
        }),
      }),
    }),
  ),
  listmeta: ListMeta,
})

const Facet = z.array(z.strictObject({ value: z.string(), label: z.string(), count: z.number().int() }))

/** How many packs each choice would show, given the other choices. */
export const PackFacets = z.strictObject({
  total: z.number().int(),
  /** There are more packs with these words than were counted: every count is "at least". */
  isMore: z.boolean(),
  registry: Facet,
  layer: Facet,
  addonType: Facet,
  addonSubType: Facet,
  cloud: Facet,
  state: Facet,
})

export const PackSummaries = z.strictObject({
  items: z.array(
    z.strictObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: ObjectMeta,
      spec: z.strictObject({
        name: z.string(),
        displayName: z.string(),
        version: z.string(),
        layer: WireLayer,
        type: PackType,
        registryUid: z.string(),
        group: z.string(),
        eol: z.string(),
        digest: z.string(),
        logoUrl: z.string(),
        addonType: z.string(),
        addonSubType: z.string(),
        cloudTypes: z.array(z.string()),
        annotations: z.record(z.string(), z.string()),
        values: z.string(),
        presets: z.array(Preset),
        schema: z.array(SchemaEntry),
        manifests: z.array(z.strictObject({ kind: z.string(), name: z.string(), uid: z.string() })),
      }),
      status: z.strictObject({}),
    }),
  ),
  listmeta: ListMeta,
})

/** What a pack asks of the other layers of a profile, and of the machines below. */
const Constraints = z.strictObject({
  dependencies: z.array(
    z.strictObject({
      packName: z.string(),
      layer: WireLayer,
      type: z.enum(['required', 'optional', 'notSupported', 'upgrade']),
      /** Bounds are inclusive; empty: none. */
      minVersion: z.string(),
      maxVersion: z.string(),
    }),
  ),
  /** Millicores, MiB, GB. */
  resources: z.array(
    z.strictObject({ type: z.enum(['cpu', 'memory', 'diskSize']), minLimit: z.number().nullable() }),
  ),
})

export const PackTagEntity = z.strictObject({
  name: z.string(),
  displayName: z.string(),
  layer: WireLayer,
  registryUid: z.string(),
  logoUrl: z.string(),
  addonType: z.string(),
  addonSubType: z.string(),
  cloudTypes: z.array(z.string()),
  tags: z.array(
    z.strictObject({
      tag: z.string(),
      version: z.string(),
      packUid: z.string(),
      parentTags: z.array(z.string()),
      group: z.string(),
    }),
  ),
  packValues: z.array(
    z.strictObject({
      packUid: z.string(),
      values: z.string(),
      readme: z.string(),
      annotations: z.record(z.string(), z.string()),
      presets: z.array(Preset),
      schema: z.array(SchemaEntry),
      dependencies: z.array(
        z.strictObject({
          uid: z.string(),
          name: z.string(),
          displayName: z.string(),
          version: z.string(),
          registryUid: z.string(),
          logoUrl: z.string(),
        }),
      ),
      packyard: z.strictObject({
        version: z.string(),
        digest: z.string(),
        state: PackStateName,
        eol: z.string(),
        /** When the registry stopped listing it. */
        goneTime: Time.nullable(),
        addedTime: Time,
        constraints: Constraints,
      }),
    }),
  ),
})

export const PackReadme = z.strictObject({ readme: z.string() })
