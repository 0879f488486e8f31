import { compareImages, IMAGES_PATH, type ImageChanges, listedImages } from './image-changes'
import type { PackManifest } from './manifest'
import type { Preset } from './presets'
import { compareValues, type ValueChanges } from './value-changes'
import type { ValueRule } from './value-schema'
import { rangeText } from './version-range'
import { parseYaml, YamlError } from './yaml'

/** What of a version is compared by what it means. */
export interface VersionFacts {
  values: string
  manifest: PackManifest
  presets: Preset[]
  schema: ValueRule[]
}

type Dependency = NonNullable<NonNullable<PackManifest['constraints']>['dependencies']>[number]

/** What is asked of other packs, or of machines. Empty: nothing. */
export interface ConstraintChange {
  type: Dependency['type'] | 'resource'
  /** Of a pack, or `cpu`, `memory`, `diskSize`. */
  name: string
  from: string
  to: string
}

/** By their names. */
export interface ItemChanges {
  added: string[]
  removed: string[]
  changed: string[]
}

export interface VersionChanges {
  /** Null: one of them cannot be read as YAML. */
  values: ValueChanges | null
  /** Which one, and why. */
  valuesProblem: { side: 'left' | 'right'; message: string } | null
  images: ImageChanges
  constraints: ConstraintChange[]
  presets: ItemChanges
  /** What schema.yaml asks of values. */
  rules: ItemChanges
  /** What else pack.json says. */
  metadata: ValueChanges
}

const LISTED = 500

/** What two versions of a pack do not share, by what it means and not by how it is written. */
export function findChanges(left: VersionFacts, right: VersionFacts): VersionChanges {
  const [a, b] = [readValues(left.values), readValues(right.values)]
  const problem = a instanceof YamlError ? a : b instanceof YamlError ? b : null
  const { name: _, version: __, constraints, ...metadata } = left.manifest
  const { name: ___, version: ____, constraints: others, ...otherMetadata } = right.manifest
  return {
    values: problem ? null : compareValues(a, b, [IMAGES_PATH]),
    valuesProblem: problem && { side: problem === a ? 'left' : 'right', message: problem.message },
    images: compareImages(problem ? [] : listedImages(a), problem ? [] : listedImages(b)),
    constraints: compareConstraints(constraints, others),
    presets: compareItems(left.presets, right.presets, ({ group, displayName }) =>
      group ? `${displayName} (${group})` : displayName,
    ),
    rules: compareItems(left.schema, right.schema, ({ name }) => name),
    metadata: compareValues(metadata, otherMetadata),
  }
}

function readValues(text: string): unknown {
  try {
    return parseYaml(text)
  } catch (error) {
    if (error instanceof YamlError) return error
    throw error
  }
}

function compareItems<T>(left: T[], right: T[], nameOf: (item: T) => string): ItemChanges {
  const byName = (items: T[]) => new Map(items.map((item) => [nameOf(item), JSON.stringify(item)]))
  const [a, b] = [byName(left), byName(right)]
  const first = (names: string[]) => names.slice(0, LISTED)
  return {
    added: first([...b.keys()].filter((name) => !a.has(name))),
    removed: first([...a.keys()].filter((name) => !b.has(name))),
    changed: first(
      [...a].filter(([name, item]) => b.has(name) && b.get(name) !== item).map(([name]) => name),
    ),
  }
}

function compareConstraints(
  left: PackManifest['constraints'],
  right: PackManifest['constraints'],
): ConstraintChange[] {
  const [a, b] = [readConstraints(left), readConstraints(right)]
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((key) => {
      const [from, to] = [a.get(key), b.get(key)]
      const { type, name } = (from ?? to) as Asked
      return { type, name, from: from?.texts.join(', ') ?? '', to: to?.texts.join(', ') ?? '' }
    })
    .filter(({ from, to }) => from !== to)
    .slice(0, LISTED)
}

interface Asked {
  type: ConstraintChange['type']
  name: string
  texts: string[]
}

const UNITS = { cpu: 'millicores', memory: 'MiB', diskSize: 'GB' } as const

/** A pack may be asked for more than once, each time in another range. */
function readConstraints(constraints: PackManifest['constraints']): Map<string, Asked> {
  const asked = new Map<string, Asked>()
  const add = (type: Asked['type'], name: string, text: string) => {
    const key = `${type} ${name}`
    const known = asked.get(key)
    if (known) known.texts.push(text)
    else asked.set(key, { type, name, texts: [text] })
  }
  for (const one of constraints?.dependencies ?? []) add(one.type, one.packName, rangeText(one))
  for (const { type, minLimit } of constraints?.resources ?? [])
    add('resource', type, minLimit === undefined ? 'as its parts ask' : `at least ${minLimit} ${UNITS[type]}`)
  return asked
}
