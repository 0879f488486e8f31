import { z } from 'zod'

import { readDuration } from './duration'

const GIB = 1024 ** 3

/** `storage: inmemory` is short for `storage: {inmemory: {}}`, and so for `auth`. */
const driver = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' ? { [value]: {} } : value), schema)

/** Distribution's names for levels, and pino's. */
const LEVELS = { panic: 'fatal', warning: 'warn' } as Record<string, string>

const Log = z.object({
  level: z
    .preprocess(
      (value) => (typeof value === 'string' ? (LEVELS[value.toLowerCase()] ?? value.toLowerCase()) : value),
      z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    )
    .default('info'),
  fields: z.record(z.string(), z.string()).default({}),
})
export type LogSettings = z.infer<typeof Log>

const DAY_MS = 24 * 3_600_000

/** In milliseconds. @param least @param most in milliseconds */
const duration = (least: number, most: number, words: string) =>
  z.string('must be a duration such as 5s').transform((text, context) => {
    const ms = readDuration(text)
    if (ms !== null && ms >= least && ms <= most) return ms
    context.addIssue({ code: 'custom', message: `must be a duration such as 500ms, 5s or 1m30s, ${words}` })
    return z.NEVER
  })
const Duration = duration(1, DAY_MS, 'of at most a day')

const Storage = z.object({
  filesystem: z
    .object({
      rootdirectory: z.string('must be set').min(1, 'must not be empty'),
      maxthreads: z.unknown().optional(),
    })
    .optional(),
  /** A directory of its own that is removed at the end. */
  inmemory: z.object({}).nullish(),
  /** Everything that is listed is in memory anyway. */
  cache: z.unknown().optional(),
  delete: z.object({ enabled: z.boolean().default(true) }).prefault({}),
  /** The space of what nothing needs is given back. */
  collect: z
    .object({
      enabled: z.boolean().default(true),
      interval: duration(60_000, 30 * DAY_MS, 'of 1m to 720h').prefault('24h'),
      /** What nothing needs is kept for so long: old content of a version stays readable by its digest. */
      keep: duration(3_600_000, 3_650 * DAY_MS, 'of at least 1h').prefault('168h'),
    })
    .prefault({}),
})

const Tls = z.object({
  certificate: z.string('must be set').min(1, 'must not be empty'),
  key: z.string('must be set').min(1, 'must not be empty'),
  /** Files of authorities; a client must then show a certificate by one of them. */
  clientcas: z.array(z.string()).default([]),
  minimumtls: z
    .enum(['tls1.2', 'tls1.3'], 'must be tls1.2 or tls1.3: older versions are not offered')
    .default('tls1.2'),
})

/** @see https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html */
export const DEFAULT_HEADERS = {
  'X-Content-Type-Options': ['nosniff'],
  'Strict-Transport-Security': ['max-age=63072000; includeSubdomains; preload'],
  'Content-Security-Policy': ["img-src 'self'; script-src 'self'; style-src 'self'"],
  'X-Frame-Options': ['DENY'],
  'X-XSS-Protection': ['1; mode=block'],
  'Referrer-Policy': ['same-origin'],
}

const Http = z.object({
  addr: z.string().default(':5000'),
  /** Replaces the six default ones. */
  headers: z
    .record(
      z.string(),
      z.union([z.array(z.string()), z.string().transform((value) => [value])], 'must be a list of texts'),
    )
    .default(DEFAULT_HEADERS),
  tls: Tls.optional(),
  /** Where monitoring asks: an address of its own, since nobody signs in there. */
  debug: z
    .object({
      addr: z.string('must be set, such as 127.0.0.1:5001').min(1, 'must not be empty'),
      prometheus: z
        .object({
          enabled: z.boolean().default(false),
          path: z.string().startsWith('/', 'must begin with /').default('/metrics'),
        })
        .prefault({}),
    })
    .optional(),
  /** Of Distribution's: locations are always relative here, and uploads carry no state that needs signing. */
  relativeurls: z.unknown().optional(),
  secret: z.unknown().optional(),
})

export const ROLES = ['read', 'push', 'delete', 'admin'] as const
const ROLE_WORDS = `must be one or a list of ${ROLES.join(', ')}`
const Role = z.enum(ROLES, ROLE_WORDS)
export type Role = z.infer<typeof Role>

const Htpasswd = z.object({
  realm: z.string('must be set').min(1, 'must not be empty'),
  path: z.string('must be set').min(1, 'must not be empty'),
  /** What users may besides reading, which everybody in the file may. `admin` may everything. */
  roles: z
    .record(z.string(), z.union([Role.transform((role) => [role]), z.array(Role)], ROLE_WORDS))
    .default({ admin: ['admin'] }),
  /** What people without a password may. */
  anonymous: z.enum(['none', 'read'], 'must be none or read').default('none'),
  /** Lets anyone read the logos of packs, for pages that show them as images. */
  anonymouslogos: z.boolean().default(false),
})
export type HtpasswdSettings = z.infer<typeof Htpasswd>

const Limits = z.object({
  /** The largest blob, in bytes. */
  blobbytes: z
    .number()
    .int()
    .positive()
    .default(10 * GIB),
  /** An upload that nobody continued for so long is dropped, in seconds. */
  uploadidle: z.number().int().positive().default(3600),
  /** A request whose body stops flowing for so long is ended, in seconds. */
  bodyidle: z.number().int().positive().default(60),
})

/** Who is told that packs changed. */
const Endpoint = z.object({
  /** For the log. */
  name: z.string().default(''),
  disabled: z.boolean().default(false),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
    .refine(
      (url) => new URL(url).username === '' && new URL(url).password === '',
      'must hold no user name or password: set headers',
    ),
  headers: z
    .record(z.string(), z.union([z.array(z.string()), z.string().transform((value) => [value])]))
    .default({}),
  /** What signs each notification; or a file that holds it, which is read anew each time. */
  secret: z.string().min(16, 'must have at least 16 characters').optional(),
  secretfile: z.string().optional(),
  timeout: Duration.prefault('5s'),
  /** After so many failures in a row the waits become longer. */
  threshold: z.number().int().min(1).max(1000).default(5),
  backoff: Duration.prefault('1s'),
})
export type EndpointSettings = z.output<typeof Endpoint>

/**
 * The configuration file: the keys of Docker Distribution's that mean something here, and `limits`.
 *
 * @see https://distribution.github.io/distribution/about/configuration/
 */
export const Config = z.object({
  version: z.union([z.literal(0.1), z.literal('0.1')], 'must be 0.1').default(0.1),
  log: Log.prefault({}),
  storage: driver(Storage),
  http: Http.prefault({}),
  auth: driver(
    z.object({
      htpasswd: Htpasswd.optional(),
      /** Says that everybody may read and push, on purpose. */
      none: z.object({}).nullish(),
    }),
  ).nullish(),
  notifications: z.object({ endpoints: z.array(Endpoint).max(20).default([]) }).prefault({}),
  limits: Limits.prefault({}),
})
export type Config = z.output<typeof Config>
export type ConfigInput = z.input<typeof Config>
