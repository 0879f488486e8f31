import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'

import { log } from '../log'
import { type KeyRing, readKeyRing, writeKeyRing } from './key-ring'

interface Held {
  ring: KeyRing
  stamp: string
}

const held = new Map<string, Held>()

/**
 * The key ring of a file, as the file is now: it is read again whenever it has changed, so that a key is added or taken
 * out while all runs. A file that does not hold together any more changes nothing for who has read it before.
 *
 * @throws Error that says what is wrong, without a key in it
 */
export function readKeyFile(file: string): KeyRing {
  const before = held.get(file)
  try {
    const { ino, mtimeMs, size, mode } = statSync(file)
    const stamp = `${ino} ${mtimeMs} ${size} ${mode}`
    if (before?.stamp === stamp) return before.ring
    refuseOpenFile(file, mode)
    const ring = readKeyRing(readFileSync(file, 'utf8'), file)
    held.set(file, { ring, stamp })
    return ring
  } catch (error) {
    if (!before) throw toKeyFileError(error, file)
    log.error({ err: toKeyFileError(error, file) }, 'The key file cannot be read; the keys read before stay')
    return before.ring
  }
}

function toKeyFileError(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  return new Error(`The key file ${file} cannot be read (${error.code}). PACKYARD_SECRET_KEYS_FILE names it.`)
}

const OTHERS = 0o007
const GROUP_WRITES = 0o020

/**
 * A group may read: a secret that Kubernetes mounts belongs to the pod's group.
 *
 * @throws Error for a file that other users can read, or the group can write
 */
export function refuseOpenFile(file: string, mode: number): void {
  if (process.platform === 'win32' || (mode & (OTHERS | GROUP_WRITES)) === 0) return
  throw new Error(`Other users of this machine can use the keys in ${file}. Close it: chmod 600 ${file}`)
}

/**
 * Changes a key file as a whole or not at all, mode 0600. One change at a time.
 *
 * @param change gets the keys in their order, the sealing one first, and gives those to keep
 * @throws Error that says what is wrong, without a key in it
 */
export function changeKeyFile(
  file: string,
  change: (keys: [string, Buffer][]) => [string, Buffer][],
): KeyRing {
  const fresh = `${file}.new`
  let fd: number
  try {
    fd = openSync(fresh, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(
      code === 'EEXIST'
        ? `Another change of the keys is under way. If none is, delete ${fresh}.`
        : `The key file ${file} cannot be written (${code}). Change it where it comes from, or run this as its owner.`,
    )
  }
  try {
    const text = writeKeyRing(change([...readKeyFile(file).keys]))
    readKeyRing(text, file)
    writeSync(fd, text)
    fsyncSync(fd)
    closeSync(fd)
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  return readKeyFile(file)
}
