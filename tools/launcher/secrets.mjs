// The secrets that a first start makes. There is no default one: whoever reads this repository knows none of them.
import { randomBytes, randomInt } from 'node:crypto'
import path from 'node:path'
import { readKept, writeKept } from './keep.mjs'

const PASSWORD_LENGTH = 24
// Without letters and digits that people take for each other.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A password for somebody to copy: 139 random bits, and nothing that a shell reads as its own. */
export const makePassword = () =>
  Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

const MAKE = {
  NEXTAUTH_SECRET: () => randomBytes(48).toString('base64url'),
  PACKYARD_SECRET_KEYS: () => `first:${randomBytes(32).toString('base64')}`,
  registryPassword: makePassword,
}

/**
 * Reads the secrets, and makes those that are missing. NEXTAUTH_SECRET and PACKYARD_SECRET_KEYS of the environment win.
 *
 * @param {string} dataDir keeps `secrets.json`, mode 0600
 * @returns {{secrets: Record<string, string>, file: string, made: boolean}}
 */
export function ensureSecrets(dataDir, env) {
  const file = path.join(dataDir, 'secrets.json')
  const kept = readKept(file)
  const missing = Object.keys(MAKE).filter((name) => !kept[name] && !env[name])
  for (const name of missing) kept[name] = MAKE[name]()
  if (missing.length > 0) writeKept(file, kept)
  const given = Object.fromEntries(
    Object.keys(MAKE).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  )
  return { secrets: { ...kept, ...given }, file, made: missing.length > 0 }
}
