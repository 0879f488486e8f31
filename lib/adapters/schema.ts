import { z } from 'zod'
import { RegistryAuth, SeenCertificate, TlsSettings } from '../outbound/schema'
import { CHECK_STEPS, REGISTRY_KINDS } from './words'

/** The protocols we speak. A kind is one folder beside this file. */
export const RegistryKind = z.enum(REGISTRY_KINDS)
export type RegistryKind = z.infer<typeof RegistryKind>

const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const REPOSITORY_MAX = 255

const RepositoryPath = z
  .string()
  .max(REPOSITORY_MAX, `Use at most ${REPOSITORY_MAX} characters`)
  .regex(REPOSITORY, 'Write paths as the registry does: lower case, parts with "/" between them')

/** Where in an OCI registry the content lies, and what it is. Paths are without a slash at either end. */
export const OciSettings = z.object({
  /** What is read: packs under `<base>/spectro-packs/archive/`, or Helm charts anywhere under the base. */
  providerType: z.enum(['pack', 'helm']),
  /** Path before every repository: a project, for example. Empty: none. */
  baseContentPath: RepositoryPath.or(z.literal('')),
  /** Part of the address between the endpoint and `/v2/`, as some registries need it. Empty: none. */
  basePath: z
    .string()
    .max(512)
    .regex(/^(?:[\w.~-]+(?:\/[\w.~-]+)*)?$/, 'Write it as path/of/the/api'),
  /** The repositories to read, with their whole paths, where the registry does not list them. Empty: ask for its list. */
  repositories: z.array(RepositoryPath).max(1000, 'Name at most 1,000 repositories'),
  /** Origin of the one other server that may be given the credentials, to sign in. Empty: none but the registry. */
  tokenServer: z
    .string()
    .max(512)
    .regex(/^(?:https?:\/\/[a-z0-9.[\]:-]+)?$/, 'Write it as https://host, without a path'),
})
export type OciSettings = z.infer<typeof OciSettings>

/** All that an adapter needs to reach a registry. `endpoint` is normalised: see endpoint.ts. */
export const Connection = z.object({
  kind: RegistryKind,
  endpoint: z.string(),
  auth: RegistryAuth,
  tls: TlsSettings,
  /** With the kind `oci`, and with no other. */
  oci: OciSettings.optional(),
})
export type Connection = z.infer<typeof Connection>

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
  /** Only for a failed `registry`: the kind that answers there instead. */
  otherKind: RegistryKind.optional(),
})
export type CheckStep = z.infer<typeof CheckStep>
