import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'

import { parseYamlDocument, YamlError } from './yaml'

/**
 * The line, from 1, where a dotted path of values stands; where it does not, the line of what stands above it.
 * `$[]` is the first item of a list. Keys may hold dots themselves.
 *
 * @returns null where the text cannot be read or holds nothing of it
 */
export function lineOfPath(text: string, path: string): number | null {
  try {
    const offset = offsetIn(parseYamlDocument(text)?.contents, path.split('.'))
    return offset === null ? null : text.slice(0, offset).split('\n').length
  } catch (problem) {
    if (problem instanceof YamlError) return null
    throw problem
  }
}

function offsetIn(node: unknown, path: readonly string[]): number | null {
  if (path.length === 0) return null
  if (isSeq(node) && path[0] === '$[]') {
    const [first] = node.items
    return offsetIn(first, path.slice(1)) ?? (first as { range?: number[] } | undefined)?.range?.[0] ?? null
  }
  if (!isMap(node)) return null
  for (let length = path.length; length > 0; length--) {
    const pair = find(node, path.slice(0, length).join('.'))
    if (pair)
      return (
        offsetIn(pair.value, path.slice(length)) ??
        (isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null)
      )
  }
  return null
}

const find = (map: YAMLMap, key: string) =>
  map.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === key)
