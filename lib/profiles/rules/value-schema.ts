import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'

import type { ValueRule } from '../../pack-format/value-schema'
import { defaultOf, MASK, type Variable } from '../variable'
import { type Finding, type Fix, toFinding } from './finding'
import { type Found, findPath, isEmpty, positionIn, readValues, textOf } from './read-values'
import { replaceReferences } from './references'
import { shortened } from './resources'
import type { CheckedLayer } from './subject'
import { valueProblem } from './value-format'

const MAX_FINDINGS = 200
const MAX_ITEMS = 1_000

/**
 * What a pack's schema.yaml says of values: required, read-only, and how they look. What a variable stands for is
 * looked at where it has a default.
 *
 * @see https://docs.spectrocloud.com/registries-and-packs/pack-constraints/
 */
export function checkValueSchema(layer: CheckedLayer, variables: readonly Variable[]): Finding[] {
  const rules = layer.pack?.schema ?? []
  const { problem, root, text } = readValues(layer.values)
  if (rules.length === 0 || problem) return []
  const known = new Map(variables.map((one) => [one.name, one]))
  const findings: Finding[] = []
  const ownRoot = rules.some((one) => one.readonly) ? readValues(layer.pack?.own ?? '').root : null
  for (const rule of rules) {
    for (const found of expand(root, rule.name.split('.'))) {
      const path = found.path.join('.')
      const place = () => ({
        ...{ pack: layer.name, path },
        ...(found.exists ? positionIn(text, found.offset) : nearestPlace(root, found, text)),
      })
      const error = checkRequired(rule, found, place) ?? checkType(rule, found, place, known)
      if (error) findings.push(error)
      if (rule.readonly) findings.push(...checkReadOnly(rule, found, ownRoot, place, layer))
      if (findings.length >= MAX_FINDINGS) return findings
    }
  }
  return findings
}

/** Counting lines takes a while: only what is told is counted. */
type Place = () => { pack: string; path: string; line: number; column: number }

/** A path with `$[]` stands for every item of the list; of an empty list for its first, where one is required. */
function expand(root: YAMLMap | null, path: readonly string[]): Found[] {
  const at = path.indexOf('$[]')
  if (at < 0) return [findPath(root, path)]
  const list = findPath(root, path.slice(0, at))
  if (!isSeq(list.node) || list.node.items.length === 0)
    return [{ ...list, node: undefined, exists: false, path: [...list.path, 0, ...path.slice(at + 1)] }]
  return list.node.items.slice(0, MAX_ITEMS).flatMap((_, index) => {
    const parent = path.slice(0, at)
    return expand(root, [...parent, String(index), ...path.slice(at + 1)])
  })
}

/** Where a value that is missing would stand: the last of its keys that there is. */
function nearestPlace(root: YAMLMap | null, { path }: Found, text: string) {
  for (let length = path.length - 1; length > 0; length--) {
    const above = findPath(root, path.slice(0, length).map(String))
    if (above.exists) {
      const { line } = positionIn(text, above.keyOffset)
      return { line, column: 1 }
    }
  }
  return { line: 1, column: 1 }
}

function checkRequired({ required, hints }: ValueRule, found: Found, place: Place): Finding | null {
  if (!required || !isEmpty(found.node)) return null
  const at = place()
  return toFinding({
    code: 'ValueRequired',
    ...at,
    what: `${at.path} is required.`,
    why: hints.length > 0 ? `The pack says: ${hints.join('; ')}` : 'The pack does not work without it.',
    mend: found.exists ? 'Give it a value.' : 'Add it, with a value.',
  })
}

function checkType(
  rule: ValueRule,
  { node }: Found,
  place: Place,
  variables: ReadonlyMap<string, Variable>,
): Finding | null {
  if (rule.format === '' || isEmpty(node)) return null
  const written = textOf(node)
  const common = { code: 'ValueFormat', why: whyOf(rule) }
  if (written === null) {
    if (!isMap(node) && !isSeq(node)) return null
    const kind = isMap(node) ? 'a map' : 'a list'
    const at = place()
    return toFinding({
      ...{ ...common, ...at },
      what: `${at.path} is ${kind}, and has to be a single value.`,
      mend: 'Write one value.',
    })
  }
  const value = resolved(written, variables)
  if (value === null) return null
  const wanted = valueProblem(rule.format, value)
  if (wanted === null) return null
  const at = place()
  const isSecret = rule.type === 'password' || value !== written
  const fix = nearMiss(rule, value, at)
  return toFinding({
    ...{ ...common, ...at },
    what: isSecret
      ? `${at.path} has to be ${wanted}${value === written ? '' : `; what its variable stands for is not`}.`
      : `${at.path} has to be ${wanted}, not ${shortened(written)}.`,
    mend: 'Change the value.',
    ...(fix && value === written && { fix }),
  })
}

const whyOf = ({ hints, format }: ValueRule) =>
  hints.length > 0 ? `The pack says: ${hints.join('; ')}` : `The pack asks for ${format}.`

/** Something that was most likely meant: another case, or yes for true. */
function nearMiss({ type, listOptions }: ValueRule, value: string, place: ReturnType<Place>): Fix | null {
  const lower = value.trim().toLowerCase()
  const path = place.path.split('.')
  const set = (label: string, to: string | boolean): Fix => ({
    label,
    edits: [{ do: 'setValue', layer: place.pack, path, value: to }],
  })
  const option = listOptions.find((one) => one.toLowerCase() === lower)
  if (option) return set(`Write ${option}`, option)
  if (type === 'boolean' && ['true', 'yes', 'on', '1'].includes(lower)) return set('Write true', true)
  if (type === 'boolean' && ['false', 'no', 'off', '0'].includes(lower)) return set('Write false', false)
  return null
}

/** With variables replaced by their defaults; null where something stays open. */
function resolved(text: string, variables: ReadonlyMap<string, Variable>): string | null {
  if (!text.includes('{{')) return text
  let isOpen = false
  const value = replaceReferences(text, (kind, name) => {
    const variable = kind === 'var' ? variables.get(name) : undefined
    const standard = variable && defaultOf(variable)
    if (!standard || standard === MASK) isOpen = true
    return standard ?? null
  })
  return isOpen || value.includes('{{') ? null : value
}

function checkReadOnly(
  rule: ValueRule,
  found: Found,
  ownRoot: YAMLMap | null,
  place: Place,
  layer: CheckedLayer,
): Finding[] {
  const own = findPath(ownRoot, found.path.map(String))
  // What the pack itself does not set is nobody's to compare.
  if (!own.exists || JSON.stringify(own.node) === JSON.stringify(found.node ?? undefined)) return []
  const value = isScalar(own.node) ? (own.node.value as string | number | boolean | null) : undefined
  const isSimple = isScalar(own.node)
  const at = place()
  return [
    toFinding({
      code: 'ValueReadOnly',
      ...at,
      what: `${at.path} is read-only.`,
      why: rule.hints[0] ? `The pack says: ${rule.hints[0]}` : 'The pack works with its own value alone.',
      mend: 'Put the pack’s own value back.',
      ...(isSimple && {
        fix: {
          label: 'Put the pack’s own value back',
          edits: [{ do: 'setValue' as const, layer: layer.name, path: own.path, value: value ?? null }],
        },
      }),
    }),
  ]
}
