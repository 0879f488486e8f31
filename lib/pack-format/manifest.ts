import { z } from 'zod'

import { LAYERS } from './layers'
import { PACK_NAME, PACK_NAME_MAX } from './pack-name'
import { TAG } from './tag-form'

export const Layer = z.enum(LAYERS)
export type Layer = z.infer<typeof Layer>

/** Of what is shown in a line, searched and sorted by: an index of a database takes no more. */
const LINE_MAX = 256
const TEXT_MAX = 16 * 1024
const line = z.string().max(LINE_MAX, `Use at most ${LINE_MAX} characters`)
const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(1000, 'List at most 1,000')

const Dependency = z.looseObject({
  packName: line.min(1),
  layer: Layer,
  minVersion: line.optional(),
  maxVersion: line.optional(),
  type: z.enum(['required', 'optional', 'notSupported', 'upgrade']),
})

const Resource = z.looseObject({
  type: z.enum(['cpu', 'memory', 'diskSize']),
  minLimit: z.number().optional(),
  components: z
    .array(
      z.looseObject({
        scheduleType: z.enum(['all', 'master', 'control-plane', 'worker']),
        resourceRequestParamRef: z.string().optional(),
        replicaCountParamRef: z.string().optional(),
      }),
    )
    .optional(),
})

/**
 * pack.json: who a pack is. Name and version are its identity, never its directory. Unknown keys pass: real packs
 * hold many.
 */
export const PackManifest = z.looseObject({
  name: z
    .string()
    .min(1)
    .max(PACK_NAME_MAX, `Use at most ${PACK_NAME_MAX} characters`)
    .regex(PACK_NAME, 'Use lower-case letters, digits and single separators . _ -, such as "cni-calico"'),
  displayName: line.min(1),
  version: z.string().regex(TAG, 'A version becomes a tag: letters, digits, . _ -, at most 128 characters'),
  layer: Layer,
  addonType: line.optional(),
  addonSubType: line.optional(),
  cloudTypes: listOf(line).optional(),
  cloudType: line.optional(),
  group: line.optional(),
  eol: line.optional(),
  annotations: z.record(z.string(), z.string().max(TEXT_MAX, 'Use at most 16,384 characters')).optional(),
  charts: z.array(z.string().min(1)).optional(),
  kubeManifests: z.array(z.string().min(1)).optional(),
  ansibleRoles: z.array(z.string()).optional(),
  constraints: z
    .looseObject({
      dependencies: listOf(Dependency).optional(),
      resources: listOf(Resource).optional(),
    })
    .optional(),
})
export type PackManifest = z.infer<typeof PackManifest>
