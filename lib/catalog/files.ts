import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { paint } from '../pictures/paint'
import { readFilesOf } from './read-files'
import { findFile, findFiles } from './store/files'
import { findVersion } from './store/versions'

/** A file of a pack, or of a chart in it: `charts/a.tgz/templates/b.yaml`. */
export interface PackFile {
  path: string
  /** In bytes. */
  size: number
  digest: string
  /** `large`: it is listed, and not kept to be shown. */
  kind: 'text' | 'binary' | 'large'
}

/** The files of one digest of a version, and what was found out with them. */
export interface StoredFiles {
  files: PackFile[]
  /** Files that are not listed, since there are too many. */
  more: number
  /** What was left out and why: sentences for people. */
  notes: string[]
  /** Container images that it needs, each with the file that names it. */
  images: { image: string; from: string }[]
  /** What changed from version to version, as Markdown, where the pack tells; and where it stands. */
  changelog: { from: string; text: string; isCut: boolean } | null
  readAt: Date
}

const notThere = () => new AppError('not_found', 'There is no such pack.')

/**
 * Every file of a version. The first time that anybody asks, they are read from the registry, and kept.
 *
 * @param versionId also of a version that its registry no longer lists, as far as its files were read
 * @throws AppError `not_found`; `remote_unavailable` where they have to be read and cannot be
 * @see docs/decisions/0014-files-are-read-when-somebody-looks.md
 */
export async function listFiles(actor: Actor, versionId: string): Promise<StoredFiles> {
  authorize(actor, 'pack.get')
  const version = await findVersion(actor.tenantId, versionId)
  if (!version) throw notThere()
  const found = await findFiles(actor.tenantId, version.revisionId)
  return found ?? (await readFilesOf(actor.tenantId, version))
}

async function mustFind(actor: Actor, versionId: string, path: string) {
  const version = await findVersion(actor.tenantId, versionId)
  if (!version) throw notThere()
  const find = () => findFile(actor.tenantId, version.revisionId, path)
  let found = await find()
  if (!found && !(await findFiles(actor.tenantId, version.revisionId))) {
    await readFilesOf(actor.tenantId, version)
    found = await find()
  }
  if (!found) throw new AppError('not_found', 'This version has no such file.')
  return found
}

/**
 * One file of a version, with its text where it has one that is kept.
 *
 * @throws AppError as `listFiles`; `not_found` also where there is no such file
 */
export async function readFile(
  actor: Actor,
  versionId: string,
  path: string,
): Promise<PackFile & { text: string | null }> {
  authorize(actor, 'pack.get')
  const { bytes, ...file } = await mustFind(actor, versionId, path)
  const isShown = file.kind === 'text' && bytes !== null
  return { ...file, text: isShown ? Buffer.from(bytes).toString('utf8') : null }
}

/**
 * A picture of a version, for its README: drawn anew, as WebP.
 *
 * @throws AppError as `readFile`; `not_found` also where it is none, or too large
 */
export async function readPicture(
  actor: Actor,
  versionId: string,
  path: string,
): Promise<{ bytes: Uint8Array; digest: string }> {
  authorize(actor, 'pack.get')
  const { bytes, digest } = await mustFind(actor, versionId, path)
  const key = `${actor.tenantId} ${digest}`
  const drawn = bytes && !refused.has(key) ? await paint(actor.tenantId, 'figure', async () => bytes) : null
  if (drawn && 'pictures' in drawn && drawn.pictures[0]) return { bytes: drawn.pictures[0], digest }
  refused.add(key)
  for (const oldest of refused) {
    if (refused.size <= REFUSED_MAX) break
    refused.delete(oldest)
  }
  throw new AppError('not_found', 'This file is no picture that can be shown.')
}

/** What could not be drawn, so that it costs once: by tenant and digest, the last so many. */
const refused = new Set<string>()
const REFUSED_MAX = 10_000
