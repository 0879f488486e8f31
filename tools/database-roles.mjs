// The console's own logins. They own nothing, so that row-level security holds for them: for a superuser or an owner
// it would do nothing. See docs/decisions/0003-tenant-isolation.md
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'

const LOGINS = {
  app: { role: 'packyard_app', memberOf: 'packyard_tenant' },
  system: { role: 'packyard_operator', memberOf: 'packyard_system' },
  jobs: { role: 'packyard_jobs', memberOf: null },
}

/** Whoever is no superuser gives a schema away only to a role that they are a member of. */
async function ensureJobsSchema(client, role) {
  const { rowCount } = await client.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'jobs'`)
  if (rowCount) return
  const { rows } = await client.query('SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER')
  const isSuperuser = rows[0].rolsuper
  if (!isSuperuser) await client.query(`GRANT ${role} TO CURRENT_USER`)
  await client.query(`CREATE SCHEMA jobs AUTHORIZATION ${role}`)
  if (!isSuperuser) await client.query(`REVOKE ${role} FROM CURRENT_USER`)
}

/**
 * Makes the login roles with passwords of our own, kept in one file, and the schema of the job queue.
 *
 * @param {string} url of a role that may make roles
 * @param {string} dataDir keeps `database-logins.json`, mode 0600
 * @returns {Promise<{DATABASE_APP_URL: string, DATABASE_SYSTEM_URL: string, DATABASE_JOBS_URL: string}>}
 */
export async function ensureRoles(url, dataDir) {
  const file = path.join(dataDir, 'database-logins.json')
  const passwords = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : Object.fromEntries(Object.keys(LOGINS).map((name) => [name, randomBytes(24).toString('base64url')]))
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(passwords)}\n`, { mode: 0o600 })

  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const [name, { role, memberOf }] of Object.entries(LOGINS)) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
      await client.query(
        `${rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(passwords[name])}`,
      )
      if (memberOf) await client.query(`GRANT ${memberOf} TO ${role}`)
    }
    await ensureJobsSchema(client, LOGINS.jobs.role)
  } finally {
    await client.end()
  }

  const as = (name) => {
    const login = new URL(url)
    login.username = LOGINS[name].role
    login.password = passwords[name]
    return login.href
  }
  return { DATABASE_APP_URL: as('app'), DATABASE_SYSTEM_URL: as('system'), DATABASE_JOBS_URL: as('jobs') }
}
