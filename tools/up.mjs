// `npm run up` and `npm run dev`: installs and builds what is missing, then starts everything (tools/launch.mjs).
// Built-ins only, for any Node from 20.19: nothing may be installed yet.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { claim } from './launcher/claim.mjs'
import { install, isInstalled, nodeOfPackages } from './launcher/install.mjs'
import { endProcess } from './launcher/process-identity.mjs'
import { checkPorts, loadEnvFile, ROOT, readSettings, StartError } from './launcher/settings.mjs'

const PARENT_CHECK_MS = 1_000
const PART_ENDS_MS = 15_000
const SAME_CTRL_C_MS = 1_000

const dev = process.argv[2] === 'dev'
const say = (line) => console.log(line)

let stopping = false
let stoppedAt = 0
/** What runs now: npm, the build, or the supervisor of all parts. */
let child = null

/**
 * The second time for good: what is left then is ended by up(). One Ctrl-C arrives twice: from the terminal, and from
 * npm, which hands on what it got.
 */
function stop() {
  if (stopping && Date.now() - stoppedAt < SAME_CTRL_C_MS) return
  child?.kill(stopping ? 'SIGKILL' : 'SIGTERM')
  if (!stopping) stoppedAt = Date.now()
  stopping = true
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
// A terminal that was closed takes nothing any more; the end goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

// npm that was killed cannot tell. Whoever starts this file without npm may end first.
const parent = process.ppid
if (['up', 'dev'].includes(process.env.npm_lifecycle_event)) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, PARENT_CHECK_MS).unref()
}

async function up() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    throw new StartError(`Packyard needs Node 20.19 or newer, and this is ${process.version}.`)
  loadEnvFile()
  const settings = readSettings(process.env, { dev })
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })
  const claimed = await claim(path.join(settings.dataDir, 'running.json'))
  if (!claimed.release)
    throw new StartError(
      `Packyard is running on ${shown(settings.dataDir)} already (process ${claimed.pid}). End that one first, or set PACKYARD_DATA_DIR to another folder.`,
    )
  let parts = []
  try {
    if (claimed.orphans.length > 0)
      say(`Ended what a killed start had left running: ${claimed.orphans.join(', ')}.`)
    await checkPorts(settings)
    if (!isInstalled()) {
      say('Installing the packages of package-lock.json. The first time takes a minute or two.')
      await install(watch)
    }
    if (stopping) return 0
    const node = nodeOfPackages()
    const built = await run(node, ['tools/build.mjs', ...(dev ? ['--programs'] : [])])
    if (stopping) return 0
    if (built !== 0) throw new StartError('The build failed. Its message stands above.')
    const code = await run(node, ['tools/launch.mjs', ...(dev ? ['dev'] : [])], {
      // A process group of its own: Ctrl-C reaches this process alone, which tells the supervisor.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      onMessage(message) {
        parts = message.parts
        claimed.note(parts)
      },
    })
    // Killed, it could not end them.
    for (const part of parts) await endProcess(part, PART_ENDS_MS)
    return stopping && code !== 1 ? 0 : (code ?? 1)
  } finally {
    claimed.release()
  }
}

function watch(started) {
  child = started
  child.once('exit', () => {
    child = null
  })
}

/** @returns {Promise<number | null>} the exit code; null when it was killed */
function run(command, args, { onMessage = () => {}, ...options } = {}) {
  const started = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options })
  watch(started)
  started.on('message', onMessage)
  return new Promise((resolve, reject) => started.on('exit', resolve).on('error', reject))
}

const shown = (dir) => {
  const relative = path.relative(process.cwd(), dir)
  return relative && !relative.startsWith('..') ? relative : dir
}

try {
  process.exitCode = await up()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  // Several attempts that failed together (an AggregateError) have no message of their own.
  console.error(error.message || error)
  process.exitCode = 1
}
