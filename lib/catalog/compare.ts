import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { compareImages } from '../pack-format/image-changes'
import type { LineEdit } from '../pack-format/lines'
import { PART_FILES } from '../pack-format/media-types'
import { UnreadablePack } from '../pack-format/pack-facts'
import type { VersionChanges } from '../pack-format/version-changes'
import { openParser, type Parser } from '../parser/parser'
import { type ComparedFile, compareLists, type FileOfVersion } from './compare-files'
import { bytesOf, contentsOf, countChanged, readEdits } from './compare-texts'
import { listFiles, type StoredFiles } from './files'
import { shareWork } from './shared-work'
import { findContents, findRevisions, findVersion, type RevisionRow, type VersionRow } from './store/versions'

/** On a side. A larger text is not shown. */
const SHOWN_BYTES = 2 * 1024 * 1024

/** One of two versions that are compared. */
export interface ComparedVersion {
  version: VersionRow
  revision: RevisionRow
}

export interface Comparison {
  left: ComparedVersion
  right: ComparedVersion
  changes: VersionChanges
  files: ComparedFile[]
  /** Manifests and charts are among the files. */
  hasAllFiles: boolean
  /** What of them was left out and why: sentences for people. */
  notes: string[]
}

/** One file of two versions. An empty text stands for a file that a side has not. */
export interface FileComparison {
  path: string
  left: string
  right: string
  /** Null: it is not compared line by line. */
  edits: LineEdit[] | null
  /** Why not: a sentence for people. */
  reason: string
}

async function readVersion(tenantId: string, id: string): Promise<ComparedVersion> {
  const version = await findVersion(tenantId, id)
  const [revision] = version ? await findRevisions(tenantId, [version.revisionId]) : []
  if (!version || !revision) throw new AppError('not_found', 'There is no such version of a pack.')
  return { version, revision }
}

/**
 * What two versions do not share: of one pack, of one pack in two registries, or of two packs.
 *
 * @param leftId uid of the older one, where one is older
 * @param withFiles manifests and charts too, and the images that they name: they are read from the registry where
 *   nobody looked at them yet
 * @throws AppError `not_found`; with files as `listFiles`
 */
export async function comparePacks(
  actor: Actor,
  leftId: string,
  rightId: string,
  { withFiles = false } = {},
): Promise<Comparison> {
  authorize(actor, 'pack.get')
  const { tenantId } = actor
  const [left, right] = await Promise.all([readVersion(tenantId, leftId), readVersion(tenantId, rightId)])
  const stored = withFiles ? await Promise.all([listFiles(actor, leftId), listFiles(actor, rightId)]) : null
  const parser = openParser()
  const lists = compareLists(filesOf(left, stored?.[0]), filesOf(right, stored?.[1]))
  const [changes, files] = await Promise.all([
    shareWork(`changes ${tenantId} ${left.revision.id} ${right.revision.id}`, () =>
      readChanges(tenantId, parser, left, right),
    ),
    countChanged(tenantId, parser, lists),
  ])
  const namesOf = (found: StoredFiles) => found.images.map(({ image }) => image)
  return {
    ...{ left, right, files },
    changes: stored ? { ...changes, images: compareImages(namesOf(stored[0]), namesOf(stored[1])) } : changes,
    hasAllFiles: stored !== null,
    notes: stored ? [...notesOf(left, stored[0]), ...notesOf(right, stored[1])] : [],
  }
}

const notesOf = ({ version: { version } }: ComparedVersion, { notes, more }: StoredFiles): string[] => [
  ...notes.map((note) => `${version}: ${note}`),
  ...(more > 0 ? [`${version}: ${more.toLocaleString('en')} more files are not listed.`] : []),
]

/**
 * One file of two versions, line by line.
 *
 * @param path as `comparePacks` lists it
 * @throws AppError as `comparePacks`
 */
export async function compareFile(
  actor: Actor,
  leftId: string,
  rightId: string,
  path: string,
): Promise<FileComparison> {
  authorize(actor, 'pack.get')
  const { tenantId } = actor
  const [left, right] = await Promise.all([readVersion(tenantId, leftId), readVersion(tenantId, rightId)])
  const among = (files: ComparedFile[]) => files.find((one) => one.path === path)
  const file =
    among(compareLists(filesOf(left), filesOf(right))) ??
    among(
      compareLists(
        filesOf(left, await listFiles(actor, leftId)),
        filesOf(right, await listFiles(actor, rightId)),
      ),
    )
  if (!file) throw new AppError('not_found', 'Neither of the two versions has this file.')
  const refuse = (reason: string) => ({ path, left: '', right: '', edits: null, reason })
  const contents = await contentsOf(tenantId, [file])
  const sides = [file.left, file.right].filter((one) => one !== null)
  if (!sides.every((one) => one.isText && contents.has(one.digest)))
    return refuse('It is no text, or too large to be kept: that it differs is all that is known.')
  const [a, b] = [bytesOf(contents, file.left), bytesOf(contents, file.right)]
  if (a.includes(0) || b.includes(0)) return refuse('It is no text: that it differs is all that is known.')
  const tooLarge = 'It is too large to compare line by line.'
  if (Math.max(a.length, b.length) > SHOWN_BYTES) return refuse(tooLarge)
  const edits = await readEdits(openParser(), a, b)
  if (!edits) return refuse(tooLarge)
  return { path, left: Buffer.from(a).toString(), right: Buffer.from(b).toString(), edits, reason: '' }
}

async function readChanges(
  tenantId: string,
  parser: Parser,
  left: ComparedVersion,
  right: ComparedVersion,
): Promise<VersionChanges> {
  const digests = [left.revision.valuesDigest, right.revision.valuesDigest]
  const contents = await findContents(tenantId, [...new Set(digests.filter((digest) => digest !== null))])
  const find = async (withValues: boolean): Promise<VersionChanges> => {
    const factsOf = ({ revision: { manifest, presets, schema, valuesDigest } }: ComparedVersion) => {
      const bytes = withValues ? contents.get(valuesDigest ?? '') : undefined
      const values = bytes ? Buffer.from(bytes).toString() : ''
      return Buffer.from(JSON.stringify({ values, manifest, presets, schema }))
    }
    return JSON.parse(await parser.read('changes', { left: factsOf(left), right: factsOf(right) }))
  }
  try {
    return await find(true)
  } catch (error) {
    if (!(error instanceof UnreadablePack)) throw error
    // What two values mean may take too long to find out. The rest does not.
    return { ...(await find(false)), values: null, valuesProblem: null }
  }
}

/** What every version may have, and then what else there is. */
function filesOf({ revision }: ComparedVersion, stored?: StoredFiles): FileOfVersion[] {
  const parts: [path: string, digest: string | null][] = [
    [PART_FILES.values, revision.valuesDigest],
    [PART_FILES.manifest, revision.manifestDigest],
    [PART_FILES.presets, revision.presetsDigest],
    [PART_FILES.schema, revision.schemaDigest],
    [PART_FILES.readme, revision.readmeDigest],
  ]
  const names = new Set(parts.map(([path]) => path))
  return [
    ...parts.flatMap(([path, digest]) => (digest ? [{ path, digest, isText: true }] : [])),
    ...(stored?.files ?? [])
      .filter(({ path }) => !names.has(path))
      .map(({ path, digest, kind }) => ({ path, digest, isText: kind === 'text' })),
  ]
}
