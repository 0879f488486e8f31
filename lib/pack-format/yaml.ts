import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml'

/** Bounds of every YAML text that we read. The largest real values.yaml seen has 290 KB. */
export const YAML_LIMITS = { bytes: 2 * 1024 * 1024, depth: 100, aliases: 100, nodes: 200_000 } as const

/** A text that is no YAML that we read: what is wrong, and where. */
export class YamlError extends Error {
  override readonly name = 'YamlError'
  constructor(
    message: string,
    /** From 1; 0 where the whole text is meant. */
    readonly line = 0,
    /** From 1; 0 where the whole line is meant. */
    readonly column = 0,
  ) {
    super(line > 0 ? `line ${line}: ${message}` : message)
  }
}

/** In UTF-8. Counted only where the length leaves it open; browsers have no Buffer. */
function isTooLarge(text: string): boolean {
  if (text.length > YAML_LIMITS.bytes) return true
  const MAX_BYTES_A_UNIT = 3
  return (
    text.length * MAX_BYTES_A_UNIT > YAML_LIMITS.bytes &&
    new TextEncoder().encode(text).length > YAML_LIMITS.bytes
  )
}

/**
 * Flow collections nest by a bracket a level, and the parser recurses: count before parsing, so that a small text
 * cannot exhaust the stack.
 */
function refuseDeepFlow(text: string): void {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x5b || c === 0x7b) {
      if (++depth > YAML_LIMITS.depth * 4) throw new YamlError('brackets are nested too deeply')
    } else if ((c === 0x5d || c === 0x7d) && depth > 0) depth--
    else if (c === 0x0a && depth > 0 && text.charCodeAt(i + 1) === 0x0a) depth = 0
  }
}

/** Block collections nest by indentation: no line of real values is indented by hundreds of columns. */
function refuseDeepBlocks(text: string): void {
  let line = 0
  for (const one of text.split('\n')) {
    line++
    const indent = /^(?:[ ]|- )*/.exec(one)?.[0].length ?? 0
    if (indent > YAML_LIMITS.depth * 8) throw new YamlError('is indented too deeply', line)
  }
}

/**
 * The one way in which we read YAML: bounded in bytes, depth, aliases and nodes, the core schema, no duplicate keys,
 * no custom tags. Comments and order stay in the document.
 *
 * @returns null for a text without content
 * @throws YamlError
 */
export function parseYamlDocument(text: string): Document | null {
  if (isTooLarge(text)) throw new YamlError(`is larger than ${YAML_LIMITS.bytes / 1024 / 1024} MiB`)
  refuseDeepFlow(text)
  refuseDeepBlocks(text)
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, {
    schema: 'core',
    version: '1.2',
    // It compares each key with all others: see refuseSameKeys.
    uniqueKeys: false,
    merge: true,
    lineCounter,
    prettyErrors: false,
    logLevel: 'silent',
  })
  if (!Array.isArray(documents) || documents.length === 0) return null
  if (documents.length > 1) throw new YamlError('holds more than one document ("---")')
  const document = documents[0] as Document
  const [problem] = document.errors
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0])
    throw new YamlError(firstLine(problem.message), line, col)
  }
  refuseTooMuch(document.contents, lineCounter)
  return document.contents === null ? null : document
}

/** Depth, nodes and aliases of a document, and keys that are there twice. */
function refuseTooMuch(root: unknown, lines: LineCounter): void {
  let aliases = 0
  let nodes = 0
  const walk = (node: unknown, depth: number): void => {
    if (node === null || node === undefined) return
    if (depth > YAML_LIMITS.depth) throw new YamlError('is nested too deeply')
    if (++nodes > YAML_LIMITS.nodes) throw new YamlError('holds too many values')
    if (isAlias(node) && ++aliases > YAML_LIMITS.aliases) throw new YamlError('uses too many aliases')
    if (isMap(node)) {
      refuseSameKeys(node, lines)
      for (const { key, value } of node.items) {
        walk(key, depth + 1)
        walk(value, depth + 1)
      }
    } else if (isSeq(node)) for (const item of node.items) walk(item, depth + 1)
  }
  walk(root, 0)
}

/** What is said of a key that is there twice. */
export const SAME_KEYS = 'Map keys must be unique'

/** In one pass: a map of ten thousand keys would keep the library busy for seconds. */
function refuseSameKeys(map: YAMLMap, lines: LineCounter): void {
  const seen = new Set<unknown>()
  for (const { key } of map.items) {
    if (!isScalar(key)) continue
    if (seen.has(key.value)) {
      const { line, col } = lines.linePos(key.range?.[0] ?? 0)
      throw new YamlError(SAME_KEYS, line, col)
    }
    seen.add(key.value)
  }
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? text

/**
 * A YAML text as plain data, on objects without prototypes of its own.
 *
 * @returns null for a text without content
 * @throws YamlError
 */
export function parseYaml(text: string): unknown {
  const document = parseYamlDocument(text)
  if (!document) return null
  try {
    return document.toJS({ maxAliasCount: YAML_LIMITS.aliases })
  } catch (cause) {
    throw new YamlError(cause instanceof Error ? firstLine(cause.message) : 'cannot be read')
  }
}

/** Whether the document's root is a map, a list or neither. */
export const rootKind = (document: Document): 'map' | 'list' | 'scalar' =>
  isMap(document.contents) ? 'map' : isSeq(document.contents) ? 'list' : 'scalar'
