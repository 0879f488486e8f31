// `npm run -s reset-admin`: gives the first admin a new password and prints it. Ends the sessions made with the old one.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { build, PROGRAM_STEPS } from './build.mjs'
import { renewPassword } from './launcher/first-start.mjs'
import { readKept, writeKept } from './launcher/keep.mjs'
import { environmentOf, openDoor, prepareDatabase } from './launcher/prepare.mjs'
import { ensureSecrets, makePassword } from './launcher/secrets.mjs'
import { loadEnvFile, readSettings } from './launcher/settings.mjs'

async function resetAdmin(email) {
  loadEnvFile()
  const settings = readSettings(process.env)
  if (!existsSync(settings.dataDir))
    throw new Error(`There is nothing at ${settings.dataDir} yet. npm run up makes it.`)
  await build(() => {}, PROGRAM_STEPS)
  const { secrets } = ensureSecrets(settings.dataDir, process.env)
  const database = await prepareDatabase(settings)
  try {
    const door = await openDoor(environmentOf(settings, database.logins, secrets))
    const password = makePassword()
    const admin = await door.resetAdmin(password, email)
    await door.closeDatabase()
    // Before the first sign-in, npm run up still prints a password: let it be this one.
    const file = path.join(settings.dataDir, 'launcher.json')
    const state = readKept(file)
    if (!state.signedIn && !email) {
      writeKept(file, { ...state, adminPassword: password })
      renewPassword(settings.dataDir, admin.email, password)
    }
    return { email: admin.email, password }
  } finally {
    // Another process's is left running.
    if (!database.reused) await database.stop()
  }
}

const { values } = parseArgs({ options: { email: { type: 'string' } } })
try {
  const { email, password } = await resetAdmin(values.email)
  console.log(`Email     ${email}\nPassword  ${password}`)
} catch (error) {
  // Several attempts that failed together (an AggregateError) have no message of their own.
  console.error(error.message || error)
  process.exitCode = 1
}
