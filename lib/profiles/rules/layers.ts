import { LAYERS } from '../../pack-format/layers'
import type { Layer } from '../../pack-format/manifest'
import { type Finding, toFinding } from './finding'
import type { CheckedLayer, Subject } from './subject'

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

type Checked = Pick<Subject, 'type'> & { layers: readonly Pick<CheckedLayer, 'name' | 'layer'>[] }

/**
 * Which layers a profile has: each core layer once in a cluster or infrastructure, none in an add-on profile; and each
 * name once.
 *
 * @see https://docs.spectrocloud.com/profiles/cluster-profiles/
 */
export function checkLayers({ type, layers }: Checked): Finding[] {
  return [
    ...CORE_LAYERS.flatMap((layer) => checkCoreLayer(layer, type, layers)),
    ...(type === 'infra' ? layers.filter((one) => one.layer === 'addon').map(addonInInfra) : []),
    ...(type === 'add-on' && layers.length === 0
      ? [toFinding({ code: 'NoLayers', what: 'The profile is empty.', mend: 'Add a pack.' })]
      : []),
    ...checkNames(layers),
  ]
}

function checkCoreLayer(layer: Layer, type: Subject['type'], layers: Checked['layers']): Finding[] {
  const [first, second] = layers.filter((one) => one.layer === layer)
  const word = LAYER_WORDS[layer]
  if (type === 'add-on')
    return first
      ? [
          toFinding({
            code: 'CoreLayerInAddon',
            pack: first.name,
            what: `An add-on profile holds no ${word}.`,
            why: 'It stands on clusters that have their core layers already.',
            mend: 'Remove this layer.',
            fix: { label: 'Remove the layer', edits: [{ do: 'removeLayer', layer: first.name }] },
          }),
        ]
      : []
  if (!first)
    return [
      toFinding({
        code: 'CoreLayerMissing',
        layer,
        what: `The ${word} layer is missing.`,
        why: 'A cluster is made of an operating system, Kubernetes, a network and storage.',
        mend: 'Add a pack of it.',
      }),
    ]
  return second
    ? [
        toFinding({
          code: 'CoreLayerTwice',
          pack: second.name,
          what: `There is a ${word} layer already.`,
          why: 'A cluster has one of each core layer.',
          mend: 'Keep one of them.',
          fix: { label: 'Remove this one', edits: [{ do: 'removeLayer', layer: second.name }] },
        }),
      ]
    : []
}

const addonInInfra = ({ name }: Pick<CheckedLayer, 'name'>): Finding =>
  toFinding({
    code: 'AddonInInfra',
    pack: name,
    what: 'An infrastructure profile holds no add-ons.',
    why: 'It is the four core layers alone.',
    mend: 'Remove it, or make the profile a full one.',
    fix: { label: 'Make the profile a full one', edits: [{ do: 'changeType', type: 'cluster' }] },
  })

function checkNames(layers: Checked['layers']): Finding[] {
  const names = new Set<string>()
  return layers.flatMap(({ name }, at) => {
    if (!names.has(name)) {
      names.add(name)
      return []
    }
    let number = 2
    while (layers.some((one) => one.name === `${name}-${number}--${name}`)) number++
    const next = `${name}-${number}--${name}`
    return [
      toFinding({
        code: 'PackTwice',
        pack: name,
        what: `${name} is in the profile twice.`,
        why: 'Layers are told apart by their names.',
        mend: `Remove one, or give the second a name of its own before "--", such as ${next}.`,
        fix: { label: `Call the second ${next}`, edits: [{ do: 'renameLayer', at, name: next }] },
      }),
    ]
  })
}

/** A pack that is made for other clouds than the profile's. */
export function checkCloud({ type, cloudType, layers }: Subject): Finding[] {
  if (type === 'add-on' || cloudType === 'all' || cloudType === '') return []
  return layers.flatMap(({ name, displayName, version, pack }) => {
    const clouds = pack?.cloudTypes ?? []
    const fits = clouds.length === 0 || clouds.includes('all') || clouds.includes(cloudType)
    // Edge was called so before.
    if (fits || (cloudType === 'edge-native' && clouds.includes('edge'))) return []
    return [
      toFinding({
        code: 'CloudType',
        pack: name,
        what: `${displayName} ${version} is not made for ${cloudType}.`,
        why: `It says that it runs on ${clouds.join(', ')}.`,
        mend: 'Choose another pack, or make the profile for another cloud.',
      }),
    ]
  })
}

const depth = (layer: Layer) => LAYERS.indexOf(layer)

/** From the bottom of the stack up: kernel and operating system first, add-ons last, in the order given. */
export const inStackOrder = <T extends { layer: Layer }>(layers: readonly T[]): T[] =>
  [...layers].sort((a, b) => depth(a.layer) - depth(b.layer))
