// The secrets that a first start makes. There is no default one: whoever reads this repository knows none of them.
import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { readKept, writeKept, writePrivate } from './keep.mjs'
import { StartError } from './settings.mjs'

const PASSWORD_LENGTH = 24
// Without letters and digits that people take for each other.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A password for somebody to copy: 139 random bits, and nothing that a shell reads as its own. */
export const makePassword = () =>
  Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

const MAKE = {
  NEXTAUTH_SECRET: () => randomBytes(48).toString('base64url'),
  registryPassword: makePassword,
  registryHook: () => `pyh_${randomBytes(32).toString('base64url')}`,
}

/** Named after its day: should the file be lost, the key that a registry misses is told from the one made then. */
const makeKey = () =>
  `k${new Date().toISOString().slice(0, 10).replaceAll('-', '')}:${randomBytes(32).toString('base64')}`

/**
 * Reads the secrets, and makes those that are missing. NEXTAUTH_SECRET, and PACKYARD_SECRET_KEYS or
 * PACKYARD_SECRET_KEYS_FILE, of the environment win.
 *
 * @param {string} dataDir keeps `secrets.json`, and the keys that seal in `secret-keys`, both mode 0600
 * @returns {{secrets: Record<string, string>, file: string, made: boolean}}
 * @throws StartError when other users can read one of them
 */
export function ensureSecrets(dataDir, env) {
  const file = path.join(dataDir, 'secrets.json')
  refuseOpenFile(file)
  const kept = readKept(file)
  const keys = ensureKeys(dataDir, env, kept)
  const missing = Object.keys(MAKE).filter((name) => !kept[name] && !env[name])
  for (const name of missing) kept[name] = MAKE[name]()
  if (missing.length > 0 || keys.moved) {
    const { PACKYARD_SECRET_KEYS: _, ...rest } = kept
    writeKept(file, keys.moved ? rest : kept)
  }
  const given = Object.fromEntries(
    Object.keys(MAKE).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  )
  return { secrets: { ...kept, ...given, ...keys.settings }, file, made: missing.length > 0 }
}

/** A file of their own: the keys are changed while all runs. Earlier they stood among the secrets. */
function ensureKeys(dataDir, env, kept) {
  const { PACKYARD_SECRET_KEYS: text, PACKYARD_SECRET_KEYS_FILE: given } = env
  if (text || given)
    return {
      settings: {
        PACKYARD_SECRET_KEYS: text ?? '',
        PACKYARD_SECRET_KEYS_FILE: given ? path.resolve(given) : '',
      },
      moved: false,
    }
  const file = path.join(dataDir, 'secret-keys')
  if (!existsSync(file))
    writePrivate(file, `${(kept.PACKYARD_SECRET_KEYS ?? makeKey()).replaceAll(',', '\n')}\n`)
  refuseOpenFile(file)
  return {
    settings: { PACKYARD_SECRET_KEYS: '', PACKYARD_SECRET_KEYS_FILE: file },
    moved: kept.PACKYARD_SECRET_KEYS !== undefined,
  }
}

const OTHERS = 0o007

function refuseOpenFile(file) {
  if (process.platform === 'win32' || !existsSync(file) || (statSync(file).mode & OTHERS) === 0) return
  throw new StartError(
    `Other users of this machine can read the secrets in ${file}. Close it: chmod 600 ${file}`,
  )
}
