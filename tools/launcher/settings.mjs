// The settings of `npm run up`, read and checked before anything starts. Built-ins only.
import { existsSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

// Also said in lib/access/password.ts, which is not built yet when this runs.
const PASSWORD_MIN = 12

/** What people do not need to see a stack trace for. */
export class StartError extends Error {}

/** Variables of the file .env in the checkout; those that are set already win. */
export function loadEnvFile() {
  const file = path.join(ROOT, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

/**
 * @param {Record<string, string | undefined>} env
 * @param {{dev?: boolean}} options `dev`: the data of development stands apart
 * @throws StartError that names the variable at fault
 */
export function readSettings(env, { dev = false } = {}) {
  const host = env.HOST || '127.0.0.1'
  const port = readPort(env, 'PORT', 3000)
  const registryPort = readPort(env, 'PACKYARD_REGISTRY_PORT', 5001)
  if (port === registryPort)
    throw new StartError(`PORT and PACKYARD_REGISTRY_PORT are both ${port}. Set one of them to another port.`)
  const { PACKYARD_ADMIN_EMAIL: email, PACKYARD_ADMIN_PASSWORD: password } = env
  if (email && !/^[^\s@]+@[^\s@]+$/.test(email))
    throw new StartError(`PACKYARD_ADMIN_EMAIL is "${email}". Set it to an email address.`)
  if (password && password.length < PASSWORD_MIN)
    throw new StartError(
      `PACKYARD_ADMIN_PASSWORD is too short. Set it to ${PASSWORD_MIN} characters or more.`,
    )
  const url = readUrl(env.PACKYARD_URL || `http://${inUrl(reachable(host))}:${port}`)
  const dataDir = path.resolve(ROOT, env.PACKYARD_DATA_DIR || (dev ? '.packyard/dev' : '.packyard'))
  return {
    dev,
    host,
    port,
    registryPort,
    url,
    dataDir,
    /** An external PostgreSQL; empty: the embedded one. */
    databaseUrl: readDatabaseUrl(env.DATABASE_URL || ''),
    /** Where the bundled registry listens. */
    registryAddress: `${inUrl(host)}:${registryPort}`,
    /** Where the console reaches its bundled registry. */
    registryEndpoint: `http://${inUrl(reachable(host))}:${registryPort}`,
    /** The server's name for the CLI of people who reach the console at `url`. */
    registryServer: `${isEverywhere(host) ? new URL(url).hostname : inUrl(host)}:${registryPort}`,
  }
}

const isEverywhere = (host) => host === '0.0.0.0' || host === '::'
const reachable = (host) => (isEverywhere(host) ? '127.0.0.1' : host)
const inUrl = (host) => (net.isIPv6(host) ? `[${host}]` : host)

function readPort(env, name, otherwise) {
  const text = env[name] || String(otherwise)
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new StartError(`${name} is "${text}". Set it to a port, 1 to 65535.`)
  return port
}

function readUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash)
    throw new StartError(
      `PACKYARD_URL is "${text}". Set it to the address that people use, for example https://packyard.example.com.`,
    )
  return url.origin
}

/** Never repeated in a message: it holds a password. */
function readDatabaseUrl(text) {
  if (text && !(URL.canParse(text) && /^postgres(?:ql)?:$/.test(new URL(text).protocol)))
    throw new StartError(
      'DATABASE_URL is no address of a PostgreSQL. Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters in percent form.',
    )
  return text
}

/**
 * @throws StartError that names the variable of the first port that cannot be had
 */
export async function checkPorts({ host, port, registryPort }) {
  await checkPort(host, port, 'PORT')
  await checkPort(host, registryPort, 'PACKYARD_REGISTRY_PORT')
}

function checkPort(host, port, variable) {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', (error) => {
      const reasons = {
        EADDRINUSE: `Port ${port} is taken by another program. Set ${variable} to another port, for example ${variable}=${port + 10} npm run up.`,
        EACCES: `Port ${port} may not be opened by this user. Set ${variable} to a port above 1023.`,
        EADDRNOTAVAIL: `${host} is no address of this machine. Set HOST to one that is, or to 127.0.0.1.`,
        ENOTFOUND: `${host} is no address of this machine. Set HOST to one that is, or to 127.0.0.1.`,
      }
      reject(new StartError(reasons[error.code] ?? `Port ${port} (${variable}): ${error.message}`))
    })
    server.listen({ host, port, exclusive: true }, () => server.close(resolve))
  })
}
