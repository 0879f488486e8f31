// Small files that must survive a power failure, readable by their owner alone.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'

/** Writes a file whole or not at all, mode 0600. */
export function writePrivate(file, text) {
  const fresh = `${file}.new`
  const fd = openSync(fresh, 'w', 0o600)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(fresh, file)
}

/** An object kept as JSON; empty where there is none yet. */
export const readKept = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})

export const writeKept = (file, value) => writePrivate(file, `${JSON.stringify(value, null, 2)}\n`)
