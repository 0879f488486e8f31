import { z } from 'zod'

/** The settings that the console and the worker need. `npm run up`, compose and the chart set them. */
const Env = z.object({
  /** Login of the role that sees one tenant's rows. */
  DATABASE_APP_URL: z.string().min(1),
  /** Login of the role that sees every tenant's rows: sign-in, the queue's tick. */
  DATABASE_SYSTEM_URL: z.string().min(1),
  /** Login that owns the schema of the job queue. */
  DATABASE_JOBS_URL: z.string().min(1),
  /** The key ring that seals secrets: lib/crypto/key-ring.ts */
  PACKYARD_SECRET_KEYS: z.string().min(1),
  /** Signs sessions and the API's tokens. The same on all replicas. */
  NEXTAUTH_SECRET: z.string().min(32),
  /** The address that people use. */
  PACKYARD_URL: z.url(),
  PACKYARD_EGRESS: z.string().default(''),
  /** How long, and how many of each registry, sync runs are kept with their logs. */
  PACKYARD_RUNS_KEEP_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
  PACKYARD_RUNS_KEEP_EACH: z.coerce.number().int().min(1).max(100_000).default(1_000),
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
    const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))]
    throw new Error(`These settings are missing or wrong: ${names.join(', ')}. See .env.example.`)
  }
  read = parsed.data
  return read
}
