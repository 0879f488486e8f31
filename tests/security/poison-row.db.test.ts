import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { makeDatabase } from '../support/database-of-its-own'
import { type Gateway, startGateway } from '../support/gateway'
import { pushPack } from '../support/packs'
import { startTestRegistry, type TestRegistry } from '../support/registry'

const TENANT = 'a'.repeat(24)
let database: Awaited<ReturnType<typeof makeDatabase>>
let registry: TestRegistry
let gateway: Gateway

beforeAll(async () => {
  database = await makeDatabase()
  await database.owner.query(`INSERT INTO tenant (id, name) VALUES ($1, 'Tenant')`, [TENANT])
  registry = await startTestRegistry()
  gateway = await startGateway(registry.url)
  await pushPack({ url: registry.url }, { name: 'dex', version: '1.0.0' })
}, 60_000)
afterAll(async () => {
  await gateway.close()
  await registry.close()
  await database.drop()
})

let made = 0
async function insert(row: Record<string, unknown>): Promise<string> {
  const id = (++made).toString(16).padStart(24, '0')
  const all = {
    id,
    tenant_id: TENANT,
    name: id,
    kind: 'pack',
    endpoint: gateway.url,
    auth_type: 'none',
    ...row,
  }
  const names = Object.keys(all)
  await database.owner.query(
    `INSERT INTO registry (${names.join(', ')}, due_at, requested_by)
     VALUES (${names.map((_, at) => `$${at + 1}`).join(', ')}, now(), 'created')`,
    Object.values(all),
  )
  return id
}

const POISON: Record<string, unknown>[] = [
  { sync_every_minutes: 0 },
  { sync_every_minutes: -5 },
  { sync_every_minutes: 2_147_483_647 },
  { kind: 'none' },
  { kind: 'oci', provider_type: 'none' },
  { auth_type: 'none of them' },
]

test.each(POISON)('the database takes no registry with %o', async (row) => {
  await expect(insert(row)).rejects.toThrow(/violates check constraint/)
})

test('one row that nobody could have entered stops no other registry and no worker', async () => {
  const { rows } = await database.owner.query(
    `SELECT conname FROM pg_constraint WHERE conrelid = 'registry'::regclass AND contype = 'c' AND conname !~ 'uid$'`,
  )
  for (const { conname } of rows)
    await database.owner.query(`ALTER TABLE registry DROP CONSTRAINT ${conname}`)
  const bad: string[] = []
  for (const row of [
    ...POISON,
    { endpoint: 'no address' },
    { endpoint: '' },
    { ca: 'no certificate', endpoint: 'https://127.0.0.1:1' },
    { auth_type: 'basic', username: 'ada', sealed_secret: 'not sealed' },
    { auth_type: 'token', sealed_secret: 'v2.none.AAAA' },
    {
      kind: 'oci',
      provider_type: 'pack',
      token_server: 'no address',
      auth_type: 'basic',
      sealed_secret: 'v2..',
    },
  ])
    bad.push(await insert(row))
  const good = [await insert({}), await insert({})]
  const worker = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    env: { ...process.env, ...database.settings, PACKYARD_LOG_LEVEL: 'silent' } as NodeJS.ProcessEnv,
    stdio: 'ignore',
  })
  const exited = once(worker, 'exit')
  try {
    const outcomes = async (ids: string[]) =>
      (await database.owner.query('SELECT last_outcome FROM registry WHERE id = ANY($1)', [ids])).rows.map(
        (one) => one.last_outcome,
      )
    await expect.poll(() => outcomes(good), { timeout: 30_000 }).toEqual(['completed', 'completed'])
    // Each bad one has had its turn, and says how it went; it is not tried over and over.
    await expect
      .poll(async () => (await outcomes(bad)).filter((one) => one === 'never').length, { timeout: 30_000 })
      .toBe(0)
    await new Promise((done) => setTimeout(done, 5_000))
    const { rows: runs } = await database.owner.query(
      'SELECT registry_id, count(*)::int AS runs FROM sync_run GROUP BY 1 ORDER BY 2 DESC',
    )
    expect(runs[0].runs).toBeLessThanOrEqual(2)
    const later = await insert({})
    await expect.poll(() => outcomes([later]), { timeout: 15_000 }).toEqual(['completed'])
    expect(worker.exitCode).toBeNull()
  } finally {
    worker.kill('SIGTERM')
    await exited
  }
}, 90_000)
