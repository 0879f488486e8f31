import { type Document, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from 'yaml'

import { parseYaml, parseYamlDocument } from '../pack-format/yaml'
import { keepFormatting } from './keep-formatting'

export type Path = readonly (string | number)[]
export type Value = string | number | boolean | null

/**
 * Sets one value in a text of YAML, or takes it out, and leaves everything else as it is written: comments, order and
 * the room between words.
 *
 * The document says where things stand, and only that place of the text changes. Where that cannot be done (a value
 * inside of braces, say), the document is written anew and what stayed takes its formatting from the text.
 *
 * @param value absent: take it out
 * @throws YamlError where the text cannot be read
 */
export function editValue(text: string, path: Path, value?: Value): string {
  if (path.length === 0) return text
  const document = parseYamlDocument(text)
  if (document && !isMap(document.contents)) return text
  const wanted = JSON.stringify(changed(parseYaml(text) ?? {}, path, value))
  const spliced = splice(text, document, path, value)
  if (spliced !== null && says(spliced, wanted)) return spliced
  const next = document ?? (parseYamlDocument('{}') as Document)
  if (!document) (next.contents as unknown as YAMLMap).flow = false
  if (value === undefined) next.deleteIn(path)
  else next.setIn(path, value)
  const written = next.toString({ lineWidth: 0 })
  if (!document) return `${text && !text.endsWith('\n') ? `${text}\n` : text}${written}`
  const graft = keepFormatting(text, written)
  return says(graft, wanted) ? graft : written
}

function says(text: string, wanted: string): boolean {
  try {
    return JSON.stringify(parseYaml(text) ?? {}) === wanted
  } catch {
    // A splice that broke the text: the other way is taken.
    return false
  }
}

/** The same data with one value changed. */
function changed(data: unknown, path: Path, value: Value | undefined): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(data) && typeof key === 'number') {
    const copy = [...data]
    if (rest.length === 0 && value === undefined) copy.splice(key, 1)
    else copy[key] = changed(copy[key], rest, value)
    return copy
  }
  const held = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {}
  if (rest.length === 0 && value === undefined) {
    const { [String(key)]: _, ...others } = held as Record<string, unknown>
    return others
  }
  const inner = (held as Record<string, unknown>)[String(key)]
  if (value === undefined && (inner === undefined || inner === null)) return held
  return { ...held, [String(key)]: changed(inner, rest, value) }
}

type Range = [number, number, number]
const rangeOf = (node: unknown) => (node as { range?: Range | null } | null | undefined)?.range ?? null
const keyOf = (pair: Pair) => String(isScalar(pair.key) ? pair.key.value : pair.key)

function splice(
  text: string,
  document: Document | null,
  path: Path,
  value: Value | undefined,
): string | null {
  if (!document) return null
  let node: unknown = document.contents
  let depth = 0
  let pair: Pair | null = null
  let parent: unknown = null
  /** The pair whose value is the parent. */
  let outer: Pair | null = null
  for (; depth < path.length; depth++) {
    const key = path[depth]
    if (isMap(node)) {
      const found = node.items.find((one) => keyOf(one) === String(key))
      if (!found) break
      parent = node
      outer = pair
      pair = found
      node = found.value
    } else if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
      parent = node
      outer = pair
      pair = null
      node = node.items[key]
    } else break
  }
  if (depth === path.length)
    return value === undefined
      ? cutOut(text, parent, pair, outer, document.contents)
      : putIn(text, node, value, pair)
  return value === undefined ? text : addTo(text, node, pair, path.slice(depth), value)
}

/** As it is written in YAML, on one line. */
function written(value: Value, like?: unknown): string {
  const scalar = new Scalar(value)
  if (typeof value === 'string' && isScalar(like) && !/[\n\t]/.test(value)) {
    if (like.type === 'QUOTE_SINGLE') return `'${value.replaceAll("'", "''")}'`
    if (like.type === 'QUOTE_DOUBLE') return JSON.stringify(value)
  }
  if (typeof value === 'string' && value.includes('\n')) return JSON.stringify(value)
  const box = parseYamlDocument('a: 1') as Document
  box.contents = scalar as never
  return box.toString({ lineWidth: 0 }).trimEnd()
}

