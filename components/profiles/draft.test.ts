import { expect, test } from 'vitest'

import { type Draft, type DraftLayer, emptyPlaces, moveLayer, NEW_DRAFT, placesOf, putLayer } from './draft'

const layer = (name: string, of: DraftLayer['layer']): DraftLayer => ({
  name,
  displayName: name,
  layer: of,
  type: 'spectro',
  packUid: '',
  registryUid: '',
  tag: '1.0.0',
  version: '1.0.0',
  digest: '',
  logoUrl: '',
  values: '',
  manifests: [],
  invalidReason: '',
})
const draft = (...layers: DraftLayer[]): Draft => ({ ...NEW_DRAFT, layers })
const names = ({ layers }: Draft) => layers.map((one) => one.name)

test('a full profile waits for its four core layers, an add-on profile for none', () => {
  expect(emptyPlaces(draft(layer('cilium', 'cni')))).toEqual(['os', 'k8s', 'csi'])
  expect(emptyPlaces({ ...NEW_DRAFT, type: 'add-on' })).toEqual([])
})

test('a layer goes to its place in the stack, and another pack takes the place of the one before', () => {
  const held = draft(layer('kubernetes', 'k8s'), layer('dex', 'addon'), layer('traefik', 'addon'))
  const more = putLayer(held, layer('ubuntu', 'os'))
  expect(names(more)).toEqual(['ubuntu', 'kubernetes', 'dex', 'traefik'])
  expect(names(putLayer(more, layer('fluent-bit', 'addon'), 'dex'))).toEqual([
    ...['ubuntu', 'kubernetes', 'fluent-bit', 'traefik'],
  ])
})

test('an add-on moves among the add-ons, never under the core', () => {
  const held = draft(layer('csi-nfs', 'csi'), layer('dex', 'addon'), layer('traefik', 'addon'))
  expect(names(moveLayer(held, 'traefik', -1))).toEqual(['csi-nfs', 'traefik', 'dex'])
  expect(names(moveLayer(held, 'dex', -1))).toEqual(names(held))
})

test('one builds from the bottom up', () => {
  expect(placesOf(draft(layer('kubernetes', 'k8s'), layer('dex', 'addon')))).toEqual([
    ...[
      'basics',
      'place:os',
      'layer:kubernetes',
      'place:cni',
      'place:csi',
      'layer:dex',
      'add',
      'variables',
      'review',
    ],
  ])
})
