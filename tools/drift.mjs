// Fails unless Prisma says in words that the migrations make the schema: `migrate diff --exit-code` also exits 0
// when its engine crashed.
import { spawnSync } from 'node:child_process'
import { startEmbedded } from './embedded-database.mjs'

const database = await startEmbedded('.cache/postgres', { database: 'drift' })
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [
    ...['tools/prisma.mjs', 'migrate', 'diff', '--from-migrations', 'prisma/migrations'],
    ...['--to-schema', 'prisma/schema.prisma', '--exit-code'],
  ],
  { encoding: 'utf8', timeout: 90_000, env: { ...process.env, DATABASE_URL: database.url } },
)
if (!database.reused) await database.stop()
const agrees = status === 0 && stdout.includes('No difference detected')
process.stdout.write(agrees ? 'The migrations make prisma/schema.prisma.\n' : `${stdout}${stderr}`)
process.exit(agrees ? 0 : status || 1)
