import { createHash } from 'node:crypto'

import { countLines, type LineEdit } from '../pack-format/lines'
import { UnreadablePack } from '../pack-format/pack-facts'
import type { Parser } from '../parser/parser'
import type { ComparedFile, FileOfVersion } from './compare-files'
import { shareWork } from './shared-work'
import { findContents } from './store/versions'

/** Lines are counted of so many files, and of texts of so many bytes in all. Others are only said to differ. */
const COUNTED = { files: 60, bytes: 4 * 1024 * 1024 } as const

/** What files of either side hold, by digest. */
export const contentsOf = (tenantId: string, files: readonly ComparedFile[]) =>
  findContents(tenantId, [
    ...new Set(
      files.flatMap(({ left, right }) => [left, right].flatMap((one) => (one?.isText ? one.digest : []))),
    ),
  ])

/** Of a side that has no such file: nothing. */
export const bytesOf = (contents: Map<string, Uint8Array>, file: FileOfVersion | null): Uint8Array =>
  contents.get(file?.digest ?? '') ?? new Uint8Array()

/** @returns null where the texts are too large, or take too long */
export const readEdits = (parser: Parser, left: Uint8Array, right: Uint8Array): Promise<LineEdit[] | null> =>
  shareWork(`lines ${hashOf(left)} ${hashOf(right)}`, async () => {
    try {
      // What is given to a thread is given away, and these are looked at again.
      const copies = { left: new Uint8Array(left), right: new Uint8Array(right) }
      return JSON.parse(await parser.read('lines', copies))
    } catch (error) {
      if (error instanceof UnreadablePack) return null
      throw error
    }
  })

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const canCompare = ({ left, right }: ComparedFile) => left?.isText !== false && right?.isText !== false

/** How many lines differ in each file that has changed, as far as that can be found out while somebody waits. */
export async function countChanged(
  tenantId: string,
  parser: Parser,
  files: ComparedFile[],
): Promise<ComparedFile[]> {
  const changed = files.filter((one) => one.change !== 'same' && canCompare(one)).slice(0, COUNTED.files)
  const contents = await contentsOf(tenantId, changed)
  let rest = COUNTED.bytes
  const counts = new Map<string, ComparedFile['lines']>()
  for (const { path, left, right } of changed) {
    const [a, b] = [bytesOf(contents, left), bytesOf(contents, right)]
    rest -= a.length + b.length
    if (rest < 0) break
    if (a.includes(0) || b.includes(0)) continue
    const edits = await readEdits(parser, a, b)
    if (edits) counts.set(path, countLines(edits))
  }
  return files.map((file) => ({ ...file, lines: counts.get(file.path) ?? null }))
}
