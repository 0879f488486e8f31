import { LAYERS, type Layer, type PackManifest } from '../pack-format/manifest'
import { compareVersions } from '../pack-format/tag'
import { findValuesProblem, type ValuesProblem } from '../pack-format/values-problem'
import type { ProfileType } from './schema'

/** One thing that is wrong with a profile: where, what, and how to mend it. */
export interface Finding {
  level: 'error' | 'warning'
  /** The layer's pack name; empty for the profile itself. */
  pack: string
  code: string
  message: string
}

type Dependency = NonNullable<NonNullable<PackManifest['constraints']>['dependencies']>[number]

interface CheckedLayer {
  name: string
  displayName: string
  version: string
  layer: Layer
  values: string
  /** What is wrong with them, where it is known already; null for nothing. */
  valuesProblem?: ValuesProblem | null | undefined
  /** What the pack asks of others. */
  dependencies: readonly Dependency[]
  /** What the catalog says of it now; absent where there is nothing to say. */
  state?: string
}

interface Subject {
  type: ProfileType
  layers: readonly CheckedLayer[]
}

/** A cluster needs one of each. */
export const CORE_LAYERS = ['os', 'k8s', 'cni', 'csi'] as const satisfies readonly Layer[]

const LAYER_WORDS: Record<Layer, string> = {
  kernel: 'kernel',
  os: 'operating system',
  k8s: 'Kubernetes',
  cni: 'network',
  csi: 'storage',
  addon: 'add-on',
}

/** What is wrong with a profile. A draft may have errors; a published one has none. */
export function checkProfile(profile: Subject): Finding[] {
  const { type, layers } = profile
  const findings: Finding[] = []
  const error = (code: string, pack: string, message: string) =>
    findings.push({ level: 'error', code, pack, message })

  for (const layer of CORE_LAYERS) {
    const [first, second] = layers.filter((one) => one.layer === layer)
    if (type === 'add-on') {
      if (first)
        error(
          'CoreLayerInAddon',
          first.name,
          `An add-on profile holds no ${LAYER_WORDS[layer]}. Remove this layer.`,
        )
    } else if (!first)
      error('CoreLayerMissing', '', `The ${LAYER_WORDS[layer]} layer is missing. Add a pack of it.`)
    if (second)
      error(
        'CoreLayerTwice',
        second.name,
        `There is a ${LAYER_WORDS[layer]} layer already. Keep one of them.`,
      )
  }
  if (type === 'infra')
    for (const one of layers.filter((layer) => layer.layer === 'addon'))
      error(
        'AddonInInfra',
        one.name,
        'An infrastructure profile holds no add-ons. Remove it, or make the profile a full one.',
      )
  if (layers.length === 0 && type === 'add-on') error('NoLayers', '', 'The profile is empty. Add a pack.')

  for (const { name, values, valuesProblem = findValuesProblem(values) } of layers)
    if (valuesProblem) error(valuesProblem.code, name, valuesProblem.message)
  return [...findings, ...checkDependencies(profile), ...layers.flatMap(checkState)]
}

/**
 * What packs ask of each other: one they require, may stand beside in some versions only, or cannot stand beside. Bounds
 * are inclusive; `1.27` means 1.27.0. Without bounds a version is not looked at.
 *
 * @see https://docs.spectrocloud.com/registries-and-packs/pack-constraints/
 */
export function checkDependencies({ type, layers }: Subject): Finding[] {
  return layers.flatMap((layer) =>
    layer.dependencies.flatMap((dependency) => {
      const problem = problemOf(dependency, type, layers)
      return problem ? { level: 'error' as const, pack: layer.name, ...problem(layer.displayName) } : []
    }),
  )
}

const packNameOf = (name: string) => name.split('--').at(-1)

function problemOf(
  { packName, layer, minVersion, maxVersion, type }: Dependency,
  profile: ProfileType,
  layers: Subject['layers'],
) {
  const other = layers.find((one) => one.layer === layer && packNameOf(one.name) === packName)
  const [min, max] = [minVersion?.trim() || undefined, maxVersion?.trim() || undefined]
  const range = [min && `from ${min}`, max && `up to ${max}`].filter(Boolean).join(' ')
  if (!other) {
    // An add-on profile stands on a cluster whose layers are not its own.
    if (type !== 'required' || (profile === 'add-on' && layer !== 'addon')) return null
    return (self: string) => ({
      code: 'DependencyMissing',
      message: `${self} needs ${packName}${range && ` ${range}`}. Add it.`,
    })
  }
  if (range === '') return null
  const inside =
    (!min || compareVersions(other.version, min) >= 0) && (!max || compareVersions(other.version, max) <= 0)
  if ((type === 'required' || type === 'optional') && !inside)
    return (self: string) => ({
      code: 'DependencyVersion',
      message: `${self} works with ${other.displayName} ${range}; this profile has ${other.version}. Choose another version of one of them.`,
    })
  if (type === 'notSupported' && inside)
    return (self: string) => ({
      code: 'DependencyNotSupported',
      message: `${self} does not work with ${other.displayName} ${range}; this profile has ${other.version}. Choose another version of one of them.`,
    })
  return null
}

const STATE_WORDS: Record<string, string> = {
  deprecated: 'is deprecated',
  disabled: 'is disabled and cannot be chosen any more',
  deleted: 'was deleted by its makers',
  gone: 'is gone from its registry',
}

function checkState({ name, displayName, version, state = '' }: CheckedLayer): Finding[] {
  const words = STATE_WORDS[state]
  if (!words) return []
  const message = `${displayName} ${version} ${words}. Choose another version or another pack.`
  return [{ level: 'warning', pack: name, code: 'PackState', message }]
}

const depth = (layer: Layer) => LAYERS.indexOf(layer)

/** From the bottom of the stack up: kernel and operating system first, add-ons last, in the order given. */
export const inStackOrder = <T extends { layer: Layer }>(layers: readonly T[]): T[] =>
  [...layers].sort((a, b) => depth(a.layer) - depth(b.layer))
