import { checkProfile, type Finding } from '@/lib/profiles/rules'
import type { Draft } from './draft'

/**
 * What can be told of a draft without the catalog, at once. What packs ask of each other is for the server to say: it
 * knows them.
 */
export const findLocally = ({ type, layers }: Pick<Draft, 'type' | 'layers'>): Finding[] =>
  checkProfile({ type, layers: layers.map((one) => ({ ...one, dependencies: [] })) })

/** What is told at once, and of the server's findings those that only it can know. */
export function joinFindings(local: readonly Finding[], remote: readonly Finding[], draft: Draft): Finding[] {
  const names = new Set(draft.layers.map((one) => one.name))
  const others = remote.filter(
    (one) =>
      !LOCAL.has(one.code) &&
      (one.pack === '' || names.has(one.pack)) &&
      !local.some((held) => held.pack === one.pack && held.message === one.message),
  )
  return [...local, ...others]
}

const LOCAL: ReadonlySet<string> = new Set([
  'CoreLayerMissing',
  'CoreLayerTwice',
  'CoreLayerInAddon',
  'AddonInInfra',
  'NoLayers',
  'ValuesNoMap',
  'ValuesNoYaml',
])
