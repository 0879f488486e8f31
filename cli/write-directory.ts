import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { checkPath, type PackFiles } from '@/lib/pack-format/archive'

import { CliError } from './errors'

/**
 * Makes sure that a pack can go to a directory: one that is not there, or empty.
 *
 * @param force also one with content
 * @throws CliError `wrong_use`
 */
export async function checkTarget(directory: string, force: boolean): Promise<void> {
  let entries: string[]
  try {
    entries = await readdir(directory)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    const why = code === 'ENOTDIR' ? 'is no directory' : `cannot be read (${code})`
    throw new CliError('wrong_use', `${directory} ${why}.`, 'Give another directory.', { cause })
  }
  if (entries.length > 0 && !force)
    throw new CliError(
      'wrong_use',
      `${directory} is not empty.`,
      'Give an empty directory. Or write over what is there: --force. Files that are not in the pack stay.',
    )
}

/**
 * Writes a pack's files into a directory, never outside: a link in the way is an error, also one that points inside.
 *
 * @throws CliError `failed`
 */
export async function writeDirectory(directory: string, files: PackFiles): Promise<void> {
  await mkdir(directory, { recursive: true })
  const folders = new Set<string>(['.'])
  for (const [path, { bytes, executable }] of files) {
    await makeFolder(directory, dirname(checkPath(path)), folders)
    const file = join(directory, path)
    try {
      const there = await lstat(file).catch(() => null)
      if (there?.isDirectory())
        throw new CliError('failed', `${file} is a folder, and a file in the pack.`, 'Remove it.')
      // A link goes, not what it leads to. A file goes too: it may have another name elsewhere.
      if (there) await rm(file)
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
      const handle = await open(file, flags, executable ? 0o777 : 0o666)
      try {
        await handle.writeFile(bytes)
      } finally {
        await handle.close()
      }
    } catch (cause) {
      if (cause instanceof CliError) throw cause
      const { code } = cause as NodeJS.ErrnoException
      throw new CliError(
        'failed',
        `${file} cannot be written (${code}).`,
        'Check rights and the space left.',
        { cause },
      )
    }
  }
}

async function makeFolder(directory: string, folder: string, made: Set<string>): Promise<void> {
  if (made.has(folder)) return
  await makeFolder(directory, dirname(folder), made)
  const path = join(directory, folder)
  const there = await lstat(path).catch(() => null)
  if (there && !there.isDirectory())
    throw new CliError('failed', `${path} is in the way: the pack has a folder of this name.`, 'Remove it.')
  if (!there) await mkdir(path)
  made.add(folder)
}
