import { constants } from 'node:fs'
import { type FileHandle, open, opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { checkPath, PACK_LIMITS, PackError, type PackFile, type PackFiles } from '@/lib/pack-format/archive'

import { CliError } from './errors'

/** What version control keeps beside the files: a folder, or a file in a linked work tree. */
const VERSION_CONTROL = new Set(['.git', '.hg', '.svn', '.bzr', 'CVS'])

export interface DirectoryRead {
  files: PackFiles
  /** What was not taken, by path. */
  leftOut: string[]
}

/**
 * Reads a pack's directory: every regular file, but for version control's own. Folders without files are not kept.
 *
 * @throws PackError for a link, a device, a name that is none, or more than a pack may hold
 * @throws CliError `wrong_use` where there is no such directory
 */
export async function readDirectory(directory: string): Promise<DirectoryRead> {
  const found = await stat(directory).catch(() => null)
  if (!found?.isDirectory())
    throw new CliError(
      'wrong_use',
      `${directory} is no directory.`,
      'Give the directory that holds pack.json.',
    )
  const read: DirectoryRead = { files: new Map(), leftOut: [] }
  let total = 0

  async function walk(folder: string): Promise<void> {
    // As bytes: a name that is not UTF-8 would come out as another one.
    const entries = await opendir(join(directory, folder), { encoding: 'buffer' as BufferEncoding })
    for await (const entry of entries) {
      const raw = entry.name as unknown as Uint8Array
      const name = Buffer.from(raw).toString('utf8')
      const path = folder === '' ? name : `${folder}/${name}`
      if (!Buffer.from(name).equals(raw)) throw new PackError(path, 'has a name that is not UTF-8')
      if (VERSION_CONTROL.has(name)) {
        read.leftOut.push(path)
        continue
      }
      if (entry.isDirectory()) {
        checkPath(path)
        await walk(path)
      } else {
        if (entry.isSymbolicLink()) throw new PackError(path, 'is a symbolic link; a pack holds files only')
        if (!entry.isFile()) throw new PackError(path, 'is neither a file nor a folder')
        if (read.files.size >= PACK_LIMITS.files)
          throw new PackError(path, `is one more than the ${PACK_LIMITS.files} files that a pack may hold`)
        const file = await readOne(join(directory, path), checkPath(path))
        total += file.bytes.length
        if (total > PACK_LIMITS.totalBytes)
          throw new PackError(path, `makes the pack larger than ${PACK_LIMITS.totalBytes / 1024 / 1024} MiB`)
        read.files.set(path, file)
      }
    }
  }
  await walk('')
  return read
}

async function readOne(file: string, path: string): Promise<PackFile> {
  let handle: FileHandle
  try {
    // Somebody may have put a link or a pipe there since it was looked at.
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new PackError(
      path,
      code === 'EACCES' ? 'cannot be read: check its rights' : `cannot be read (${code})`,
    )
  }
  try {
    const { size, mode } = await handle.stat()
    const limit = PACK_LIMITS.fileBytes
    const tooLarge = () => new PackError(path, `is larger than ${limit / 1024 / 1024} MiB`)
    if (size > limit) throw tooLarge()
    const bytes = await handle.readFile()
    if (bytes.length > limit) throw tooLarge()
    return { bytes, executable: (mode & 0o111) !== 0 }
  } finally {
    await handle.close()
  }
}
