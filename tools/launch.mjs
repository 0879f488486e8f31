// Starts every part in order, watches over them and ends them in the other order. tools/up.mjs starts this, with what
// it needs installed and built.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import {
  bundledRegistry,
  letItNotify,
  offerSamplePacks,
  pushSamplePacks,
} from './launcher/bundled-registry.mjs'
import { firstStartText, keepFirstStart, markSignedIn } from './launcher/first-start.mjs'
import { readKept, writeKept } from './launcher/keep.mjs'
import { howItEnded, startPart } from './launcher/part.mjs'
import { environmentOf, openDoor, prepareDatabase } from './launcher/prepare.mjs'
import { identify } from './launcher/process-identity.mjs'
import { ensureSecrets, makePassword } from './launcher/secrets.mjs'
import { loadEnvFile, ROOT, readSettings, StartError } from './launcher/settings.mjs'
import { WORKER_MEMORY } from './launcher/worker-memory.mjs'

const ADMIN_EMAIL = 'admin@packyard.local'
const WATCH_SIGN_IN_MS = 5_000
const RESTARTS = 5
const FIRST_RESTART_MS = 1_000
const SETTLED_MS = 5 * 60_000

const dev = process.argv[2] === 'dev'
const label = (name) => name.padEnd(12)
const say = (name, text) => console.log(`${label(name)} ${text}`)
const warn = (line) => console.error(`  ${line}`)

/** How to end what runs, in the order of its start. */
const ends = []
const parts = new Map()
const me = { name: 'launcher', ...identify(process.pid) }
const ending = new AbortController()
let stopping = false
let stopped
let exitCode = 0

/** Ends everything in order, once, and this process with it. */
function stop(code = 0) {
  exitCode ||= code
  stopped ??= (async () => {
    stopping = true
    ending.abort()
    for (;;) {
      const end = ends.pop()
      if (!end) process.exit(exitCode)
      await end().catch((error) => warn(error.message))
    }
  })()
  return stopped
}

/** Tells whoever cleans up, should this process be killed. */
function tell() {
  const database = parts.get('database')
  const others = [...parts.values()].filter((part) => part !== database)
  if (process.connected) process.send({ parts: [me, ...others, ...(database ? [database] : [])] })
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (!stopping) console.log('\nEnding.')
    stop()
  })
process.on('disconnect', () => stop())
// A terminal that was closed takes nothing any more; the end goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

function start(name, args, env, cwd = ROOT) {
  const part = startPart({ name, node: process.execPath, args, env, cwd, logDir, say: warn })
  parts.set(name, part.identity)
  tell()
  return part
}

/** A part without which nothing works: when it ends by itself, everything ends. */
function need(part) {
  ends.push(() => part.stop())
  part.ended.then((how) => {
    if (stopping) return
    console.error(`\nThe ${part.name} has ended (${howItEnded(how)}). Its last lines:\n${part.tail()}\n`)
    console.error(`Its log is ${path.join(logDir, `${part.name}.log`)}`)
    stop(1)
  })
  return part
}

/** A part that takes up its work again after a crash. */
async function keepUp(begin, isReady) {
  let part = begin()
  ends.push(() => part.stop())
  await isReady(part)
  const watch = async () => {
    for (let restarts = 0; ; ) {
      const since = Date.now()
      const how = await part.ended
      if (stopping) return
      restarts = Date.now() - since > SETTLED_MS ? 1 : restarts + 1
      if (restarts > RESTARTS) {
        console.error(
          `\nThe ${part.name} ends again and again (${howItEnded(how)}). Its last lines:\n${part.tail()}\n`,
        )
        return stop(1)
      }
      const pause = FIRST_RESTART_MS * 2 ** (restarts - 1)
      warn(`${part.name}: ended (${howItEnded(how)}); started again in ${pause / 1000} s`)
      await new Promise((resolve) => setTimeout(resolve, pause))
      if (stopping) return
      part = begin()
    }
  }
  watch()
}

/** Made by the first start, or by somebody's settings. */
async function ensureAdmin(door, state, save) {
  const email = process.env.PACKYARD_ADMIN_EMAIL || ADMIN_EMAIL
  const given = process.env.PACKYARD_ADMIN_PASSWORD
  // Kept before it is used: a start that is interrupted here must not lose it.
  const password = given || state.adminPassword || makePassword()
  const held = await door.readFirstAdmin()
  if (held) return held
  if (!given) save({ adminPassword: password })
  await door.makeFirstAdmin({ email, password })
  if (given) save({ adminPassword: undefined, adminPasswordGiven: true })
  say('First admin', `${email} was made`)
  return door.readFirstAdmin()
}

loadEnvFile()
const settings = readSettings(process.env, { dev })
const { dataDir } = settings
const logDir = path.join(dataDir, 'logs')
const stateFile = path.join(dataDir, 'launcher.json')
const state = readKept(stateFile)
const save = (change) => writeKept(stateFile, Object.assign(state, change))

