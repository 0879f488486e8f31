import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { makeDatabase } from '../tests/support/database-of-its-own'
import { type Gateway, startGateway } from '../tests/support/gateway'
import { pushPack } from '../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../tests/support/registry'

const TENANT = 'a'.repeat(24)

let database: Awaited<ReturnType<typeof makeDatabase>>
let registry: TestRegistry
let gateway: Gateway
const workers: Worker[] = []

interface Worker {
  process: ChildProcess
  lines: Record<string, unknown>[]
  ended: Promise<[number | null, NodeJS.Signals | null]>
}

/** Starts the worker as people do, and waits until it is up. */
async function startWorker(): Promise<Worker> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    env: { ...process.env, ...database.settings, PACKYARD_LOG_LEVEL: 'info' } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit') as Worker['ended']
  const worker: Worker = { process: child, lines: [], ended }
  workers.push(worker)
  let rest = ''
  child.stdout.on('data', (chunk) => {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    worker.lines.push(...lines.map((line) => JSON.parse(line)))
  })
  await until(async () => worker.lines.some((one) => one.event === 'worker-up'), 20_000)
  return worker
}

async function until(holds: () => Promise<boolean>, ms: number): Promise<number> {
  const began = Date.now()
  while (!(await holds())) {
    if (Date.now() - began > ms) throw new Error(`It did not come true within ${ms} ms`)
    await new Promise((done) => setTimeout(done, 20))
  }
  return Date.now() - began
}

let made = 0
/** A registry as `addRegistry` leaves it: due now. */
async function addRegistry(endpoint = gateway.url): Promise<string> {
  const id = (++made).toString(16).padStart(24, '0')
  await database.owner.query(
    `INSERT INTO registry (id, tenant_id, name, kind, endpoint, auth_type, due_at, requested_by)
     VALUES ($1, $2, $1, 'pack', $3, 'none', now(), 'created')`,
    [id, TENANT, endpoint],
  )
  return id
}
const read = async (id: string) =>
  (await database.owner.query('SELECT * FROM registry WHERE id = $1', [id])).rows[0]
const runs = async (id: string) =>
  (await database.owner.query('SELECT * FROM sync_run WHERE registry_id = $1 ORDER BY started_at, id', [id]))
    .rows

beforeAll(async () => {
  database = await makeDatabase()
  await database.owner.query(`INSERT INTO tenant (id, name) VALUES ($1, 'Tenant')`, [TENANT])
  registry = await startTestRegistry()
  await pushPack({ url: registry.url }, { name: 'dex', version: '1.0.0' })
}, 60_000)
beforeEach(async () => {
  gateway = await startGateway(registry.url)
})
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.process.kill('SIGKILL')
    await worker.ended
  }
  await gateway.close()
  await database.owner.query('DELETE FROM registry')
})
afterAll(async () => {
  await registry.close()
  await database.drop()
})

/** A registry that takes the question for a pack and never answers it. */
const hang = () => {
  gateway.instead = ({ path }) => path.includes('/_packyard/contents')
}

test('a registry just added is taken up within two seconds, by one of two workers, with one listing', async () => {
  const both = await Promise.all([startWorker(), startWorker()])
  const id = await addRegistry()
  await until(async () => (await read(id)).last_outcome === 'completed', 15_000)
  const [run, ...others] = await runs(id)
  expect(others).toEqual([])
  expect(run).toMatchObject({ outcome: 'completed', trigger: 'created', added: 1 })
  const { created_at: created, last_run_at: began } = await read(id)
  expect(began - created).toBeLessThan(2_000)
  expect(gateway.seen.filter((one) => one.path.includes('_packyard/catalog'))).toHaveLength(1)
  expect(both.flatMap((one) => one.lines).filter((one) => one.event === 'sync')).toHaveLength(1)
}, 60_000)

test('a worker that is told to end gives its sync back within seconds, and another goes on at once', async () => {
  const first = await startWorker()
  hang()
  const id = await addRegistry()
  await until(async () => gateway.seen.some((one) => one.path.includes('/_packyard/contents')), 5_000)
  const began = Date.now()
  first.process.kill('SIGTERM')
  expect(await first.ended).toEqual([0, null])
  expect(Date.now() - began).toBeLessThan(5_000)
  expect(await read(id)).toMatchObject({ run_id: null, requested_by: 'created', last_outcome: 'never' })
  expect(await runs(id)).toMatchObject([{ outcome: 'abandoned' }])
  gateway.instead = () => false
  await startWorker()
  await until(async () => (await read(id)).last_outcome === 'completed', 5_000)
}, 60_000)

test('what a killed worker had is taken over by another within twenty seconds, and by none that is too early', async () => {
  const first = await startWorker()
  hang()
  const id = await addRegistry()
  await until(async () => gateway.seen.some((one) => one.path.includes('/_packyard/contents')), 5_000)
  first.process.kill('SIGKILL')
  await first.ended
  gateway.instead = () => false
  await startWorker()
  await new Promise((done) => setTimeout(done, 2_000))
  expect(await runs(id)).toMatchObject([{ outcome: 'running' }])
  await until(async () => (await read(id)).last_outcome === 'completed', 18_000)
  expect(await runs(id)).toMatchObject([{ outcome: 'abandoned' }, { outcome: 'completed', added: 1 }])
}, 90_000)

test('a database that breaks off its connections ends no worker, and work goes on', async () => {
  const worker = await startWorker()
  for (let i = 0; i < 3; i++) {
    await database.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    await new Promise((done) => setTimeout(done, 400))
  }
  const id = await addRegistry()
  await until(async () => (await read(id)).last_outcome === 'completed', 15_000)
  expect(worker.process.exitCode).toBeNull()
}, 60_000)

test('a registry that hangs keeps none of the others waiting', async () => {
  await startWorker()
  hang()
  await addRegistry()
  const ids = await Promise.all(Array.from({ length: 6 }, () => addRegistry(registry.url)))
  await until(
    async () => (await Promise.all(ids.map(read))).every((one) => one.last_outcome === 'completed'),
    8_000,
  )
}, 60_000)
