import { type Finding, toFinding } from './finding'
import { findPath, positionIn, readValues, textOf } from './read-values'
import type { CheckedLayer, Resource } from './subject'

/** Millicores, MiB and GB that layers ask for, on each control plane pool and each worker pool. */
export interface Needs {
  cpu: number
  memory: number
  diskSize: number
}

export interface PoolNeeds {
  controlPlane: Needs
  worker: Needs
}

const NONE: Needs = { cpu: 0, memory: 0, diskSize: 0 }
const UNITS = { cpu: 'millicores', memory: 'MiB', diskSize: 'GB' } as const
const WORDS = { cpu: 'CPU', memory: 'memory', diskSize: 'disk' } as const

const FACTORS: Record<string, number> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/**
 * A quantity of Kubernetes in the unit of its resource.
 *
 * @returns null where the text is none
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function readQuantity(type: Resource['type'], text: string): number | null {
  const [, number, unit = ''] = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([mkKMGTPE]i?)?$/.exec(text.trim()) ?? []
  const factor = FACTORS[unit]
  if (number === undefined || factor === undefined) return null
  const amount = Number(number) * factor
  if (type === 'cpu') return amount * 1000
  return amount / (type === 'memory' ? 2 ** 20 : 1e9)
}

/**
 * What packs need: the sum of what their components request times their replicas; without components their limit, on
 * every worker pool.
 *
 * @see https://docs.spectrocloud.com/registries-and-packs/pack-constraints/#resource-constraints
 */
export function needsOf(layers: readonly CheckedLayer[]): PoolNeeds {
  const needs: PoolNeeds = { controlPlane: { ...NONE }, worker: { ...NONE } }
  for (const layer of layers)
    for (const { type, minLimit, components = [] } of layer.pack?.resources ?? []) {
      if (components.length === 0) needs.worker[type] += minLimit ?? 0
      for (const component of components) {
        const amount = requested(layer, type, component.resourceRequestParamRef)?.amount ?? 0
        const replicas = countOf(layer, component.replicaCountParamRef)
        const { scheduleType } = component
        if (scheduleType !== 'worker') needs.controlPlane[type] += amount * replicas
        if (scheduleType === 'worker' || scheduleType === 'all') needs.worker[type] += amount * replicas
      }
    }
  return needs
}

function requested(layer: CheckedLayer, type: Resource['type'], path: string | undefined) {
  if (!path) return null
  const { root } = readValues(layer.values)
  const found = findPath(root, path.split('.'))
  const text = textOf(found.node)
  return text === null
    ? null
    : { text, amount: readQuantity(type, text), line: positionIn(layer.values, found.offset).line }
}

/** One, where nothing else is said. */
function countOf(layer: CheckedLayer, path: string | undefined): number {
  if (!path) return 1
  const text = textOf(findPath(readValues(layer.values).root, path.split('.')).node)
  const count = Number(text)
  return text !== null && Number.isInteger(count) && count >= 0 ? count : 1
}

/** Amounts that a pack wants to count and that are none. */
export function checkResources(layer: CheckedLayer): Finding[] {
  if (readValues(layer.values).problem) return []
  return (layer.pack?.resources ?? []).flatMap(({ type, components = [] }) =>
    components.flatMap(({ resourceRequestParamRef: path }) => {
      if (!path) return []
      const found = requested(layer, type, path)
      const place = { pack: layer.name, path }
      if (!found)
        return [
          toFinding({
            level: 'warning',
            code: 'ResourceNotSet',
            ...place,
            what: `${path} is not set: how much ${WORDS[type]} ${layer.displayName} needs cannot be counted.`,
            why: `The pack counts it in ${UNITS[type]} from there.`,
            mend: 'Set it.',
          }),
        ]
      // What a variable says is known when a cluster is made.
      if (found.amount !== null || found.text.includes('{{')) return []
      const example = type === 'cpu' ? '500m' : type === 'memory' ? '512Mi' : '20G'
      return [
        toFinding({
          code: 'ResourceNoQuantity',
          ...place,
          line: found.line,
          column: 1,
          what: `${path} is no amount: ${shortened(found.text)}.`,
          why: `It says how much ${WORDS[type]} is needed.`,
          mend: `Write an amount such as ${example}.`,
        }),
      ]
    }),
  )
}

const SHOWN = 60
export const shortened = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text || '""'
