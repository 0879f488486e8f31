import { randomBytes } from 'node:crypto'
import path from 'node:path'

import pg from 'pg'

// The launcher's own tools, so that the tests run on what people run on.
import { ensureRoles } from '../../tools/database-roles.mjs'
import { startEmbedded } from '../../tools/embedded-database.mjs'
import { migrate } from '../../tools/migrate.mjs'

/** Vitest's global set-up: one embedded PostgreSQL, a fresh database for this run, the console's own logins. */
export default async function setup() {
  const dir = path.resolve('.cache/postgres')
  const server = await startEmbedded(dir, { database: 'postgres' })
  const name = `test_${randomBytes(4).toString('hex')}`
  await admin(server.url, `CREATE DATABASE ${name}`)
  const url = server.urlFor(name)
  await migrate(url)
  const logins = await ensureRoles(url, dir)
  Object.assign(process.env, logins, {
    DATABASE_OWNER_URL: url,
    PACKYARD_SECRET_KEYS: `test:${randomBytes(32).toString('base64')}`,
    NEXTAUTH_SECRET: randomBytes(32).toString('hex'),
    PACKYARD_URL: 'http://127.0.0.1:3000',
    PACKYARD_LOG_LEVEL: process.env.PACKYARD_LOG_LEVEL ?? 'silent',
  })
  return async () => {
    await admin(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    if (!server.reused) await server.stop()
  }
}

async function admin(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}
