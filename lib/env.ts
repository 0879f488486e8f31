import { z } from 'zod'

/** Words that stand in examples in the place of a secret. */
const PLACEHOLDER = /change.?me|your.?secret|example|password|placeholder/i
const MIN_DIFFERENT = 10

/** The settings that the console and the worker need. `npm run up`, compose and the chart set them. */
const Env = z
  .object({
    /** Login of the role that sees one tenant's rows. */
    DATABASE_APP_URL: z.string().min(1),
    /** Login of the role that sees every tenant's rows: sign-in, the queue's tick. */
    DATABASE_SYSTEM_URL: z.string().min(1),
    /** Login that owns the schema of the job queue. */
    DATABASE_JOBS_URL: z.string().min(1),
    /** The key ring that seals secrets: lib/crypto/key-ring.ts. Or the file that holds it, which may change. */
    PACKYARD_SECRET_KEYS: z.string().default(''),
    PACKYARD_SECRET_KEYS_FILE: z.string().default(''),
    /** Signs sessions and the API's tokens. The same on all replicas. */
    NEXTAUTH_SECRET: z
      .string()
      .min(32, 'is shorter than 32 characters')
      .refine(
        (text) => new Set(text).size >= MIN_DIFFERENT && !PLACEHOLDER.test(text),
        'is not random: make one with openssl rand -base64 48',
      ),
    /** The address that people use. */
    PACKYARD_URL: z.url(),
    PACKYARD_EGRESS: z.string().default(''),
    /** Of each worker, to one host and port: requests at the same time, and begun in a second (0: no limit). */
    PACKYARD_HOST_CONNECTIONS: z.coerce.number().int().min(1).max(256).default(16),
    PACKYARD_HOST_REQUESTS_PER_SECOND: z.coerce.number().int().min(0).max(10_000).default(0),
    /** How long, and how many of each registry, sync runs are kept with their logs. */
    PACKYARD_RUNS_KEEP_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
    PACKYARD_RUNS_KEEP_EACH: z.coerce.number().int().min(1).max(100_000).default(1_000),
    /** How long, and how many of each tenant, changes of the catalog are kept. End of life is told once within it. */
    PACKYARD_CHANGES_KEEP_DAYS: z.coerce.number().int().min(60).max(3_650).default(365),
    PACKYARD_CHANGES_KEEP_EACH: z.coerce.number().int().min(1_000).max(10_000_000).default(100_000),
    /** What monitoring brings to read /metrics; without it nobody can. And where a worker is read: `port` or `host:port`. */
    PACKYARD_METRICS_TOKEN: z
      .string()
      .refine((text) => text === '' || text.length >= 16, 'is shorter than 16 characters')
      .default(''),
    PACKYARD_METRICS_LISTEN: z
      .string()
      .regex(/^(?:(?:.+:)?\d{1,5})?$/, 'is neither a port nor host:port')
      .default(''),
    /** How many proxies stand in front of the console: lib/access/client-address.ts */
    PACKYARD_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  })
  .superRefine((all, context) => {
    const given = [all.PACKYARD_SECRET_KEYS, all.PACKYARD_SECRET_KEYS_FILE].filter(Boolean).length
    if (given === 1) return
    const message =
      given === 0
        ? 'is missing, and there is no default key'
        : 'is set, and PACKYARD_SECRET_KEYS_FILE too: set one of them'
    context.addIssue({ code: 'custom', path: ['PACKYARD_SECRET_KEYS'], message })
  })
export type Env = z.infer<typeof Env>

let read: Env | undefined

/**
 * The settings, read and checked once.
 * @throws Error that names each variable at fault, without its value
 */
export function env(): Env {
  if (read) return read
  const parsed = Env.safeParse(process.env)
  if (!parsed.success) {
    // What zod says itself could repeat a value.
    const OWN = /^is /
    const names = parsed.error.issues.map(({ path, message }) =>
      OWN.test(message) ? `${path.join('.')} (${message})` : path.join('.'),
    )
    throw new Error(
      `These settings are missing or wrong: ${[...new Set(names)].join(', ')}. See .env.example.`,
    )
  }
  read = parsed.data
  return read
}
