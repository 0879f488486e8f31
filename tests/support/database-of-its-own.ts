import { randomBytes } from 'node:crypto'
import path from 'node:path'

import pg from 'pg'

import { ensureRoles } from '../../tools/database-roles.mjs'
import { migrate } from '../../tools/migrate.mjs'

/** A database beside that of the other tests, for what looks at every tenant's rows. @returns settings for a process */
export async function makeDatabase(): Promise<{
  settings: Record<string, string>
  owner: pg.Pool
  drop(): Promise<void>
}> {
  const name = `test_${randomBytes(4).toString('hex')}`
  const beside = new URL(process.env.DATABASE_OWNER_URL ?? '')
  const admin = new pg.Client({ connectionString: beside.href })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(beside)
  url.pathname = `/${name}`
  await migrate(url.href)
  const logins = await ensureRoles(url.href, path.resolve('.cache/postgres'))
  const owner = new pg.Pool({ connectionString: url.href, max: 4 })
  owner.on('error', () => {}) // a test may break its connections
  return {
    settings: { ...logins },
    owner,
    async drop() {
      await owner.end()
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}
