import { z } from 'zod'

import { RegistryKind } from '@/lib/adapters/schema'
import { LAYERS } from '@/lib/pack-format/layers'
import { OciInput, PackFilter, RegistryInput, SYNC_MINUTES } from '@/lib/registries/schema'
import type { Registry, RegistryBody } from './queries'

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/
const PRIVATE_KEY = /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[^-]+-----END (?:RSA |EC )?PRIVATE KEY-----/
/** Instead of a secret that is stored. */
const STORED = '********'

/** What stands in the form. The names, limits and messages are those of what the API reads. */
export const RegistryFields = RegistryInput.pick({ name: true, endpoint: true, paused: true })
  .extend({
    kind: RegistryKind,
    providerType: z.enum(['pack', 'helm']),
    baseContentPath: z.string(),
    /** Not shown: some registries need it, and programs set it. */
    basePath: z.string(),
    /** One a line. */
    repositories: z.string().max(300_000, 'Name fewer repositories'),
    tokenServer: z.string(),
    authType: z.enum(['basic', 'token']),
    username: z.string().trim().max(512, 'Use at most 512 characters'),
    password: z.string().max(8192, 'Use at most 8,192 characters'),
    token: z.string().max(8192, 'Use at most 8,192 characters'),
    ca: z
      .string()
      .refine(
        (text) => text.trim() === '' || PEM.test(text),
        'Paste the text between BEGIN CERTIFICATE and END CERTIFICATE, both lines included',
      ),
    clientCertificate: z
      .string()
      .refine(
        (text) => text.trim() === '' || PEM.test(text),
        'Paste the text between BEGIN CERTIFICATE and END CERTIFICATE, both lines included',
      ),
    /** Empty: the stored one, or none. */
    clientKey: z
      .string()
      .refine(
        (text) => text.trim() === '' || PRIVATE_KEY.test(text),
        'Paste the text between BEGIN PRIVATE KEY and END PRIVATE KEY, both lines included, of a key without a password',
      ),
    insecureSkipVerify: z.boolean(),
    syncEveryMinutes: z.coerce.number<string>().pipe(RegistryInput.shape.syncEveryMinutes),
    /** Patterns, one a line. */
    filterInclude: z.string().max(30_000),
    filterExclude: z.string().max(30_000),
    filterVersions: z.string(),
    /** Empty: all. */
    filterNewest: z.string(),
    filterLayers: z.array(z.enum(LAYERS)),
    /** With commas between them. */
    filterTypes: z.string().max(10_000),
  })
  .refine(({ authType, username, password }) => authType !== 'basic' || username !== '' || password === '', {
    path: ['username'],
    error: 'Enter the user name, or leave the password empty too',
  })
  .refine(({ clientCertificate, clientKey }) => clientCertificate.trim() !== '' || clientKey.trim() === '', {
    path: ['clientCertificate'],
    error: 'Paste the certificate that the private key belongs to',
  })
  .superRefine((fields, context) => {
    for (const { path, message } of PackFilter.safeParse(toFilter(fields)).error?.issues ?? []) {
      const field = FILTER_FIELDS[path[0] as keyof typeof FILTER_FIELDS]
      context.addIssue({ code: 'custom', path: [field], message })
    }
    if (fields.kind !== 'oci') return
    for (const { path, message } of OciInput.safeParse(toOci(fields)).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: path.slice(0, 1), message })
  })

/** Where in the form each part of the filter stands. */
const FILTER_FIELDS = {
  include: 'filterInclude',
  exclude: 'filterExclude',
  versions: 'filterVersions',
  newest: 'filterNewest',
  layers: 'filterLayers',
  addonTypes: 'filterTypes',
} as const

type FilterFields = Pick<RegistryForm, (typeof FILTER_FIELDS)[keyof typeof FILTER_FIELDS]>

/** What is entered of the filter, as the API reads it. */
export const toFilter = (fields: FilterFields) => ({
  include: fields.filterInclude.split(/[\s,]+/).filter(Boolean),
  exclude: fields.filterExclude.split(/[\s,]+/).filter(Boolean),
  versions: fields.filterVersions.trim(),
  newest: fields.filterNewest.trim() === '' ? 0 : Number(fields.filterNewest),
  layers: fields.filterLayers,
  addonTypes: fields.filterTypes
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean),
})

const fromFilter = (filter: PackFilter): FilterFields => ({
  filterInclude: filter.include.join('\n'),
  filterExclude: filter.exclude.join('\n'),
  filterVersions: filter.versions,
  filterNewest: filter.newest === 0 ? '' : String(filter.newest),
  filterLayers: filter.layers,
  filterTypes: filter.addonTypes.join(', '),
})

interface OciFields {
  providerType: 'pack' | 'helm'
  baseContentPath: string
  basePath: string
  repositories: string
  tokenServer: string
}

const toOci = ({ providerType, baseContentPath, basePath, repositories, tokenServer }: OciFields) => ({
  ...{ providerType, baseContentPath, basePath, tokenServer },
  repositories: repositories.split(/[\s,]+/).filter(Boolean),
})

