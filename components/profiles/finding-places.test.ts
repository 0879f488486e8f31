import { expect, test } from 'vitest'

import { toFinding } from '@/lib/profiles/rules/finding'
import { type Draft, type DraftLayer, NEW_DRAFT } from './draft'
import { groupFindings, isSafe, placeOf } from './finding-places'

const layer = (name: string, layer: DraftLayer['layer']): DraftLayer => ({
  ...{ name, displayName: name.toUpperCase(), layer, type: 'spectro', packUid: '', registryUid: '', tag: '' },
  ...{ version: '1.0.0', digest: '', logoUrl: '', values: '', manifests: [], invalidReason: '' },
})
const draft: Draft = { ...NEW_DRAFT, layers: [layer('linux', 'os'), layer('dash', 'addon')] }
const found = (rest: Partial<Parameters<typeof toFinding>[0]>) =>
  toFinding({ code: 'Any', what: 'Something.', mend: 'Mend it.', ...rest })

test('what was found is grouped from the profile itself up the stack, errors first', () => {
  const findings = [
    found({ pack: 'dash', level: 'warning' }),
    found({ pack: 'dash', path: 'a' }),
    found({ pack: 'linux' }),
    found({ variable: 'size' }),
    found({}),
  ]
  expect(groupFindings(findings, draft).map((one) => [one.name, one.findings.map((f) => f.level)])).toEqual([
    ['Profile', ['error']],
    ['Variables', ['error']],
    ['LINUX', ['error']],
    ['DASH', ['error', 'warning']],
  ])
})

test('each finding leads to where it is mended', () => {
  expect(placeOf(found({ code: 'CoreLayerMissing', layer: 'csi' }), draft)).toBe('place:csi')
  expect(placeOf(found({ code: 'DependencyMissing', pack: 'dash', layer: 'k8s' }), draft)).toBe('place:k8s')
  expect(placeOf(found({ code: 'DependencyMissing', pack: 'dash', layer: 'addon' }), draft)).toBe('add')
  expect(placeOf(found({ pack: 'dash' }), draft)).toBe('layer:dash')
  expect(placeOf(found({ variable: 'size' }), draft)).toBe('variables')
  expect(placeOf(found({ pack: 'gone' }), draft)).toBeNull()
})

test('what removes something is not applied together with others', () => {
  expect(isSafe({ label: '', edits: [{ do: 'removeLayer', layer: 'dash' }] })).toBe(false)
  expect(isSafe({ label: '', edits: [{ do: 'setValue', layer: 'dash', path: ['a'], value: 1 }] })).toBe(true)
})
