import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import pg from 'pg'

import { build, PROGRAM_STEPS } from '../../tools/build.mjs'
import { ensureRoles } from '../../tools/database-roles.mjs'
import { startEmbedded } from '../../tools/embedded-database.mjs'
import { migrate } from '../../tools/migrate.mjs'
import { dumpCatalog } from '../hostile/dump'
import { deletePack, pushPack } from '../support/packs'
import { type RegistryProcess, startRegistryProcess, variablesFor } from '../support/registry-process'
import { mountSmall } from './faults/small-disk'
import { type Line, startProxy } from './proxy'

/** Looked for wherever it must not be. */
export const CANARY = 'canary-4be1d0-password'
const USER = 'reader'
export const BUILT_REGISTRY = ['dist/packyard-registry.mjs']
const START_MS = 30_000
const PACKS = 6

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

export interface WorkerProcess {
  process: ChildProcess
  /** What it wrote, so far. */
  log(): string
  end(signal?: NodeJS.Signals): Promise<void>
}

const portOf = (url: string) => Number(new URL(url).port)

/**
 * What the console's own parts in this process keep for as long as it lives: settings are read once. They see the
 * database through a line of their own, so that it may come back at another port, or be another one.
 */
let shared: { eyes: Line; logins: string; secrets: Record<string, string> } | undefined

/**
 * A whole installation in processes of its own, with a bad network between them: a database, workers, a registry that
 * faults happen to, and a calm one that must not notice.
 */
export type World = Awaited<ReturnType<typeof startWorld>>