/** A value in the place of another. */
function putIn(text: string, node: unknown, value: Value, pair: Pair | null): string | null {
  const range = rangeOf(node)
  if (!range || !isScalar(node) || node.anchor || node.tag?.startsWith('!')) return null
  const isEmpty = range[0] === range[1]
  if (isEmpty) {
    const key = rangeOf(pair?.key)
    const colon = key ? text.indexOf(':', key[1]) : -1
    if (colon < 0) return null
    return `${text.slice(0, colon + 1)} ${written(value)}${text.slice(colon + 1)}`
  }
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  if (isBlock && typeof value === 'string' && value.includes('\n')) {
    const lines = text.slice(range[0], range[1]).split('\n')
    const indent = /^ */.exec(lines.find((line, at) => at > 0 && line.trim() !== '') ?? '  ')?.[0] ?? '  '
    const keep = value.endsWith('\n') ? '' : '-'
    const body = value.replace(/\n$/, '').split('\n')
    if (!/^\s/.test(value) && !/\n\n$/.test(value))
      return `${text.slice(0, range[0])}|${keep}\n${body.map((line) => (line ? indent + line : '')).join('\n')}\n${text.slice(range[1])}`
  }
  const end = isBlock ? '\n' : ''
  return text.slice(0, range[0]) + written(value, node) + end + text.slice(range[1])
}

/** A key with its value and the comment beside it. Comments above it stay. */
function cutOut(
  text: string,
  parent: unknown,
  pair: Pair | null,
  outer: Pair | null,
  root: unknown,
): string | null {
  if (!isMap(parent) || parent.flow || !pair) return null
  const key = rangeOf(pair.key)
  const value = rangeOf(pair.value)
  if (!key) return null
  const start = text.lastIndexOf('\n', key[0] - 1) + 1
  if (text.slice(start, key[0]).trim() !== '') return null
  const last = value ? value[1] : key[1] + 1
  const end = last > start && text[last - 1] === '\n' ? last : text.indexOf('\n', last)
  const rest = end < 0 ? '' : text.slice(text[end] === '\n' ? end + 1 : end)
  const before = text.slice(0, start)
  if (parent.items.length > 1 || parent === root) return before + rest
  // The last key of a map: what is left of it is an empty one.
  const colon = rangeOf(outer?.key) ? text.indexOf(':', (rangeOf(outer?.key) as Range)[1]) : -1
  return colon < 0 || colon >= start
    ? null
    : `${before.slice(0, colon + 1)} {}${before.slice(colon + 1)}${rest}`
}

/** Keys below a map that does not have them yet, behind what it has. */
function addTo(text: string, node: unknown, pair: Pair | null, rest: Path, value: Value): string | null {
  if (rest.some((key) => typeof key === 'number')) return null
  const block = (indent: number) =>
    rest
      .map((key, at) => `${' '.repeat(indent + at * 2)}${written(String(key))}:`)
      .join('\n')
      .concat(` ${written(value)}\n`)
  const insertAt = (offset: number, indent: number) => {
    const isLineStart = offset === 0 || text[offset - 1] === '\n'
    const at = isLineStart ? offset : endOfLine(text, offset)
    const gap = at > 0 && text[at - 1] !== '\n' ? '\n' : ''
    return text.slice(0, at) + gap + block(indent) + text.slice(at)
  }
  if (isMap(node) && !node.flow && node.items.length > 0) {
    const key = rangeOf(node.items[0]?.key)
    if (!key) return null
    return insertAt(lastOffset(node), columnOf(text, key[0]))
  }
  const isNothing = isScalar(node) && node.value === null && rangeOf(node)?.[0] === rangeOf(node)?.[1]
  const key = rangeOf(pair?.key)
  if (!isNothing || !key) return null
  return insertAt(endOfLine(text, key[1]), columnOf(text, key[0]) + 2)
}

const endOfLine = (text: string, offset: number) => {
  const at = text.indexOf('\n', offset)
  return at < 0 ? text.length : at + 1
}

const columnOf = (text: string, offset: number) => offset - (text.lastIndexOf('\n', offset - 1) + 1)

/** Behind the last character that belongs to a node. */
function lastOffset(node: unknown): number {
  if (isMap(node)) {
    const last = node.items.at(-1)
    const value = last?.value === null ? rangeOf(last.key) : undefined
    return value ? value[1] + 1 : lastOffset(last?.value)
  }
  if (isSeq(node) && !node.flow) return lastOffset(node.items.at(-1))
  return rangeOf(node)?.[1] ?? 0
}
