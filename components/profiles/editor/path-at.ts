const LINE = /^( *)((?:- +)*)(?:("[^"]*"|'[^']*'|[^\s#:'"{}[\]&*!|>%@`-][^#:{}[\]]*?|-?[\w./-]+)(:)(?=\s|$))?/

/** How far up parents are looked for. */
const MAX_LINES = 20_000

export interface At {
  /** The keys that lead to the line, its own last; `$[]` for the item of a list. */
  path: string[]
  /** Whether the line has a key itself. */
  hasKey: boolean
}

/**
 * Where a line of YAML stands, told by indentation alone: fast, and good for a text that cannot be read just now.
 *
 * @param lineAt the text of a line, from 1
 */
export function pathAt(lineAt: (line: number) => string, line: number): At {
  const first = split(lineAt(line))
  const path: string[] = [...first.items, ...(first.key === null ? [] : [first.key])]
  // A line without a key may come to have one: it stands where it is indented to.
  let limit = first.indent
  let inItem = first.items.length > 0
  for (let n = line - 1; n > 0 && n > line - MAX_LINES && (limit > 0 || inItem); n--) {
    const text = lineAt(n)
    if (text.trim() === '' || /^\s*#/.test(text)) continue
    const { indent, items, key, column } = split(text)
    if (key !== null && (column < limit || (inItem && items.length === 0 && column === limit))) {
      path.unshift(...items, key)
      limit = indent
      inItem = items.length > 0
    } else if (items.length > 0 && indent < limit) {
      path.unshift(...items)
      limit = indent
      inItem = true
    }
  }
  return { path, hasKey: first.key !== null }
}

function split(text: string) {
  const [, spaces = '', dashes = '', key] = LINE.exec(text) ?? []
  return {
    indent: spaces.length,
    items: [...dashes].filter((one) => one === '-').map(() => '$[]'),
    key: key === undefined ? null : key.replace(/^(["'])(.*)\1$/, '$2'),
    column: spaces.length + dashes.length,
  }
}
