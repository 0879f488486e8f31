import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

import { parse } from 'yaml'

import { StartError } from '../start-error'
import { applyEnvironment, type Environment, type Tree, variableOf } from './environment'
import { keysAt, unknownKeys } from './keys'
import { Config } from './schema'

const MAX_CONFIG_BYTES = 1024 * 1024

/** Keys that protect something: going on without them would be a danger, so a warning is not enough. */
const REFUSED: Record<string, string> = {
  'auth.token': 'Tokens are not supported. Use auth.htpasswd.',
  'auth.silly': 'This is for tests only. Use auth.htpasswd.',
  'http.tls.letsencrypt':
    'Certificates by ACME are not supported. Set http.tls.certificate and http.tls.key.',
}
/** Keys of Distribution's that mean nothing here, and whose absence nobody notices: a file of its may be kept as it is. */
const HARMLESS = [
  'log.accesslog',
  'log.formatter',
  'log.hooks',
  'log.reportcaller',
  'storage.maintenance',
  'storage.redirect',
  'storage.tag',
  'http.draintimeout',
  'http.h2c',
  'http.host',
  'http.http2',
  'http.net',
  'catalog',
  'compatibility',
  'health',
  'loglevel',
  'redis',
  'reporting',
  'validation',
]
const STORAGE_DRIVERS = ['filesystem', 'inmemory']
const AUTH_WAYS = ['htpasswd', 'none']
const FOREIGN_DRIVERS = ['s3', 'azure', 'gcs', 'swift', 'oss', 's3aws']

/**
 * Reads the configuration: the file, or the default where none is given, with the REGISTRY_ variables laid over it.
 *
 * @returns the settings, and a warning for each variable that is not known, and each key that only Distribution heeds
 * @throws StartError that names each key that is wrong, or unknown
 */
export async function loadConfig(
  file: string | undefined,
  env: Environment,
): Promise<{ config: Config; warnings: string[] }> {
  const path = file ?? env.REGISTRY_CONFIGURATION_PATH
  const written = path ? await readConfig(path) : defaultConfig()
  const { config, unknown } = applyEnvironment(written, env)
  const keys = unknownKeys(Config, config)
  for (const key of keys)
    if (REFUSED[key]) throw new StartError(`${key} is set (${variableOf(key.split('.'))}). ${REFUSED[key]}`)
  const wrong = keys.filter((key) => !HARMLESS.some((one) => key === one || key.startsWith(`${one}.`)))
  if (wrong.length > 0)
    throw new StartError(
      wrong.map((key) => `${key} is no key of the configuration.${others(key)}`).join('\n'),
    )
  return {
    config: parseConfig(config),
    warnings: [
      ...keys.map((key) => `The key ${key} of the configuration has no effect here`),
      ...unknown.map((name) => `The variable ${name} is not known here and has no effect`),
    ],
  }
}

/** @throws StartError that lists every key at fault with its variable */
export function parseConfig(config: unknown): Config {
  const drivers = namesIn((config as Tree).storage)
  const foreign = drivers.find((one) => FOREIGN_DRIVERS.includes(one))
  if (foreign)
    throw new StartError(
      `storage.${foreign} is not supported. Use storage.filesystem with a directory (REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY).`,
    )
  const known = drivers.filter((one) => STORAGE_DRIVERS.includes(one))
  if (known.length !== 1)
    throw new StartError(
      `storage must name one driver, and it names ${known.length === 0 ? 'none' : known.join(' and ')}. Set storage.filesystem.rootdirectory (REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY), or storage: inmemory (REGISTRY_STORAGE=inmemory).`,
    )
  const { auth } = config as Tree
  const ways = namesIn(auth).filter((one) => AUTH_WAYS.includes(one))
  if (auth !== undefined && auth !== null && ways.length !== 1)
    throw new StartError(
      'auth must be htpasswd or none. Set auth.htpasswd.realm and auth.htpasswd.path (REGISTRY_AUTH=htpasswd, REGISTRY_AUTH_HTPASSWD_REALM, REGISTRY_AUTH_HTPASSWD_PATH).',
    )
  const parsed = Config.safeParse(config)
  if (!parsed.success)
    throw new StartError(
      parsed.error.issues
        .map(({ path, message }) => `${path.join('.')} (${variableOf(path)}): ${message}.`)
        .join('\n'),
    )
  return parsed.data
}

/** The keys that there are in its place. */
function others(key: string): string {
  const place = key.split('.').slice(0, -1)
  const known = keysAt(Config, place)
  return known.length > 0 ? ` ${place.join('.') || 'The configuration'} has ${known.join(', ')}.` : ''
}

const namesIn = (map: unknown): string[] => {
  if (typeof map === 'string') return [map]
  return typeof map === 'object' && map !== null ? Object.keys(map) : []
}

async function readConfig(path: string): Promise<Tree> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new StartError(`The configuration ${path} cannot be read: ${(cause as Error).message}.`, { cause })
  }
  if (text.length > MAX_CONFIG_BYTES) throw new StartError(`The configuration ${path} is larger than 1 MiB.`)
  let data: unknown
  try {
    data = parse(text)
  } catch (cause) {
    throw new StartError(`The configuration ${path} is no YAML: ${(cause as Error).message}`, { cause })
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new StartError(`The configuration ${path} holds no keys.`)
  return data as Tree
}

/** What holds without a file: the places that are mounted into the container. */
export const defaultConfig = (exists: (path: string) => boolean = existsSync): Tree => ({
  version: 0.1,
  log: { fields: { service: 'registry' } },
  storage: {
    filesystem: { rootdirectory: exists('/data') ? '/data/.spectro-server' : 'packyard-registry-data' },
  },
  http: {
    addr: ':5000',
    ...(exists('/certs/tls.crt') &&
      exists('/certs/tls.key') && { tls: { certificate: '/certs/tls.crt', key: '/certs/tls.key' } }),
  },
  auth: { htpasswd: { realm: 'basic-realm', path: '/auth/htpasswd-basic' } },
})