async function startAll() {
  mkdirSync(logDir, { recursive: true, mode: 0o700 })
  const { secrets, file, made } = ensureSecrets(dataDir, process.env)
  if (made) say('Secrets', `made, in ${file}`)

  const database = await prepareDatabase(settings)
  ends.push(database.stop)
  if (database.identity) parts.set('database', database.identity)
  tell()
  const applied = database.applied.length
  say(
    'Database',
    `${settings.databaseUrl ? 'connected' : 'up'}${applied > 0 ? `, ${applied} migrations applied` : ''}`,
  )
  if (stopping) return

  const env = environmentOf(settings, database.logins, secrets)
  const door = await openDoor(env)
  ends.push(() => door.closeDatabase())
  const admin = await ensureAdmin(door, state, save)
  if (stopping) return

  const hook = hookOf(door, secrets.registryHook)
  const {
    args,
    bundled,
    home,
    env: registryEnv,
  } = await bundledRegistry(settings, secrets.registryPassword, hook)
  await need(start('registry', dev ? fresh('registry/main.ts', 'serve') : args, registryEnv)).answersAt(
    `${bundled.endpoint}/health`,
  )
  say('Registry', `up at http://${settings.registryServer}`)
  if (stopping) return
  await samplePacks({ door, bundled, home, hook, tenantId: admin.tenantId })
  if (stopping) return

  await keepUp(
    () => start('worker', dev ? fresh('worker/main.ts') : ['dist/worker.mjs'], { ...WORKER_MEMORY, ...env }),
    (part) => part.logs('worker-up'),
  )
  say('Worker', 'up')
  if (stopping) return

  const { host, port, url } = settings
  const local = localConsole()
  const serverEnv = {
    ...env,
    HOSTNAME: host,
    PORT: String(port),
    NODE_ENV: dev ? 'development' : 'production',
  }
  const web = dev
    ? start('console', ['node_modules/next/dist/bin/next', 'dev', '-H', host, '-p', String(port)], serverEnv)
    : start('console', ['server.js'], serverEnv, path.join(ROOT, 'dist/console'))
  await need(web).answersAt(`${local.origin}/readyz`)
  say('Console', `up at ${url}`)

  const { username, password } = bundled
  if (dev) await devWorld(admin.tenantId, bundled)
  await sayFirstStart(door, { url, registry: { server: settings.registryServer, username, password } })
}

/** Where the console answers on this machine. */
function localConsole() {
  const local = new URL(settings.registryEndpoint)
  local.port = String(settings.port)
  return local
}

/** Where the bundled registry tells the console of changes; null where it is not in the console. */
function hookOf(door, secret) {
  if (!state.samplePacks && !state.samplePacksId) save({ samplePacksId: door.makeUid() })
  const id = state.samplePacks ? state.samplePacks.id : state.samplePacksId
  return id && { url: `${localConsole().origin}/v1/packyard/hooks/registries/${id}`, secret }
}

/** How development runs a program: from its source, begun anew when that changes. */
const fresh = (source, ...args) => ['--watch', '--watch-preserve-output', '--import', 'tsx', source, ...args]

/** Registries and profiles in every state, made at the first start. */
async function devWorld(tenantId, { endpoint, username, password }) {
  const { startGateway } = await import('./launcher/dev-gateway.mjs')
  const { host } = settings
  const port = settings.registryPort + 1
  const server = await startGateway({ host, port, behind: endpoint }).catch((error) => {
    throw new StartError(
      `Port ${port}, for registries that misbehave, cannot be opened (${error.code}). Set PACKYARD_REGISTRY_PORT to another port: it is the next one.`,
    )
  })
  ends.push(async () => {
    server.close()
    server.closeAllConnections()
  })
  if (state.seeded) return
  const { seed } = await import(new URL('dist/seed.mjs', `file://${ROOT}`).href)
  const gateway = endpoint.replace(/\d+$/, String(port))
  await seed({ tenantId, endpoint, gateway, username, password })
  save({ seeded: true })
  say('World', 'registries and profiles in every state')
}

/** The console works without them: what goes wrong here is said, and tried again at the next start. */
async function samplePacks({ door, bundled, home, hook, tenantId }) {
  const isFirst = !state.samplePacksPushed
  try {
    const warnings = await pushSamplePacks({ door, bundled, home, state, save, signal: ending.signal })
    for (const warning of warnings) warn(`registry: ${warning}`)
    if (isFirst) say('Sample packs', 'pushed to the registry')
    const done = await offerSamplePacks({ door, bundled, tenantId, state, save })
    if (done) say('Sample packs', done)
    await letItNotify({ door, tenantId, hook, state, save })
  } catch (error) {
    if (!stopping) warn(`registry: The sample packs are not in the console: ${error.message}`)
  }
}

/** Until the first sign-in: addresses and logins. After it: no password any more. */
async function sayFirstStart(door, world) {
  const admin = await door.readFirstAdmin()
  const settled = () => {
    save({ adminPassword: undefined, signedIn: true })
    markSignedIn(dataDir, world)
  }
  if (admin.hasSignedIn) {
    if (!state.signedIn) settled()
    return
  }
  const password =
    state.adminPassword ??
    (state.adminPasswordGiven
      ? 'the one of PACKYARD_ADMIN_PASSWORD'
      : 'unknown here: npm run -s reset-admin makes a new one')
  const text = firstStartText({ ...world, admin: { email: admin.email, password } })
  const file = keepFirstStart(dataDir, text)
  console.log(`\n${text}\n\n  Until the first sign-in this is kept in ${file}\n`)
  const timer = setInterval(async () => {
    try {
      if (!(await door.readFirstAdmin()).hasSignedIn) return
      clearInterval(timer)
      settled()
    } catch (error) {
      warn(`launcher: ${error.message}`)
    }
  }, WATCH_SIGN_IN_MS)
  ends.push(async () => clearInterval(timer))
}

try {
  await startAll()
} catch (error) {
  if (!stopping) {
    console.error(
      error instanceof StartError || error.name === 'AppError' ? error.message : (error.stack ?? error),
    )
    stop(1)
  }
}
