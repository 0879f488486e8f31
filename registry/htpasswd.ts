import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

import type { Logger } from 'pino'

import { StartError } from './start-error'

const MAX_FILE_BYTES = 16 * 1024 * 1024
/** The file is looked at so often at most; a change takes effect within this time. */
const LOOK_EVERY_MS = 500
/** @see https://httpd.apache.org/docs/2.4/misc/password_encryptions.html */
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/

/** The users of an htpasswd file. */
export interface Users {
  /** User → bcrypt hash. */
  readonly hashes: ReadonlyMap<string, string>
  /** Another one for each content of the file. */
  readonly version: string
}

/**
 * Reads the lines `user:hash`. Blank lines and comments are skipped, and lines whose hash is not bcrypt.
 *
 * @returns the users, and a warning for each line skipped that is neither blank nor a comment
 */
export function parseHtpasswd(text: string): { hashes: Map<string, string>; warnings: string[] } {
  const hashes = new Map<string, string>()
  const warnings: string[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const at = trimmed.indexOf(':')
    const hash = trimmed.slice(at + 1)
    if (at < 1) warnings.push(`Line ${i + 1} of the htpasswd file has no user and is skipped`)
    else if (!BCRYPT.test(hash))
      warnings.push(
        `Line ${i + 1} of the htpasswd file (user ${trimmed.slice(0, at)}) is no bcrypt hash and is skipped. Make it with htpasswd -B`,
      )
    else hashes.set(trimmed.slice(0, at), hash)
  }
  return { hashes, warnings }
}

/**
 * Follows an htpasswd file. While it cannot be read, for example in the moment in which it is replaced, its last
 * users stay.
 *
 * @throws StartError when it cannot be read at the start
 */
export async function openHtpasswd(path: string, log: Logger): Promise<(fresh?: boolean) => Promise<Users>> {
  let stamp = ''
  let users: Users
  let lookedAt = Date.now()

  async function load(): Promise<Users> {
    const bytes = await readFile(path)
    if (bytes.length > MAX_FILE_BYTES) throw new Error(`It is larger than ${MAX_FILE_BYTES} bytes`)
    const { hashes, warnings } = parseHtpasswd(bytes.toString('utf8'))
    for (const warning of warnings) log.warn({ path }, warning)
    if (hashes.size === 0) log.warn({ path }, 'The htpasswd file holds no user: nobody can sign in')
    return { hashes, version: createHash('sha256').update(bytes).digest('hex') }
  }

  const stampOf = async () => {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true })
    return `${mtimeNs} ${size} ${ino}`
  }

  try {
    stamp = await stampOf()
    users = await load()
  } catch (cause) {
    throw new StartError(
      `The htpasswd file ${path} cannot be read: ${(cause as Error).message}. Set auth.htpasswd.path (REGISTRY_AUTH_HTPASSWD_PATH) to a file made by: htpasswd -Bbn admin PASSWORD > ${path}. To let everybody read and push, set REGISTRY_AUTH=none.`,
      { cause },
    )
  }

  /** @param fresh looks at the file now */
  return async (fresh = false) => {
    if (!fresh && Date.now() - lookedAt < LOOK_EVERY_MS) return users
    lookedAt = Date.now()
    try {
      const found = await stampOf()
      if (found !== stamp) {
        users = await load()
        stamp = found
        log.info({ path, users: users.hashes.size }, 'Read the htpasswd file again')
      }
    } catch (err) {
      log.error({ path, err }, 'The htpasswd file cannot be read: its last users stay')
    }
    return users
  }
}
