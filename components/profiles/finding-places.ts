import type { Finding, Fix } from '@/lib/profiles/rules/finding'
import type { Draft, Place } from './draft'

/** Where in a place something is: a line of a text, or a variable. */
export interface Spot {
  line?: number
  column?: number
  manifest?: string
  path?: string
  variable?: string
  /** Tells one jump from the next to the same place. */
  at: number
}

/** Where a finding is mended. */
export function placeOf(finding: Finding, draft: Draft): Place | null {
  if (finding.variable !== undefined) return 'variables'
  if (finding.code === 'CoreLayerMissing' && finding.layer) return `place:${finding.layer}` as Place
  if (finding.code === 'DependencyMissing') {
    const isEmpty = finding.layer !== 'addon' && !draft.layers.some((one) => one.layer === finding.layer)
    return isEmpty ? (`place:${finding.layer}` as Place) : 'add'
  }
  if (draft.layers.some((one) => one.name === finding.pack)) return `layer:${finding.pack}`
  return finding.code === 'NoLayers' ? 'add' : null
}

export const spotOf = ({ line, column, manifest, path, variable }: Finding): Spot => ({
  ...{ line, column, manifest, path, variable, at: Date.now() },
})

/** A place that is empty yet is nothing that went wrong. */
export const isToDo = (finding: Finding): boolean =>
  finding.code === 'CoreLayerMissing' || finding.code === 'NoLayers'

/** What takes something away, or decides for a person, is not done together with others. */
const DECIDES = new Set(['removeLayer', 'removeVariable', 'changeType', 'takeContent', 'renameLayer'])

export const isSafe = ({ edits }: Fix): boolean => edits.every((one) => !DECIDES.has(one.do))

export interface FindingGroup {
  name: string
  findings: Finding[]
}

/** The profile's own first, its variables, then each layer from the bottom of the stack up. */
export function groupFindings(findings: readonly Finding[], draft: Draft): FindingGroup[] {
  const groups: FindingGroup[] = [
    {
      name: 'Profile',
      findings: findings.filter((one) => one.pack === '' && one.variable === undefined),
    },
    { name: 'Variables', findings: findings.filter((one) => one.variable !== undefined) },
    ...draft.layers
      // Two layers of one name share what was found.
      .filter((layer, at) => draft.layers.findIndex((one) => one.name === layer.name) === at)
      .map(({ name, displayName }) => ({
        name: displayName === name ? name : displayName,
        findings: findings.filter((one) => one.pack === name && one.variable === undefined),
      })),
  ]
  return groups
    .filter((one) => one.findings.length > 0)
    .map((one) => ({
      ...one,
      findings: [...one.findings].sort((a, b) => Number(a.level !== 'error') - Number(b.level !== 'error')),
    }))
}
