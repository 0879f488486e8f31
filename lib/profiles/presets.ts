import { type Document, isMap, isScalar, type Pair, type YAMLMap } from 'yaml'

import type { Preset } from '../pack-format/presets'
import { parseYaml, parseYamlDocument } from '../pack-format/yaml'
import { type EnabledPreset, enabledPresets, MARK } from './enabled-presets'
import { keepFormatting } from './keep-formatting'

/**
 * Puts a preset into values: takes out the paths that it removes, merges in what it adds, remembers it in the first
 * line. Comments, order and the formatting of every other line stay.
 *
 * @throws YamlError where the values or what is added cannot be read
 */
export function applyPreset(values: string, preset: Preset): string {
  return edit(values, preset, preset.name, (root) => {
    for (const path of preset.remove) removeAt(root, path.split('.'))
    const added = parseYamlDocument(preset.add)
    if (added && isMap(added.contents)) merge(root, added.contents)
  })
}

/**
 * Takes a preset out again: what it added goes back to the pack's own value or away, unless a person changed it
 * since; what it removed comes back.
 *
 * @param own the pack's own values
 * @throws YamlError
 */
export function withdrawPreset(values: string, preset: Preset, own: string): string {
  const change = (root: YAMLMap) => {
    const ownDocument = parseYamlDocument(own)
    const ownRoot = isMap(ownDocument?.contents) ? ownDocument.contents : undefined
    const added = parseYamlDocument(preset.add)
    if (added && isMap(added.contents)) unmerge(root, added.contents, ownRoot)
    for (const path of preset.remove) if (ownRoot) restoreAt(root, ownRoot, path.split('.'))
  }
  return edit(values, preset, null, change, own.replace(MARK, ''))
}

/**
 * Makes `name` the preset of its group, or none of them for null. The one that was in it is withdrawn first.
 *
 * @throws YamlError
 */
export function choosePreset(
  values: string,
  group: string,
  name: string | null,
  { presets, own }: { presets: readonly Preset[]; own: string },
): string {
  const ofGroup = presets.filter((one) => one.group === group)
  const held = enabledPresets(values).find((one) => one.group === group)?.name
  const [before, next] = [held, name].map((wanted) => ofGroup.find((one) => one.name === wanted))
  const cleared = before ? withdrawPreset(values, before, own) : remember(values, group, null)
  return next ? applyPreset(cleared, next) : cleared
}

/**
 * A pack's own values with these presets in them; those that the pack does not have are left out.
 *
 * @throws YamlError
 */
export function withPresets(
  own: string,
  enabled: readonly EnabledPreset[],
  presets: readonly Preset[],
): string {
  let values = own
  for (const { group } of [...enabledPresets(own), ...enabled]) {
    const name = enabled.find((one) => one.group === group)?.name ?? null
    const isKnown = name === null || presets.some((one) => one.group === group && one.name === name)
    const isHeld = enabledPresets(values).some((one) => one.group === group && one.name === name)
    if (isKnown && !isHeld) values = choosePreset(values, group, name, { presets, own })
  }
  return values
}

function remember(values: string, group: string, name: string | null): string {
  const held = enabledPresets(values)
  const kept = held.filter((one) => one.group !== group)
  const at = held.findIndex((one) => one.group === group)
  if (name !== null) kept.splice(at < 0 ? kept.length : at, 0, { group, name })
  const rest = values.replace(MARK, '')
  if (kept.length === 0) return rest
  return `# spectrocloud.com/enabled-presets: ${kept.map((one) => `${one.group}:${one.name}`).join(',')}\n${rest}`
}

