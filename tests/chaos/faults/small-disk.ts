import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'

/** Fills a disk to its last byte. @returns empties it again */
export function fill(dir: string): () => void {
  const file = path.join(dir, 'filler')
  const handle = openSync(file, 'w')
  const chunk = Buffer.alloc(64 * 1024)
  try {
    for (;;) writeSync(handle, chunk)
  } catch {
    // It is full.
  } finally {
    closeSync(handle)
  }
  return () => rmSync(file, { force: true })
}

/** Mounts a small disk of its own at a folder. @returns false where that is not ours to do */
export function mountSmall(dir: string, mebibytes: number): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'packyard-chaos', dir], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}
