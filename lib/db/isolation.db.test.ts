import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { newUid } from '../uid'
import { asOperator, closeDatabase, inTenant, sqlInTenant } from './in-tenant'

const [ours, theirs] = [newUid(), newUid()]
const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL })

beforeAll(async () => {
  await owner.connect()
  await asOperator().tenant.createMany({
    data: [
      { id: ours, name: `ours-${ours}` },
      { id: theirs, name: `theirs-${theirs}` },
    ],
  })
  await asOperator().project.createMany({
    data: [
      { id: newUid(), tenantId: ours, name: 'Default' },
      { id: newUid(), tenantId: theirs, name: 'Default' },
    ],
  })
})
afterAll(async () => {
  await owner.end()
  await closeDatabase()
})

test("another tenant's row is not there, by Prisma or by SQL", async () => {
  expect(await inTenant(ours).project.findMany({ where: { tenantId: theirs } })).toEqual([])
  const { rows } = await sqlInTenant(ours).query('SELECT tenant_id FROM project')
  expect(rows).toEqual([{ tenant_id: ours }])
})

test('a row for another tenant is refused', async () => {
  await expect(
    inTenant(ours).project.create({ data: { id: newUid(), tenantId: theirs, name: 'Planted' } }),
  ).rejects.toThrow(/row-level security/)
})

test('many reads at once never see the other tenant', async () => {
  const reads = Array.from({ length: 100 }, (_, i) => inTenant(i % 2 ? ours : theirs).project.findMany())
  const seen = await Promise.all(reads)
  seen.forEach((rows, i) => {
    expect(rows.map((row) => row.tenantId)).toEqual([i % 2 ? ours : theirs])
  })
})

test('without a tenant there are no rows', async () => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_APP_URL })
  await client.connect()
  const { rows } = await client.query('SELECT count(*)::int AS n FROM project')
  await client.end()
  expect(rows).toEqual([{ n: 0 }])
})

test('every table with a tenant is guarded for owner and login alike', async () => {
  const { rows } = await owner.query(`
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
           array(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY 1) AS policies
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`)
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) expect(row).toMatchObject({ forced: true, policies: ['system', 'tenant'] })
})

test('the logins own nothing and cannot become anybody else', async () => {
  const { rows } = await owner.query(
    `SELECT rolname FROM pg_roles WHERE rolname LIKE 'packyard%' AND (rolsuper OR rolbypassrls OR rolcreaterole)`,
  )
  expect(rows).toEqual([])
})
