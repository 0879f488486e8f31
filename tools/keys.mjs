// `npm run keys -- list|add|promote|reseal|retire`: the keys that seal the passwords of registries, while all runs.
import { existsSync } from 'node:fs'
import { build, PROGRAM_STEPS } from './build.mjs'
import { environmentOf, prepareDatabase } from './launcher/prepare.mjs'
import { ensureSecrets } from './launcher/secrets.mjs'
import { loadEnvFile, readSettings } from './launcher/settings.mjs'

const args = process.argv.slice(2)
/** What needs neither keys nor a database. */
const isQuestion = args.length === 0 || args.some((arg) => ['-h', '--help'].includes(arg))

async function changeKeys() {
  loadEnvFile()
  const settings = readSettings(process.env)
  if (!existsSync(settings.dataDir))
    throw new Error(`There is nothing at ${settings.dataDir} yet. npm run up makes it.`)
  await build(() => {}, PROGRAM_STEPS)
  const { secrets } = ensureSecrets(settings.dataDir, process.env)
  const database = await prepareDatabase(settings)
  try {
    Object.assign(process.env, environmentOf(settings, database.logins, secrets), {
      PACKYARD_LOG_LEVEL: 'warn',
    })
    await import('../dist/keys.mjs')
  } finally {
    // Another process's is left running.
    if (!database.reused) await database.stop()
  }
}

async function explain() {
  await build(() => {}, PROGRAM_STEPS)
  await import('../dist/keys.mjs')
}

try {
  await (isQuestion ? explain() : changeKeys())
} catch (error) {
  // Several attempts that failed together (an AggregateError) have no message of their own.
  console.error(error.message || error)
  process.exitCode = 1
}
