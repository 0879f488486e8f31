/** One value that two versions do not share, by its path. Texts are for people, and shortened. */
export interface ValueChange {
  kind: 'added' | 'removed' | 'changed'
  /** `a.b[0]`; an item of a list that has names is called by it: `env[name=PORT].value`. */
  path: string
  from: string
  to: string
}

export interface ValueChanges {
  added: number
  removed: number
  changed: number
  /** The first of them. */
  changes: ValueChange[]
}

/** So many are listed; all are counted. */
export const LISTED_CHANGES = 500
const TEXT_MAX = 160
const PATH_MAX = 512
/** What items of a list are told apart by, the first that all of them have and no two share. */
const NAMES = ['name', 'id', 'key', 'path']

type Data = Record<string, unknown>
const isMap = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isPlain = (value: unknown) => typeof value !== 'object' || value === null

/**
 * Compares two values as data: layout, comments and the order of keys mean nothing. Maps and lists that only one side
 * has count by what they hold.
 *
 * @param leaveOut paths that are compared elsewhere
 */
export function compareValues(left: unknown, right: unknown, leaveOut: readonly string[] = []): ValueChanges {
  const found: ValueChanges = { added: 0, removed: 0, changed: 0, changes: [] }
  const tell = (kind: ValueChange['kind'], path: string, from: string, to: string) => {
    found[kind]++
    if (found.changes.length < LISTED_CHANGES)
      found.changes.push({ kind, path: path.slice(0, PATH_MAX), from, to })
  }
  const only = (kind: 'added' | 'removed', path: string, value: unknown): void => {
    if (leaveOut.includes(path)) return
    const inside = childrenOf(value, path)
    if (inside.length > 0) for (const [at, child] of inside) only(kind, at, child)
    else tell(kind, path, kind === 'removed' ? textOf(value) : '', kind === 'added' ? textOf(value) : '')
  }
  const compare = (path: string, a: unknown, b: unknown): void => {
    if (leaveOut.includes(path)) return
    if (isMap(a) && isMap(b)) pair(mapChildren(a, path), mapChildren(b, path))
    else if (Array.isArray(a) && Array.isArray(b)) pair(...alignLists(a, b, path))
    else if (!Object.is(a, b)) tell('changed', path, ...textsOf(a, b))
  }
  const pair = (a: Children, b: Children): void => {
    const inB = new Map(b)
    const inA = new Set(a.map(([path]) => path))
    for (const [path, value] of a)
      if (inB.has(path)) compare(path, value, inB.get(path))
      else only('removed', path, value)
    for (const [path, value] of b) if (!inA.has(path)) only('added', path, value)
  }
  // A text without content holds what an empty map holds.
  compare('', left ?? (Array.isArray(right) ? [] : {}), right ?? (Array.isArray(left) ? [] : {}))
  return found
}

type Children = [path: string, value: unknown][]

const mapChildren = (map: Data, path: string): Children =>
  Object.entries(map).map(([key, value]) => {
    if (!/^[\w$/-]+$/.test(key)) return [`${path}[${JSON.stringify(key)}]`, value]
    return [path ? `${path}.${key}` : key, value]
  })

function childrenOf(value: unknown, path: string): Children {
  if (isMap(value)) return mapChildren(value, path)
  if (!Array.isArray(value)) return []
  const name = nameOf(value)
  return value.map((item, at) => [name ? named(path, name, item) : `${path}[${at}]`, item])
}

const named = (path: string, name: string, item: unknown) =>
  `${path}[${name}=${String((item as Data)[name])}]`

/** By what the items of these lists are told apart. */
const nameOf = (...lists: unknown[][]): string | undefined =>
  NAMES.find((name) =>
    lists.every((list) => {
      const names = list.map((item) => (isMap(item) && Object.hasOwn(item, name) ? item[name] : null))
      return (
        names.every((one) => one !== null && isPlain(one)) && new Set(names.map(String)).size === list.length
      )
    }),
  )

/** Items that have names are paired by them, others by their place, counted from the end that is alike. */
function alignLists(a: unknown[], b: unknown[], path: string): [Children, Children] {
  const name = a.length > 0 && b.length > 0 ? nameOf(a, b) : undefined
  if (name) {
    const byName = (list: unknown[]): Children => list.map((item) => [named(path, name, item), item])
    return [byName(a), byName(b)]
  }
  const [x, y] = [a, b].map((list) => list.map((item) => JSON.stringify(item))) as [string[], string[]]
  let start = 0
  while (start < x.length && start < y.length && x[start] === y[start]) start++
  let end = 0
  while (end < Math.min(x.length, y.length) - start && x.at(-1 - end) === y.at(-1 - end)) end++
  const middle = (list: unknown[]): Children =>
    list.slice(start, list.length - end).map((item, at) => [`${path}[${start + at}]`, item])
  return [middle(a), middle(b)]
}

const shorten = (text: string) => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text)

function textOf(value: unknown): string {
  if (typeof value !== 'string') return shorten(JSON.stringify(value) ?? '')
  const line = value.trimEnd()
  if (line.includes('\n')) return shorten(`${line.slice(0, line.indexOf('\n'))} …`)
  return shorten(value)
}

/** Of texts of several lines the first line that differs is told. */
function textsOf(a: unknown, b: unknown): [string, string] {
  if (typeof a === 'string' && typeof b === 'string' && `${a}${b}`.includes('\n')) {
    const [x, y] = [a.split('\n'), b.split('\n')]
    const at = x.findIndex((line, index) => line !== y[index])
    const differs = at < 0 ? x.length : at
    const line = (lines: string[]) => `… ${shorten(lines[differs]?.trim() ?? '')}`.trim()
    return [line(x), line(y)]
  }
  const texts: [string, string] = [textOf(a), textOf(b)]
  // "1" and 1, or an empty text: to be told apart they are quoted.
  if (texts[0] !== texts[1] && texts[0] !== '' && texts[1] !== '') return texts
  return [shorten(JSON.stringify(a) ?? ''), shorten(JSON.stringify(b) ?? '')]
}