function edit(
  values: string,
  { group }: Preset,
  name: string | null,
  change: (root: YAMLMap) => void,
  /** A second text whose formatting counts. */
  own = '',
): string {
  const text = values.replace(MARK, '')
  // Comments alone are no document: what is added stands below them.
  const document = parseYamlDocument(text)
  if (document && !isMap(document.contents)) return remember(values, group, name)
  const target = document ?? (parseYamlDocument('{}') as Document)
  const root = target.contents as unknown as YAMLMap
  if (!document) root.flow = false
  const before = JSON.stringify(target)
  change(root)
  if (JSON.stringify(target) === before) return remember(values, group, name)
  if (!document) return remember(root.items.length ? text + write(target, text) : text, group, name)
  const next = write(target, `${text}\n${own}`)
  const graft = own ? keepFormatting(own, keepFormatting(text, next)) : keepFormatting(text, next)
  const isSame = JSON.stringify(parseYaml(graft)) === JSON.stringify(parseYaml(next))
  // The mark stands in the held values still: remember() replaces it.
  return remember((MARK.exec(values)?.[0] ?? '') + (isSame ? graft : next), group, name)
}

/** In the indentation that the text has already. */
function write(document: Document, text: string): string {
  const indent = /^[^\s#-][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2
  const indentSeq = !/^( *)[^\s#-][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*\1- /m.test(text)
  return document.toString({ lineWidth: 0, indent, indentSeq, flowCollectionPadding: !/\{[^\s}]/.test(text) })
}

const keyOf = (pair: Pair) => String(isScalar(pair.key) ? pair.key.value : pair.key)

const find = (map: YAMLMap, key: string) => map.items.find((pair) => keyOf(pair) === key)

/** The pair at a dotted path and the map that holds it. Keys may hold dots themselves: the longest one wins. */
function locate(map: YAMLMap, path: readonly string[]): { map: YAMLMap; pair: Pair } | undefined {
  for (let length = path.length; length > 0; length--) {
    const pair = find(map, path.slice(0, length).join('.'))
    if (!pair) continue
    if (length === path.length) return { map, pair }
    const found = isMap(pair.value) ? locate(pair.value, path.slice(length)) : undefined
    if (found) return found
  }
  return undefined
}

function removeAt(root: YAMLMap, path: readonly string[]): void {
  const found = locate(root, path)
  if (found) found.map.items.splice(found.map.items.indexOf(found.pair), 1)
}

function merge(into: YAMLMap, from: YAMLMap): void {
  if (into.items.length === 0) into.flow = false
  for (const pair of from.items) {
    const held = find(into, keyOf(pair))
    if (!held) into.items.push(pair)
    else if (isMap(held.value) && isMap(pair.value)) merge(held.value, pair.value)
    else replaceValue(held, pair)
  }
}

/** The comment beside a value stays with its key. */
function replaceValue(held: Pair, next: Pair): void {
  const comment = isScalar(held.value) ? held.value.comment : undefined
  held.value = next.value
  if (comment && isScalar(held.value)) held.value.comment ??= comment
}

const data = (node: unknown) => JSON.stringify(node)

function unmerge(root: YAMLMap, added: YAMLMap, own: YAMLMap | undefined): void {
  for (const pair of added.items) {
    const held = find(root, keyOf(pair))
    if (!held) continue
    const ownPair = own && find(own, keyOf(pair))
    const isBranch = isMap(pair.value) && pair.value.items.length > 0
    if (isBranch && isMap(held.value)) {
      unmerge(held.value, pair.value as YAMLMap, isMap(ownPair?.value) ? ownPair.value : undefined)
      if (held.value.items.length === 0 && !ownPair) root.items.splice(root.items.indexOf(held), 1)
    } else if (data(held.value) === data(pair.value)) {
      if (ownPair) held.value = ownPair.value
      else root.items.splice(root.items.indexOf(held), 1)
    }
  }
}

/** Puts a pair of the pack's own values back behind the neighbour that it has there. */
function restoreAt(root: YAMLMap, ownRoot: YAMLMap, path: readonly string[]): void {
  const own = locate(ownRoot, path)
  if (!own || locate(root, path)) return
  const key = keyOf(own.pair)
  const parentPath = path.slice(0, path.length - key.split('.').length)
  const parent = parentPath.length === 0 ? root : locate(root, parentPath)?.pair.value
  if (!isMap(parent)) return
  if (parent.items.length === 0) parent.flow = false
  const before = own.map.items.slice(0, own.map.items.indexOf(own.pair)).map(keyOf)
  const at = parent.items.findLastIndex((pair) => before.includes(keyOf(pair)))
  parent.items.splice(at + 1, 0, own.pair)
}