export type RegistryForm = z.input<typeof RegistryFields>
export type FieldName = keyof RegistryForm

export const NEW_REGISTRY: RegistryForm = {
  name: '',
  kind: 'pack',
  endpoint: '',
  providerType: 'pack',
  baseContentPath: '',
  basePath: '',
  repositories: '',
  tokenServer: '',
  authType: 'basic',
  username: '',
  password: '',
  token: '',
  ca: '',
  clientCertificate: '',
  clientKey: '',
  insecureSkipVerify: false,
  syncEveryMinutes: String(SYNC_MINUTES.default),
  paused: false,
  ...fromFilter(PackFilter.parse({})),
}

/** A stored registry as it stands in the form. Secrets stay where they are. */
export const toForm = ({ kind, metadata, spec }: Registry): RegistryForm => ({
  ...NEW_REGISTRY,
  ...(spec.oci && { ...spec.oci, repositories: spec.oci.repositories.join('\n') }),
  kind,
  name: metadata.name,
  endpoint: spec.endpoint,
  authType: spec.auth.type === 'token' ? 'token' : 'basic',
  username: spec.auth.username ?? '',
  ca: spec.auth.tls.ca,
  clientCertificate: spec.auth.tls.certificate ?? '',
  insecureSkipVerify: spec.auth.tls.insecureSkipVerify,
  syncEveryMinutes: String(spec.syncEveryMinutes),
  paused: spec.paused,
  ...fromFilter(PackFilter.parse(spec.filter)),
})

type Filled = Omit<z.output<typeof RegistryFields>, 'syncEveryMinutes'> & { syncEveryMinutes: number }

/** What was entered, in the words of the API. No user name and no password stand for no credentials. */
export function toBody(fields: Filled): RegistryBody {
  const { authType, username, password, token, ca, clientCertificate, clientKey, insecureSkipVerify } = fields
  const tls = {
    enabled: !fields.endpoint.startsWith('http://'),
    insecureSkipVerify,
    ca: ca.trim() && `${ca.trim()}\n`,
    ...(clientCertificate.trim() !== '' && {
      certificate: `${clientCertificate.trim()}\n`,
      key: clientKey.trim() ? `${clientKey.trim()}\n` : STORED,
    }),
  }
  const { repositories, tokenServer, ...oci } = toOci(fields)
  const isOci = fields.kind === 'oci'
  return {
    kind: fields.kind,
    metadata: { name: fields.name },
    spec: {
      ...(isOci && oci),
      endpoint: fields.endpoint,
      auth:
        authType === 'token'
          ? { type: 'token', token, tls }
          : username === ''
            ? { type: 'noAuth', tls }
            : { type: 'basic', username, password, tls },
      packyard: {
        syncEveryMinutes: fields.syncEveryMinutes,
        paused: fields.paused,
        filter: toFilter(fields),
        ...(isOci && { repositories, tokenServer }),
      },
    },
  }
}

const BOUND = ['endpoint', 'authType', 'ca', 'insecureSkipVerify', 'tokenServer'] as const
const REACH = [
  ...BOUND,
  ...(['username', 'password', 'token', 'providerType', 'baseContentPath', 'repositories'] as const),
  ...(['clientCertificate', 'clientKey'] as const),
] as const

const differs = (fields: readonly FieldName[], one: RegistryForm, other: RegistryForm) =>
  fields.some((field) => String(one[field]).trim() !== String(other[field]).trim())

/** Whether the registry would be reached in another way than it is stored. */
export const isReachedOtherwise = (now: RegistryForm, stored: RegistryForm) => differs(REACH, now, stored)

/** Whether the stored secret stays behind: it is bound to the address and the TLS settings. */
export const losesSecret = (now: RegistryForm, stored: RegistryForm) => differs(BOUND, now, stored)

/** Whether the stored private key stays behind: it is bound to its certificate, the address and the TLS settings. */
export const losesKey = (now: RegistryForm, stored: RegistryForm) =>
  stored.clientCertificate === '' ||
  differs(['endpoint', 'ca', 'insecureSkipVerify', 'clientCertificate'], now, stored)

/** Where in the form the API's word about a field belongs. */
export function fieldOf(path: string, authType: RegistryForm['authType']): FieldName | null {
  const secret = authType === 'token' ? 'token' : 'password'
  const last = path.split('.').at(-1) ?? ''
  if (path === 'spec.auth' || path === 'auth') return secret
  if (last === 'certificate') return 'clientCertificate'
  if (last === 'key') return 'clientKey'
  if (path.includes('repositories')) return 'repositories'
  const part = /\bfilter\.(\w+)/.exec(path)?.[1]
  if (part && part in FILTER_FIELDS) return FILTER_FIELDS[part as keyof typeof FILTER_FIELDS]
  return last in NEW_REGISTRY ? (last as FieldName) : null
}

const MINUTES = [1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 180, 240, 360, 720, 1440, 2880, 4320, 10_080]

/** The intervals to choose from, and the stored one where a program has set another. */
export const intervalsWith = (minutes: number): number[] =>
  [...new Set([...MINUTES, minutes])].sort((one, other) => one - other)
