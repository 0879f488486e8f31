import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'

import { parseYamlDocument, SAME_KEYS, YamlError } from '../../pack-format/yaml'
import { findReferences, type Reference } from './references'

export interface TextProblem {
  code: 'ValuesNoMap' | 'ValuesNoYaml' | 'ValuesSameKey' | 'ValuesTab' | 'ValuesTooLarge' | 'ValuesNotText'
  message: string
  /** From 1; 0 where the whole text is meant. */
  line: number
  column: number
}

/** Values as they were read, with the way back to the text. */
export interface ReadValues {
  text: string
  problem: TextProblem | null
  root: YAMLMap | null
  references: Reference[]
}

/** What a text may hold, in UTF-16 units. The API takes no more. */
export const VALUES_MAX = 1024 * 1024

const CACHE_UNITS = 4 * 1024 * 1024
const cache = new Map<string, ReadValues>()
let cached = 0

/** Reads values, or remembers them: of a profile that is edited one text changes and the others stay. */
export function readValues(text: string): ReadValues {
  const held = cache.get(text)
  if (held) {
    // The one that was used last goes last.
    cache.delete(text)
    cache.set(text, held)
    return held
  }
  const read = readNow(text)
  cache.set(text, read)
  cached += text.length
  for (const [oldest] of cache) {
    if (cached <= CACHE_UNITS || cache.size === 1) break
    cache.delete(oldest)
    cached -= oldest.length
  }
  return read
}

function readNow(text: string): ReadValues {
  const nothing = { text, root: null, references: [] }
  const early = problemOfText(text)
  if (early) return { ...nothing, problem: early }
  const references = findReferences(text)
  try {
    const document = parseYamlDocument(text)
    if (document && !isMap(document.contents)) {
      const message = 'The values are no map of keys.'
      return { text, root: null, references, problem: { code: 'ValuesNoMap', message, line: 1, column: 1 } }
    }
    return { text, root: (document?.contents as YAMLMap | undefined) ?? null, references, problem: null }
  } catch (problem) {
    if (!(problem instanceof YamlError)) throw problem
    return { text, root: null, references, problem: toProblem(text, problem) }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/

/** What can be said of a text before it is read. */
export function problemOfText(text: string): TextProblem | null {
  if (text.length > VALUES_MAX)
    return {
      code: 'ValuesTooLarge',
      message: `The text has ${(text.length / 1024 / 1024).toFixed(1)} MiB, and may have 1 MiB.`,
      line: 0,
      column: 0,
    }
  const control = CONTROL.exec(text)
  if (!control) return null
  const code = (control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const message =
    control[0] === '\uFFFD'
      ? 'The text holds a character that was lost (U+FFFD): it was not read as UTF-8.'
      : `The text holds the control character U+${code}.`
  return { code: 'ValuesNotText', message, ...positionIn(text, control.index) }
}

/** @returns what the YAML error means for people */
export function toProblem(text: string, { message, line, column }: YamlError): TextProblem {
  const plain = message.replace(/^line \d+: /, '')
  const place = { line, column }
  if (plain === SAME_KEYS) {
    const key = /^\s*(?:- +)*("[^"]*"|'[^']*'|[^:\s]+)/.exec(text.split('\n', line)[line - 1] ?? '')?.[1]
    return { code: 'ValuesSameKey', message: `The key ${key ?? ''} is there twice.`, ...place }
  }
  const tab = /^ *\t/m.exec(text)
  if (tab && /tab|indent|implicit|block|flow/i.test(plain)) {
    const at = positionIn(text, tab.index)
    return { code: 'ValuesTab', message: 'A line is indented with a tab.', ...at, column: tab[0].length }
  }
  return { code: 'ValuesNoYaml', message: `The values cannot be read: ${plain}.`, ...place }
}

export function positionIn(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', start)) {
    line++
    start = at + 1
  }
  return { line, column: offset - start + 1 }
}

export const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key)

export interface Found {
  /** What stands there; undefined where nothing does. */
  node: unknown
  /** The keys and places that lead to it, as far as it exists. */
  path: (string | number)[]
  exists: boolean
  /** In the text, of the value, or of the last one that is there. */
  offset: number
  /** Of its key. */
  keyOffset: number
}

/** A dotted path is followed as far as it exists. Keys may hold dots themselves: the longest one wins. */
export function findPath(root: YAMLMap | null, path: readonly string[]): Found {
  const found: Found = {
    node: root ?? undefined,
    path: [],
    exists: root !== null,
    ...{ offset: 0, keyOffset: 0 },
  }
  let rest = path
  while (rest.length > 0) {
    const step = stepInto(found.node, rest)
    if (!step) return { ...found, path: [...found.path, ...rest], node: undefined, exists: false }
    found.node = step.node
    found.offset = step.offset
    found.keyOffset = step.keyOffset
    found.path = [...found.path, step.key]
    rest = rest.slice(step.taken)
  }
  return found
}

function stepInto(node: unknown, rest: readonly string[]) {
  if (isSeq(node)) {
    const index = Number(rest[0])
    const item = Number.isInteger(index) ? node.items[index] : undefined
    const offset = offsetOf(item)
    return item === undefined ? null : { node: item, key: index, taken: 1, offset, keyOffset: offset }
  }
  if (!isMap(node)) return null
  for (let taken = rest.length; taken > 0; taken--) {
    const key = rest.slice(0, taken).join('.')
    const pair = node.items.find((one) => keyOf(one) === key)
    if (!pair) continue
    const keyOffset = offsetOf(pair.key)
    return { node: pair.value ?? null, key, taken, offset: offsetOf(pair.value) || keyOffset, keyOffset }
  }
  return null
}

export const offsetOf = (node: unknown): number =>
  (node as { range?: [number, number, number] } | null)?.range?.[0] ?? 0

/** A single value as it is written in a template: null for a map, a list or nothing. */
export function textOf(node: unknown): string | null {
  if (!isScalar(node) || node.value === null || node.value === undefined) return null
  return typeof node.value === 'number' && node.source !== undefined ? node.source : String(node.value)
}

export const isEmpty = (node: unknown): boolean =>
  node === undefined ||
  node === null ||
  (isScalar(node) && (node.value === null || node.value === undefined || node.value === '')) ||
  (isSeq(node) && node.items.length === 0)
