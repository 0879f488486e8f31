/** One file of a version, by what it holds. */
export interface FileOfVersion {
  path: string
  digest: string
}

export interface ComparedFile {
  path: string
  change: 'same' | 'added' | 'removed' | 'changed'
  leftDigest: string | null
  rightDigest: string | null
  /** How many lines differ. Null: nobody counted. */
  lines: { added: number; removed: number } | null
}

/** The files of two versions by their paths, in the order of the left list, then what only the right one has. */
export function compareLists(
  left: readonly FileOfVersion[],
  right: readonly FileOfVersion[],
): ComparedFile[] {
  const [inLeft, inRight] = [left, right].map((files) => new Map(files.map((one) => [one.path, one.digest])))
  return [...new Set([...left, ...right].map((one) => one.path))].map((path) => {
    const [a, b] = [inLeft?.get(path) ?? null, inRight?.get(path) ?? null]
    const change = a === b ? 'same' : a === null ? 'added' : b === null ? 'removed' : 'changed'
    return { path, change, leftDigest: a, rightDigest: b, lines: null }
  })
}
