import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { ensureRoles } from '../../tools/database-roles.mjs'
import { startEmbedded } from '../../tools/embedded-database.mjs'
import { migrate } from '../../tools/migrate.mjs'

// Roles belong to a whole server: these need one where nobody has made them.
let dir: string
let server: Awaited<ReturnType<typeof startEmbedded>>
let url: string

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'packyard-owner-'))
  server = await startEmbedded(path.join(dir, 'postgres'))
  await query(server.url, `CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'o w/n'`)
  await query(server.url, 'CREATE DATABASE owned OWNER owner')
  const owned = new URL(server.urlFor('owned'))
  owned.username = 'owner'
  owned.password = 'o w/n'
  url = owned.href
}, 120_000)

afterAll(async () => {
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
}, 60_000)

async function query(at: string, sql: string) {
  const client = new pg.Client({ connectionString: at })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('a role that owns the database and may make roles is enough, at the first start and at the next', async () => {
  for (const applied of [true, false]) {
    expect((await migrate(url)).length > 0).toBe(applied)
    const logins = await ensureRoles(url, dir)
    for (const login of Object.values(logins))
      expect(await query(login, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await query(logins.DATABASE_JOBS_URL, 'CREATE TABLE IF NOT EXISTS jobs.probe (n int)')
  }
  // What making the schema took is given back.
  const [row] = await query(url, `SELECT pg_has_role('owner', 'packyard_jobs', 'SET') AS may`)
  expect(row).toEqual({ may: false })
})

test('a migration that failed has done nothing, and is tried again at the next start', async () => {
  const migrations = path.join(dir, 'migrations')
  const write = (sql: string) => {
    mkdirSync(path.join(migrations, '1_first'), { recursive: true })
    writeFileSync(path.join(migrations, '1_first', 'migration.sql'), sql)
  }
  await query(server.url, 'CREATE DATABASE migrated')
  const at = server.urlFor('migrated')
  write('CREATE TABLE one (n int); CREATE TABLE two (n nonsense);')
  await expect(migrate(at, migrations)).rejects.toThrow(/Migration 1_first failed: type "nonsense"/)
  write('CREATE TABLE one (n int); CREATE TABLE two (n int);')
  expect(await migrate(at, migrations)).toEqual(['1_first'])
  expect(await migrate(at, migrations)).toEqual([])
})
