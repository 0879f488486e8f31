import { z } from 'zod'

import { PROFILE_TYPES } from '../../profiles/schema'
import { SchemaEntry, WireLayer } from './pack'
import { Variable } from './variable'

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** A change of a draft that mends a finding. */
const Edit = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('changeType'), type: z.enum(PROFILE_TYPES) }),
  z.strictObject({ do: z.literal('removeLayer'), layer: z.string() }),
  z.strictObject({ do: z.literal('renameLayer'), at: z.number().int(), name: z.string() }),
  z.strictObject({ do: z.literal('takeContent'), layer: z.string(), digest: z.string() }),
  z.strictObject({
    do: z.literal('setValue'),
    layer: z.string(),
    path: z.array(z.union([z.string(), z.number()])),
    value: Value.optional(),
  }),
  z.strictObject({
    do: z.literal('replaceText'),
    layer: z.string(),
    manifest: z.string().optional(),
    at: z.number().int(),
    from: z.string(),
    to: z.string(),
  }),
  z.strictObject({ do: z.literal('addVariable'), variable: Variable }),
  z.strictObject({ do: z.literal('changeVariable'), name: z.string(), change: Variable.partial() }),
  z.strictObject({ do: z.literal('removeVariable'), name: z.string() }),
])

export const Finding = z.strictObject({
  id: z.string(),
  level: z.enum(['error', 'warning']),
  code: z.string(),
  /** Of the layer; empty for what is wrong with the profile itself. */
  pack: z.string(),
  /** What is wrong, and how to mend it. */
  message: z.string(),
  what: z.string(),
  why: z.string().optional(),
  mend: z.string(),
  variable: z.string().optional(),
  layer: z.string().optional(),
  path: z.string().optional(),
  manifest: z.string().optional(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  fix: z.strictObject({ label: z.string(), edits: z.array(Edit) }).optional(),
})

/** What is known of a layer's pack: with it the rules can be asked again without the catalog. */
export const PackFacts = z.strictObject({
  cloudTypes: z.array(z.string()),
  dependencies: z.array(
    z.object({
      packName: z.string(),
      layer: WireLayer,
      type: z.enum(['required', 'optional', 'notSupported', 'upgrade']),
      minVersion: z.string().optional(),
      maxVersion: z.string().optional(),
    }),
  ),
  resources: z.array(
    z.object({
      type: z.enum(['cpu', 'memory', 'diskSize']),
      minLimit: z.number().nullish(),
      components: z
        .array(
          z.object({
            scheduleType: z.enum(['all', 'master', 'control-plane', 'worker']),
            resourceRequestParamRef: z.string().optional(),
            replicaCountParamRef: z.string().optional(),
          }),
        )
        .optional(),
    }),
  ),
  schema: z.array(SchemaEntry),
  /** Its own values, where a rule compares with them. */
  own: z.string(),
  state: z.enum(['active', 'deprecated', 'disabled', 'deleted', 'gone']),
  eol: z.string(),
  digest: z.string(),
})