export async function startWorld({ isShortened = false } = {}) {
  // As people run them: they start in a third of the time that their sources take.
  await build(() => {}, PROGRAM_STEPS)
  const dir = mkdtempSync(path.join(tmpdir(), 'packyard-chaos-'))
  mkdirSync(path.join(dir, 'postgres'), { recursive: true })
  // Where that may be done, disks that can be filled.
  const isOnSmallDisks = mountSmall(path.join(dir, 'postgres'), 320)
  let database = await startEmbedded(path.join(dir, 'postgres'), { database: 'chaos' })
  await migrate(database.url)
  shared ??= {
    eyes: await startProxy(portOf(database.url)),
    logins: mkdtempSync(path.join(tmpdir(), 'packyard-chaos-logins-')),
    secrets: {
      PACKYARD_SECRET_KEYS: `chaos:${randomBytes(32).toString('base64')}`,
      NEXTAUTH_SECRET: randomBytes(32).toString('hex'),
      PACKYARD_URL: 'http://127.0.0.1:3000',
      PACKYARD_LOG_LEVEL: 'info',
    },
  }
  const { eyes, secrets } = shared
  eyes.target = portOf(database.url)
  const logins = (await ensureRoles(database.url, shared.logins)) as unknown as Record<string, string>
  const databaseProxy = await startProxy(portOf(database.url))

  const through = (proxy: Line) =>
    Object.fromEntries(
      Object.entries(logins).map(([name, url]) => {
        const at = new URL(url)
        at.port = String(proxy.port)
        return [name, at.href]
      }),
    )
  Object.assign(process.env, secrets, through(eyes), { PACKYARD_LOG_LEVEL: 'silent' })

  const registries = {
    hit: await startRegistry(path.join(dir, 'hit')),
    calm: await startRegistry(path.join(dir, 'calm')),
  }
  const registryProxy = await startProxy(portOf(registries.hit.url()))
  for (const registry of Object.values(registries))
    for (let pack = 0; pack < PACKS; pack++)
      for (const version of ['1.0.0', '1.1.0']) await registry.push(`pack-${pack}`, version)

  const { newTenant, registryInput } = await import('../support/tenant')
  const { addRegistry } = await import('../../lib/registries/add')
  const { pauseRegistry } = await import('../../lib/registries/pause')
  const { tenantId, admin } = await newTenant()
  const add = async (port: number, tenant = admin) => {
    const input = registryInput(`http://127.0.0.1:${port}`, {
      auth: { type: 'basic', username: USER, password: CANARY },
      paused: true,
    })
    const { id } = await addRegistry(tenant, input)
    await pauseRegistry(tenant, id, false)
    return id
  }

  const workers = new Set<WorkerProcess>()
  const logs: string[] = []

  const world = {
    /** Whether a registry that waits for its time of day is due at once instead. */
    isShortened,
    ...{ dir, isOnSmallDisks, tenantId, admin, databaseProxy, registryProxy, registries, workers },
    hit: await add(registryProxy.port),
    calm: await add(portOf(registries.calm.url())),

    /** What all processes wrote until now. */
    logs: () => [...logs, ...[...workers].map((one) => one.log())].join(''),

    async startWorker(env: Record<string, string> = {}, command: string[] = []): Promise<WorkerProcess> {
      const [program = process.execPath, ...before] = command
      const args = [...before, ...(command.length > 0 ? [process.execPath] : []), 'dist/worker.mjs']
      const child = spawn(program, args, {
        env: { ...process.env, ...secrets, ...through(databaseProxy), ...env } as NodeJS.ProcessEnv,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let log = ''
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text) => {
          log += text
        })
      const ended = once(child, 'exit')
      const worker: WorkerProcess = {
        process: child,
        log: () => log,
        async end(signal = 'SIGTERM') {
          if (child.exitCode === null && child.signalCode === null) child.kill(signal)
          await ended
          workers.delete(worker)
          logs.push(log)
        },
      }
      workers.add(worker)
      for (const end = Date.now() + START_MS; !log.includes('worker-up'); await sleep(50))
        if (child.exitCode !== null || Date.now() > end) throw new Error(`The worker does not start:\n${log}`)
      return worker
    },

    /** The database's own processes. */
    database: {
      url: () => database.url,
      pid: () => Number(readFileSync(path.join(dir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]),
      async kill(signal: NodeJS.Signals) {
        const pid = world.database.pid()
        process.kill(pid, signal)
        for (let i = 0; i < 200 && isAlive(pid); i++) await sleep(50)
      },
      async start() {
        database = await startEmbedded(path.join(dir, 'postgres'), { database: 'chaos' })
        for (const proxy of [databaseProxy, eyes]) proxy.target = portOf(database.url)
      },
    },

    /** One statement by the owner, past every policy; tried again while the database is away. */
    async sql<Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
      for (const end = Date.now() + START_MS; ; await sleep(200)) {
        const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: 2_000 })
        client.on('error', () => {})
        try {
          await client.connect()
          return (await client.query(text, values)).rows as Row[]
        } catch (error) {
          if (Date.now() > end) throw error
        } finally {
          await client.end().catch(() => {})
        }
      }
    },

    /** Makes registries due now: time, shortened. */
    due: (...ids: string[]) =>
      world.sql('UPDATE registry SET due_at = now() WHERE id = ANY($1) AND NOT paused', [ids]),

    /** Another registry of the same packs, due at once. */
    addRegistry: () => add(portOf(registries.hit.url())),

    dump: (id: string) => dumpCatalog(tenantId, id),

    /** What a first sync of the registry as it is now, without any fault, makes of it. */
    async cleanDump(): Promise<string[]> {
      const { runSync } = await import('../../lib/sync/run')
      const { adapterOf } = await import('../../lib/registries/adapter')
      const fresh = await newTenant()
      const id = await add(portOf(registries.hit.url()), fresh.admin)
      // Where a worker is quicker, it is taken from there.
      await runSync(fresh.tenantId, id, adapterOf, new AbortController().signal)
      for (let i = 0; i < 200; i++) {
        const [row] = await world.sql('SELECT run_id, last_outcome FROM registry WHERE id = $1', [id])
        if (row?.last_outcome === 'completed' && !row.run_id) break
        await sleep(100)
      }
      const lines = await dumpCatalog(fresh.tenantId, id)
      await world.sql('DELETE FROM registry WHERE id = $1', [id])
      return lines
    },

    async close() {
      for (const worker of [...workers]) await worker.end('SIGKILL').catch(() => {})
      const { closeDatabase } = await import('../../lib/db/in-tenant')
      await closeDatabase().catch(() => {})
      for (const registry of Object.values(registries)) await registry.end()
      eyes.reset()
      for (const proxy of [databaseProxy, registryProxy]) await proxy.close()
      await database.stop()
      if (isOnSmallDisks) execFileSync('umount', [path.join(dir, 'postgres')], { stdio: 'ignore' })
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return world
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A registry server as a process, which may be ended and started again at the same port with the same data. */
async function startRegistry(dir: string) {
  mkdirSync(dir, { recursive: true })
  const variables = await variablesFor(dir, { [USER]: CANARY, admin: 'writes-1' })
  let running: RegistryProcess = await startRegistryProcess(variables, [], BUILT_REGISTRY)
  const url = running.url
  variables.REGISTRY_HTTP_ADDR = new URL(url).host
  const target = { url, user: 'admin', password: 'writes-1' }
  const digests = new Map<string, string>()
  let count = 0

  const registry = {
    dir,
    data: path.join(dir, 'data'),
    htpasswd: path.join(dir, 'htpasswd-basic'),
    url: () => url,
    running: () => running,
    async push(name: string, version: string, force = false) {
      const input = {
        name,
        version,
        values: `count: ${++count}\n`,
        readme: `# ${name} ${'text '.repeat(2_000)}${count}`,
      }
      digests.set(`${name}@${version}`, await pushPack({ ...target, force }, input))
    },
    async remove(name: string, version: string) {
      await deletePack(target, name, digests.get(`${name}@${version}`) ?? '')
      digests.delete(`${name}@${version}`)
    },
    /** One version more, one with other content, one less. */
    async change() {
      const next = `2.${++count}.0`
      await registry.push('pack-0', next)
      await registry.push('pack-1', '1.0.0', true)
      const older = [...digests.keys()].find((key) => /^pack-0@2\./.test(key) && !key.endsWith(next))
      if (older) await registry.remove('pack-0', older.slice('pack-0@'.length))
    },
    async end(signal: NodeJS.Signals = 'SIGTERM') {
      await running.end(signal)
    },
    async start() {
      running = await startRegistryProcess(variables, [], BUILT_REGISTRY)
    },
  }
  return registry
}
