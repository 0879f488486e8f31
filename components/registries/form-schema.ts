import { z } from 'zod'

import { RegistryInput, SYNC_MINUTES } from '@/lib/registries/schema'
import type { Registry, RegistryBody } from './queries'

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/

/** What stands in the form. The names, limits and messages are those of what the API reads. */
export const RegistryFields = RegistryInput.pick({ name: true, endpoint: true, paused: true })
  .extend({
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
    insecureSkipVerify: z.boolean(),
    syncEveryMinutes: z.coerce.number<string>().pipe(RegistryInput.shape.syncEveryMinutes),
  })
  .refine(({ authType, username, password }) => authType !== 'basic' || username !== '' || password === '', {
    path: ['username'],
    error: 'Enter the user name, or leave the password empty too',
  })

export type RegistryForm = z.input<typeof RegistryFields>
export type FieldName = keyof RegistryForm

export const NEW_REGISTRY: RegistryForm = {
  name: '',
  endpoint: '',
  authType: 'basic',
  username: '',
  password: '',
  token: '',
  ca: '',
  insecureSkipVerify: false,
  syncEveryMinutes: String(SYNC_MINUTES.default),
  paused: false,
}

/** A stored registry as it stands in the form. Secrets stay where they are. */
export const toForm = ({ metadata, spec }: Registry): RegistryForm => ({
  ...NEW_REGISTRY,
  name: metadata.name,
  endpoint: spec.endpoint,
  authType: spec.auth.type === 'token' ? 'token' : 'basic',
  username: spec.auth.username ?? '',
  ca: spec.auth.tls.ca,
  insecureSkipVerify: spec.auth.tls.insecureSkipVerify,
  syncEveryMinutes: String(spec.packyard.syncEveryMinutes),
  paused: spec.packyard.paused,
})

type Filled = Omit<z.output<typeof RegistryFields>, 'syncEveryMinutes'> & { syncEveryMinutes: number }

/** What was entered, in the words of the API. No user name and no password stand for no credentials. */
export function toBody(fields: Filled): RegistryBody {
  const { authType, username, password, token, ca, insecureSkipVerify } = fields
  const tls = {
    enabled: !fields.endpoint.startsWith('http://'),
    insecureSkipVerify,
    ca: ca.trim() && `${ca.trim()}\n`,
  }
  return {
    metadata: { name: fields.name },
    spec: {
      endpoint: fields.endpoint,
      auth:
        authType === 'token'
          ? { type: 'token', token, tls }
          : username === ''
            ? { type: 'noAuth', tls }
            : { type: 'basic', username, password, tls },
      packyard: { syncEveryMinutes: fields.syncEveryMinutes, paused: fields.paused },
    },
  }
}

const REACH = ['endpoint', 'authType', 'username', 'password', 'token', 'ca', 'insecureSkipVerify'] as const
const BOUND = ['endpoint', 'authType', 'ca', 'insecureSkipVerify'] as const

const differs = (fields: readonly FieldName[], one: RegistryForm, other: RegistryForm) =>
  fields.some((field) => String(one[field]).trim() !== String(other[field]).trim())

/** Whether the registry would be reached in another way than it is stored. */
export const isReachedOtherwise = (now: RegistryForm, stored: RegistryForm) => differs(REACH, now, stored)

/** Whether the stored secret stays behind: it is bound to the address and the TLS settings. */
export const losesSecret = (now: RegistryForm, stored: RegistryForm) => differs(BOUND, now, stored)

/** Where in the form the API's word about a field belongs. */
export function fieldOf(path: string, authType: RegistryForm['authType']): FieldName | null {
  const secret = authType === 'token' ? 'token' : 'password'
  const last = path.split('.').at(-1) ?? ''
  if (path === 'spec.auth' || path === 'auth') return secret
  if (last === 'certificate') return 'ca'
  return last in NEW_REGISTRY ? (last as FieldName) : null
}

const MINUTES = [1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 180, 240, 360, 720, 1440, 2880, 4320, 10_080]

/** The intervals to choose from, and the stored one where a program has set another. */
export const intervalsWith = (minutes: number): number[] =>
  [...new Set([...MINUTES, minutes])].sort((one, other) => one - other)
