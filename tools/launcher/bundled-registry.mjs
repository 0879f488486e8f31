// The pack registry that comes with the console, filled with our sample packs at the first start.
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import bcrypt from 'bcryptjs'
import { writePrivate } from './keep.mjs'
import { ROOT } from './settings.mjs'

const USERNAME = 'admin'
const BCRYPT_COST = 10

export async function ensureBundledRegistry({
  settings,
  secrets,
  state,
  save,
  door,
  admin,
  say,
  warn,
  start,
}) {
  const program = path.join(ROOT, 'dist/packyard-registry.mjs')
  if (!existsSync(program)) return null
  const { dataDir, host, registryPort, registryEndpoint, registryServer } = settings
  const folder = path.join(dataDir, 'registry')
  const data = path.join(folder, 'data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const htpasswd = path.join(folder, 'htpasswd')
  const password = secrets.registryPassword
  if (!existsSync(htpasswd))
    writePrivate(htpasswd, `${USERNAME}:${await bcrypt.hash(password, BCRYPT_COST)}\n`)

  const part = start([program, 'serve'], {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TZ: process.env.TZ ?? 'UTC',
    REGISTRY_AUTH: 'htpasswd',
    REGISTRY_AUTH_HTPASSWD_REALM: 'Packyard',
    REGISTRY_AUTH_HTPASSWD_PATH: htpasswd,
    REGISTRY_HTTP_ADDR: `${host}:${registryPort}`,
    REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: data,
  })
  await part.answersAt(`${registryEndpoint}/health`)
  say('Registry', `up at http://${registryServer}`)
  return { server: registryServer, username: USERNAME, password }
}
