import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { countLines, type LineEdit } from '../pack-format/lines'
import { PART_FILES } from '../pack-format/media-types'
import { UnreadablePack } from '../pack-format/pack-facts'
import type { VersionChanges } from '../pack-format/version-changes'
import { openParser, type Parser } from '../parser/parser'
import { type ComparedFile, compareLists, type FileOfVersion } from './compare-files'
import { findContents, findRevisions, findVersion, type RevisionRow, type VersionRow } from './store/versions'

/** Lines are counted of so many files, and of texts of so many bytes in all. Others are only said to differ. */
const COUNTED = { files: 60, bytes: 4 * 1024 * 1024 } as const
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
 * @param left uid of the older one, where one is older
 * @throws AppError `not_found`
 */
export async function comparePacks(actor: Actor, leftId: string, rightId: string): Promise<Comparison> {
  authorize(actor, 'pack.get')
  const [left, right] = await Promise.all([
    readVersion(actor.tenantId, leftId),
    readVersion(actor.tenantId, rightId),
  ])
  const parser = openParser()
  const [changes, files] = await Promise.all([
    readChanges(actor.tenantId, parser, left, right),
    countChanged(actor.tenantId, parser, compareLists(partsOf(left), partsOf(right))),
  ])
  return { left, right, changes, files }
}

/**
 * One file of two versions, line by line.
 *
 * @param path as `comparePacks` lists it
 * @throws AppError `not_found`
 */
export async function compareFile(
  actor: Actor,
  leftId: string,
  rightId: string,
  path: string,
): Promise<FileComparison> {
  authorize(actor, 'pack.get')
  const [left, right] = await Promise.all([
    readVersion(actor.tenantId, leftId),
    readVersion(actor.tenantId, rightId),
  ])
  const file = compareLists(partsOf(left), partsOf(right)).find((one) => one.path === path)
  if (!file) throw new AppError('not_found', 'Neither of the two versions has this file.')
  const contents = await contentsOf(actor.tenantId, [file])
  const [a, b] = [bytesOf(contents, file.leftDigest), bytesOf(contents, file.rightDigest)]
  const none = { path, left: '', right: '', edits: null }
  if (a.includes(0) || b.includes(0)) return { ...none, reason: 'It is no text.' }
  if (Math.max(a.length, b.length) > SHOWN_BYTES)
    return { ...none, reason: 'It is too large to compare line by line.' }
  const edits = await readEdits(openParser(), a, b)
  return {
    ...{ path, left: Buffer.from(a).toString('utf8'), right: Buffer.from(b).toString('utf8'), edits },
    reason: edits ? '' : 'It is too large to compare line by line.',
  }
}

const utf8 = (value: unknown) => Buffer.from(JSON.stringify(value))
const bytesOf = (contents: Map<string, Uint8Array>, digest: string | null) =>
  contents.get(digest ?? '') ?? new Uint8Array()

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
      const values = withValues ? Buffer.from(bytesOf(contents, valuesDigest)).toString('utf8') : ''
      return utf8({ values, manifest, presets, schema })
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

/** The files that every version may have, by what they hold. */
function partsOf({ revision }: ComparedVersion): FileOfVersion[] {
  const digests: [path: string, digest: string | null][] = [
    [PART_FILES.values, revision.valuesDigest],
    [PART_FILES.manifest, revision.manifestDigest],
    [PART_FILES.presets, revision.presetsDigest],
    [PART_FILES.schema, revision.schemaDigest],
    [PART_FILES.readme, revision.readmeDigest],
  ]
  return digests.flatMap(([path, digest]) => (digest ? [{ path, digest }] : []))
}

const contentsOf = (tenantId: string, files: ComparedFile[]) =>
  findContents(tenantId, [
    ...new Set(files.flatMap((one) => [one.leftDigest, one.rightDigest].filter((digest) => digest !== null))),
  ])

async function readEdits(parser: Parser, left: Uint8Array, right: Uint8Array): Promise<LineEdit[] | null> {
  try {
    // What is given to a thread is given away, and these are looked at again.
    return JSON.parse(
      await parser.read('lines', { left: new Uint8Array(left), right: new Uint8Array(right) }),
    )
  } catch (error) {
    if (error instanceof UnreadablePack) return null
    throw error
  }
}

/** How many lines differ in each file that has changed, as far as that can be found out while somebody waits. */
async function countChanged(
  tenantId: string,
  parser: Parser,
  files: ComparedFile[],
): Promise<ComparedFile[]> {
  const changed = files.filter((one) => one.change !== 'same').slice(0, COUNTED.files)
  const contents = await contentsOf(tenantId, changed)
  let left = COUNTED.bytes
  const counts = new Map<string, { added: number; removed: number }>()
  for (const { path, leftDigest, rightDigest } of changed) {
    const [a, b] = [bytesOf(contents, leftDigest), bytesOf(contents, rightDigest)]
    left -= a.length + b.length
    if (left < 0 || a.includes(0) || b.includes(0)) continue
    const edits = await readEdits(parser, a, b)
    if (edits) counts.set(path, countLines(edits))
  }
  return files.map((file) => ({ ...file, lines: counts.get(file.path) ?? null }))
}
