// What every program needs before it starts: the database with its roles, the secrets, and the door to the verbs.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ensureRoles } from '../database-roles.mjs'
import { startEmbedded } from '../embedded-database.mjs'
import { migrate } from '../migrate.mjs'
import { identify } from './process-identity.mjs'
import { ROOT, StartError } from './settings.mjs'

/**
 * The database, running and migrated.
 *
 * @returns the environment of the programs, without the superuser's URL; and how to end what was started
 */
export async function prepareDatabase({ databaseUrl, dataDir }) {
  const folder = path.join(dataDir, 'postgres')
  const database = databaseUrl
    ? { url: databaseUrl, stop: async () => {}, reused: true }
    : await startEmbedded(folder)
  try {
    const applied = await migrate(database.url, path.join(ROOT, 'prisma/migrations'))
    const logins = await ensureRoles(database.url, dataDir)
    return {
      applied,
      logins,
      stop: database.stop,
      reused: database.reused,
      identity: identityOf(databaseUrl, folder),
    }
  } catch (error) {
    await database.stop()
    if (!databaseUrl) throw error
    throw new StartError(
      `The database of DATABASE_URL cannot be used: ${error.message}. The role in it has to own the database, and to be allowed to make roles.`,
      { cause: error },
    )
  }
}

function identityOf(databaseUrl, folder) {
  if (databaseUrl) return null
  const [pid] = readFileSync(path.join(folder, 'data/postmaster.pid'), 'utf8').split('\n')
  // SIGINT is PostgreSQL's fast shutdown: SIGTERM waits for its clients.
  return { name: 'database', ...identify(Number(pid)), signal: 'SIGINT' }
}

/** Settings that are for the launcher: the parts do not get them. */
const OWN = [
  'DATABASE_URL',
  'PACKYARD_ADMIN_EMAIL',
  'PACKYARD_ADMIN_PASSWORD',
  'PACKYARD_DATA_DIR',
  'HOST',
  'PORT',
]

/** The environment of the console and the worker. */
export function environmentOf(settings, logins, secrets) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !OWN.includes(name) && !name.startsWith('npm_') && name !== 'NODE_CHANNEL_FD',
  )
  return {
    ...Object.fromEntries(inherited),
    ...logins,
    NEXTAUTH_SECRET: secrets.NEXTAUTH_SECRET,
    NEXTAUTH_URL: settings.url,
    NEXT_TELEMETRY_DISABLED: '1',
    PACKYARD_SECRET_KEYS: secrets.PACKYARD_SECRET_KEYS,
    PACKYARD_SECRET_KEYS_FILE: secrets.PACKYARD_SECRET_KEYS_FILE,
    PACKYARD_URL: settings.url,
  }
}

/** The verbs, in this process: they read the environment, so it is set first. */
export async function openDoor(env) {
  Object.assign(process.env, env, { PACKYARD_LOG_LEVEL: 'warn' })
  return (await import(new URL('dist/launcher.mjs', `file://${ROOT}`).href)).door
}
