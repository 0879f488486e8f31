// Applies the migrations, as `prisma migrate deploy` does, without its engine: the same table, checksums and lock,
// so that `prisma migrate` agrees everywhere and production needs no CLI.
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'

const PRISMA_LOCK = 72_707_369

/**
 * @param {string} url of a role that owns the schema and may make roles
 * @returns {Promise<string[]>} the names of the migrations applied now
 */
export async function migrate(url, dir = 'prisma/migrations') {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK])
    await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`)
    const { rows } = await client.query(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    const failed = rows.find((row) => !row.finished_at)
    if (failed)
      throw new Error(
        `Migration ${failed.migration_name} failed earlier. Mend its cause, then run "prisma migrate resolve --rolled-back ${failed.migration_name}".`,
      )
    const held = new Map(rows.map((row) => [row.migration_name, row.checksum]))
    const applied = []
    for (const name of readdirSync(dir).sort()) {
      const file = path.join(dir, name, 'migration.sql')
      if (!existsSync(file)) continue
      const sql = readFileSync(file)
      const checksum = createHash('sha256').update(sql).digest('hex')
      if (held.has(name)) {
        if (held.get(name) !== checksum)
          throw new Error(`Migration ${name} was changed after it was applied.`)
        continue
      }
      // Whole or not at all, its note too: one that failed or was killed is tried again at the next start.
      await client.query('BEGIN')
      try {
        await client.query(sql.toString('utf8'))
        await client.query(
          `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
           VALUES ($1, $2, $3, clock_timestamp(), 1)`,
          [randomUUID(), checksum, name],
        )
        await client.query('COMMIT')
      } catch (error) {
        // Where the connection broke there is nothing left to take back.
        await client.query('ROLLBACK').catch(() => {})
        throw new Error(`Migration ${name} failed: ${error.message}`, { cause: error })
      }
      applied.push(name)
    }
    return applied
  } finally {
    await client.end()
  }
}
