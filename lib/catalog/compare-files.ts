/** One file of a version, by what it holds. */
export interface FileOfVersion {
  path: string
  digest: string
  /** Its text is kept, so that it can be compared. */
  isText: boolean
}

export interface ComparedFile {
  /** On the right, where it is there. */
  path: string
  change: 'same' | 'added' | 'removed' | 'changed'
  left: FileOfVersion | null
  right: FileOfVersion | null
  /** How many lines differ. Null: nobody counted. */
  lines: { added: number; removed: number } | null
}

/** A version in the name of a file or an archive: `charts/traefik-3.6.25.tgz/…`. */
const VERSION =
  /[-_]v?\d+(?:\.\d+)+(?:[-+._][0-9a-z][0-9a-z.+_-]*?)?(?=\.(?:tgz|tar\.gz|ya?ml|json)(?:\/|$))/gi

const withoutVersion = (path: string) => path.replaceAll(VERSION, '')

/**
 * The files of two versions, paired by their paths, else by their paths without the versions in them. In the order of
 * the left list, then what only the right one has.
 */
export function compareLists(
  left: readonly FileOfVersion[],
  right: readonly FileOfVersion[],
): ComparedFile[] {
  const [a, b] = [left, right].map((files) => files.filter(isNoOpenedArchive(files))) as [
    FileOfVersion[],
    FileOfVersion[],
  ]
  const partners = new Map<FileOfVersion, FileOfVersion>()
  const free = new Set(b)
  for (const nameOf of [(path: string) => path, withoutVersion]) {
    const named = new Map([...free].map((one) => [nameOf(one.path), one]))
    for (const one of a) {
      const partner = partners.has(one) ? undefined : named.get(nameOf(one.path))
      if (!partner || !free.has(partner)) continue
      partners.set(one, partner)
      free.delete(partner)
    }
  }
  return [
    ...a.map((one) => toCompared(one, partners.get(one) ?? null)),
    ...[...free].map((one) => toCompared(null, one)),
  ]
}

/** A packed chart is not compared beside what is in it. */
function isNoOpenedArchive(files: readonly FileOfVersion[]) {
  const folders = new Set(files.map(({ path }) => /^(.*\.(?:tgz|tar\.gz))\//i.exec(path)?.[1]))
  return ({ path }: FileOfVersion) => !folders.has(path)
}

const toCompared = (left: FileOfVersion | null, right: FileOfVersion | null): ComparedFile => ({
  path: right?.path ?? left?.path ?? '',
  change: !left ? 'added' : !right ? 'removed' : left.digest === right.digest ? 'same' : 'changed',
  ...{ left, right, lines: null },
})
