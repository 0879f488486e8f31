// The pack registry that comes with the console: its program, its login, and the sample packs of its first start.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import bcrypt from 'bcryptjs'
import { writePrivate } from './keep.mjs'
import { ROOT } from './settings.mjs'

const USERNAME = 'admin'
const BCRYPT_COST = 10
const PUSH_TIMEOUT_MS = 3 * 60_000
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR']

/**
 * How to start it. Its environment holds nothing of the console's but where to tell it of changes.
 *
 * @param {{url: string, secret: string} | null} hook where the console takes notifications, and what signs them
 */
export async function bundledRegistry({ dataDir, registryAddress, registryEndpoint }, password, hook) {
  const folder = path.join(dataDir, 'registry')
  const data = path.join(folder, 'data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const htpasswd = path.join(folder, 'htpasswd')
  await ensureUser(htpasswd, password)
  return {
    args: ['dist/packyard-registry.mjs', 'serve'],
    env: {
      ...Object.fromEntries(
        PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
      ),
      REGISTRY_AUTH: 'htpasswd',
      REGISTRY_AUTH_HTPASSWD_REALM: 'Packyard',
      REGISTRY_AUTH_HTPASSWD_PATH: htpasswd,
      REGISTRY_HTTP_ADDR: registryAddress,
      REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: data,
      ...(hook && {
        REGISTRY_NOTIFICATIONS_ENDPOINTS_0_NAME: 'console',
        REGISTRY_NOTIFICATIONS_ENDPOINTS_0_URL: hook.url,
        REGISTRY_NOTIFICATIONS_ENDPOINTS_0_SECRET: hook.secret,
        // The console is started after it, and takes its time at the first start.
        REGISTRY_NOTIFICATIONS_ENDPOINTS_0_THRESHOLD: '60',
      }),
    },
    bundled: {
      endpoint: registryEndpoint,
      server: new URL(registryEndpoint).host,
      username: USERNAME,
      password,
    },
    home: path.join(folder, 'login'),
  }
}

/** Writes our user's line. Lines that somebody added stay. */
async function ensureUser(file, password) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  const isOurs = (line) => line.startsWith(`${USERNAME}:`)
  const held = lines.find(isOurs)
  if (held && (await bcrypt.compare(password, held.slice(USERNAME.length + 1)))) return
  const ours = `${USERNAME}:${await bcrypt.hash(password, BCRYPT_COST)}`
  writePrivate(file, `${[ours, ...lines.filter((line) => !isOurs(line))].join('\n')}\n`)
}

/**
 * Once: pushes the sample packs. At a later start only what failed before is tried again.
 *
 * @param {AbortSignal} signal ends it
 * @returns {Promise<string[]>} the warnings
 */
export async function pushSamplePacks({ door, bundled, home, state, save, signal }) {
  if (state.samplePacksPushed) return []
  const folder = path.join(ROOT, 'packs')
  const directories = readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name))
    .filter((directory) => existsSync(path.join(directory, 'pack.json')))
  const within = AbortSignal.any([signal, AbortSignal.timeout(PUSH_TIMEOUT_MS)])
  const failed = await door.pushPacks(bundled, directories, home, within)
  if (failed.length === 0) save({ samplePacksPushed: true })
  return failed.map(({ directory, reason }) => `${path.relative(ROOT, directory)} was not pushed: ${reason}`)
}

/**
 * Once: adds the registry to the console as *Sample packs*. Whoever deletes it there does not get it back. When its
 * port has changed since, the console follows.
 *
 * @returns {Promise<string>} what was done, for people; empty for nothing
 */
export async function offerSamplePacks({ door, bundled, tenantId, state, save }) {
  const { samplePacks } = state
  const { endpoint } = bundled
  if (!samplePacks) {
    const id = await door.addSamplePacks(tenantId, bundled, state.samplePacksId)
    save({ samplePacks: { id, endpoint } })
    return id
      ? 'added to the console'
      : 'a registry of this name is in the console already and stays as it is'
  }
  if (!samplePacks.id || samplePacks.endpoint === endpoint) return ''
  const isMoved = await door.moveSamplePacks(tenantId, samplePacks.id, samplePacks.endpoint, bundled)
  save({ samplePacks: { ...samplePacks, endpoint } })
  return isMoved ? `now at ${endpoint}` : ''
}

/**
 * Has the console take what the bundled registry tells it: once, and again while it is on, since the registry starts
 * with the launcher's secret. Whoever turned it off does not get it back.
 */
export async function letItNotify({ door, tenantId, hook, state, save }) {
  const id = state.samplePacks?.id
  if (!id || !hook) return
  await door.letNotify(tenantId, id, hook.secret, !state.samplePacksNotify)
  if (!state.samplePacksNotify) save({ samplePacksNotify: true })
}
