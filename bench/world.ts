import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'

import pg from 'pg'

import { ensureRoles } from '../tools/database-roles.mjs'
import { startEmbedded } from '../tools/embedded-database.mjs'
import { migrate } from '../tools/migrate.mjs'
import { uidOf, writeCatalog } from './made-catalog'

const START_MS = 60_000

export const say = (text: string) => process.stderr.write(`${text}\n`)
export const round = (value: number) => Number(value.toFixed(2))

/** @param parts such as 0.5 for the median */
export function percentile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
}

/** What the figures were measured on, and how busy it was. */
export const machine = () => ({
  cpu: os.cpus()[0]?.model,
  cpus: os.cpus().length,
  node: process.version,
  load: os.loadavg().map(round),
})

export const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

async function startConsole(env: Record<string, string>, url: string): Promise<ChildProcess> {
  const { port } = new URL(url)
  const child = spawn(process.execPath, ['dist/console/server.js'], {
    env: { ...process.env, ...env, PORT: port, HOSTNAME: '127.0.0.1' } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (const end = Date.now() + START_MS; ; await new Promise((done) => setTimeout(done, 100))) {
    if (child.exitCode !== null || Date.now() > end) throw new Error('The console does not start')
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return child
  }
}

export interface World {
  url: string
  owner: pg.Client
  app: pg.Client
}

/** An embedded PostgreSQL and the built console, each a process of its own, for as long as the work takes. */
export async function inWorld<T>(name: string, work: (world: World) => Promise<T>): Promise<T> {
  const folder = path.resolve('.cache', name)
  rmSync(folder, { recursive: true, force: true })
  const database = await startEmbedded(folder, { database: 'bench' })
  let child: ChildProcess | undefined
  try {
    const url = `http://127.0.0.1:${await freePort()}`
    await migrate(database.url)
    const env: Record<string, string> = {
      ...(await ensureRoles(database.url, folder)),
      PACKYARD_SECRET_KEYS: `bench:${randomBytes(32).toString('base64')}`,
      NEXTAUTH_SECRET: randomBytes(32).toString('hex'),
      NEXTAUTH_URL: url,
      PACKYARD_URL: url,
      PACKYARD_LOG_LEVEL: 'error',
    }
    Object.assign(process.env, env)
    const owner = new pg.Client({ connectionString: database.url })
    const app = new pg.Client({ connectionString: env.DATABASE_APP_URL })
    await Promise.all([owner.connect(), app.connect()])
    child = await startConsole(env, url)
    const result = await work({ url, owner, app })
    const { closeDatabase } = await import('@/lib/db/in-tenant')
    await Promise.all([owner.end(), app.end(), closeDatabase()])
    return result
  } finally {
    if (child?.kill('SIGTERM')) await once(child, 'exit')
    await database.stop()
  }
}

export interface BenchTenant {
  tenantId: string
  /** An API key. */
  key: string
  email: string
  writeSeconds: number
}

/**
 * A tenant of its own with a catalog, as many live side by side.
 *
 * @param digit one hex digit, another for each tenant
 * @param passwordHash empty: nobody signs in
 */
export async function newBenchTenant(
  { owner }: World,
  packs: number,
  versions: number,
  digit: string,
  passwordHash = '',
): Promise<BenchTenant> {
  const { newTenant } = await import('../tests/support/tenant')
  const { createApiKey } = await import('@/lib/access/api-keys')
  const { insertUser } = await import('@/lib/access/store')
  const { tenantId, admin: actor } = await newTenant()
  const email = `${actor.id}@bench.example`
  await insertUser({ id: actor.id, tenantId, email, name: 'bench', passwordHash, role: 'tenant-admin' })
  const { key } = await createApiKey(actor, { name: 'bench', expiresAt: null })
  for (let i = 0; i < 3; i++)
    await owner.query(
      `INSERT INTO registry (id, tenant_id, name, kind, endpoint, auth_type)
       VALUES ($1, $2, $3, 'pack', 'http://bench.example', 'none')`,
      [uidOf(`c${digit}`, i), tenantId, `registry-${i}`],
    )
  const began = performance.now()
  await writeCatalog(owner, tenantId, packs, versions, digit)
  const writeSeconds = round((performance.now() - began) / 1000)
  say(`${packs * versions} versions written in ${writeSeconds} s`)
  return { tenantId, key, email, writeSeconds }
}
