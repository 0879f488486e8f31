import { LAYERS, type Layer } from '../pack-format/manifest'
import { parseYaml, YamlError } from '../pack-format/yaml'
import type { ProfileType } from './schema'

/** One thing that is wrong with a profile: where, what, and how to mend it. */
export interface Finding {
  level: 'error' | 'warning'
  /** The layer's pack name; empty for the profile itself. */
  pack: string
  code: string
  message: string
}

interface Subject {
  type: ProfileType
  layers: { name: string; layer: Layer; values: string }[]
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

/** Strict: `1.2.3`, `1.2.3-rc.1`. @see https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
export const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/

/** What is wrong with a profile. A draft may have errors; a published one has none. */
export function checkProfile({ type, layers }: Subject): Finding[] {
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

  for (const { name, values } of layers) {
    try {
      const data = parseYaml(values)
      if (data !== null && (typeof data !== 'object' || Array.isArray(data)))
        error('ValuesNoMap', name, 'The values are no map of keys.')
    } catch (problem) {
      if (!(problem instanceof YamlError)) throw problem
      error('ValuesNoYaml', name, `The values cannot be read: ${problem.message}.`)
    }
  }
  return findings
}

const depth = (layer: Layer) => LAYERS.indexOf(layer)

/** From the bottom of the stack up: kernel and operating system first, add-ons last, in the order given. */
export const inStackOrder = <T extends { layer: Layer }>(layers: readonly T[]): T[] =>
  [...layers].sort((a, b) => depth(a.layer) - depth(b.layer))
