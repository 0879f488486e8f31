import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'

import type { ValueRule } from '../pack-format/value-schema'
import { findPath, keyOf, readValues, textOf } from './rules/read-values'

/** One value that a form asks for. */
export interface FormField {
  rule: ValueRule
  path: (string | number)[]
  /** As it is written; empty where nothing is. */
  value: string
  isSet: boolean
  /** A map or a list stands where a value should: the form leaves it to the text. */
  isOther: boolean
}

const MAX_ITEMS = 200
const MAX_FIELDS = 2_000

/**
 * The fields that a schema makes of values: one for each rule, and for a rule of list items one for each of them.
 *
 * @returns null where the text cannot be read
 */
export function fieldsOf(text: string, rules: readonly ValueRule[]): FormField[] | null {
  const { problem, root } = readValues(text)
  if (problem) return null
  return rules.flatMap((rule) => expand(root, rule, rule.name.split('.'))).slice(0, MAX_FIELDS)
}

function expand(root: YAMLMap | null, rule: ValueRule, path: readonly string[]): FormField[] {
  const at = path.indexOf('$[]')
  if (at < 0) {
    const found = findPath(root, path)
    const value = textOf(found.node)
    const isOther = isMap(found.node) || isSeq(found.node)
    return [{ rule, path: found.path, value: value ?? '', isSet: value !== null, isOther }]
  }
  const list = findPath(root, path.slice(0, at)).node
  const count = isSeq(list) ? Math.min(list.items.length, MAX_ITEMS) : 0
  return Array.from({ length: count }, (_, index) =>
    expand(root, rule, [...path.slice(0, at), String(index), ...path.slice(at + 1)]),
  ).flat()
}

/** Every key of values by its dotted path, with what stands there; `$[]` for the items of a list. */
export type Outline = [path: string, value: string][]

const MAX_OUTLINE = 20_000
const SHOWN = 120

export function outlineOf(text: string): Outline {
  const seen = new Map<string, string>()
  const walk = (node: unknown, path: string): void => {
    if (seen.size >= MAX_OUTLINE) return
    if (isMap(node))
      for (const pair of node.items) {
        const key = path ? `${path}.${keyOf(pair)}` : keyOf(pair)
        const value = isScalar(pair.value) ? (textOf(pair.value) ?? '') : ''
        if (!seen.has(key)) seen.set(key, value.slice(0, SHOWN))
        walk(pair.value, key)
      }
    else if (isSeq(node)) for (const item of node.items) walk(item, `${path}.$[]`)
  }
  walk(readValues(text).root, '')
  return [...seen]
}
