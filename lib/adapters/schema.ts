import { z } from 'zod'

import { RegistryAuth, SeenCertificate, TlsSettings } from '../outbound/schema'

/** The protocols we speak. A kind is one folder beside this file. */
export const RegistryKind = z.enum(['pack'])
export type RegistryKind = z.infer<typeof RegistryKind>

/** All that an adapter needs to reach a registry. `endpoint` is normalised: see endpoint.ts. */
export const Connection = z.object({
  kind: RegistryKind,
  endpoint: z.string(),
  auth: RegistryAuth,
  tls: TlsSettings,
})
export type Connection = z.infer<typeof Connection>

/** The rungs of the connection test, in the order in which they are climbed. */
export const CHECK_STEPS = [
  'address',
  'name',
  'connection',
  'tls',
  'http',
  'registry',
  'credentials',
  'catalog',
  'pack',
] as const
export const CheckStepName = z.enum(CHECK_STEPS)
export type CheckStepName = z.infer<typeof CheckStepName>

/** What one rung of the connection test found. */
export const CheckStep = z.object({
  step: CheckStepName,
  /** `warned`: works, but a person should know, for example plain HTTP. */
  status: z.enum(['passed', 'warned', 'failed', 'not_reached']),
  /** Time that this step took, in milliseconds. */
  ms: z.number(),
  /** The evidence: what was seen, in plain words. */
  seen: z.string(),
  /** Only where `failed` or `warned`: what to do. */
  fix: z.string().optional(),
  /** Only for `tls`: the chain, leaf first. */
  certificates: z.array(SeenCertificate).optional(),
})
export type CheckStep = z.infer<typeof CheckStep>
