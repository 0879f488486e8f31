import { z } from 'zod'

export const LAYERS = ['kernel', 'os', 'k8s', 'cni', 'csi', 'addon'] as const
export const Layer = z.enum(LAYERS)
export type Layer = z.infer<typeof Layer>

/** A repository name without slashes: what every pack name must be, since it becomes part of a path and a URL. */
export const PACK_NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
export const PACK_NAME_MAX = 128

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
export const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/

const Dependency = z.looseObject({
  packName: z.string().min(1),
  layer: Layer,
  minVersion: z.string().optional(),
  maxVersion: z.string().optional(),
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
  displayName: z.string().min(1),
  version: z.string().regex(TAG, 'A version becomes a tag: letters, digits, . _ -, at most 128 characters'),
  layer: Layer,
  addonType: z.string().optional(),
  addonSubType: z.string().optional(),
  cloudTypes: z.array(z.string()).optional(),
  cloudType: z.string().optional(),
  group: z.string().optional(),
  eol: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  charts: z.array(z.string().min(1)).optional(),
  kubeManifests: z.array(z.string().min(1)).optional(),
  ansibleRoles: z.array(z.string()).optional(),
  constraints: z
    .looseObject({
      dependencies: z.array(Dependency).optional(),
      resources: z.array(Resource).optional(),
    })
    .optional(),
})
export type PackManifest = z.infer<typeof PackManifest>
