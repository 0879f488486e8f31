import { expect, test } from 'vitest'

import type { Layer } from '../pack-format/manifest'
import { checkProfile, inStackOrder, SEMVER } from './rules'
import type { ProfileType } from './schema'

const of = (...layers: Layer[]) =>
  layers.map((layer, i) => ({ name: `${layer}-${i}`, layer, values: 'a: 1\n' }))
const codes = (type: ProfileType, layers: ReturnType<typeof of>) =>
  checkProfile({ type, layers }).map((one) => one.code)

test('a full profile with its four core layers and add-ons is sound', () => {
  expect(codes('cluster', of('os', 'k8s', 'cni', 'csi', 'addon', 'addon'))).toEqual([])
})

test('each missing core layer is named', () => {
  expect(checkProfile({ type: 'cluster', layers: of('os', 'k8s', 'cni') })).toMatchObject([
    { code: 'CoreLayerMissing', message: expect.stringContaining('storage') },
  ])
})

test('two network layers, add-ons in infrastructure and core layers in add-on profiles are errors', () => {
  expect(codes('cluster', of('os', 'k8s', 'cni', 'cni', 'csi'))).toEqual(['CoreLayerTwice'])
  expect(codes('infra', of('os', 'k8s', 'cni', 'csi', 'addon'))).toEqual(['AddonInInfra'])
  expect(codes('add-on', of('os', 'addon'))).toEqual(['CoreLayerInAddon'])
  expect(codes('add-on', [])).toEqual(['NoLayers'])
})

test('values that are no YAML are an error of their layer, with the line', () => {
  const [finding] = checkProfile({
    type: 'add-on',
    layers: [{ name: 'x', layer: 'addon', values: 'a: 1\n  b: [\n' }],
  })
  expect(finding).toMatchObject({
    pack: 'x',
    code: 'ValuesNoYaml',
    message: expect.stringMatching(/line \d/),
  })
})

test('the stack stands on its operating system', () => {
  expect(inStackOrder(of('addon', 'csi', 'os', 'k8s', 'cni')).map((one) => one.layer)).toEqual([
    ...['os', 'k8s', 'cni', 'csi', 'addon'],
  ])
})

test('a version is strict semver', () => {
  for (const good of ['1.2.3', '1.2.3-rc.1', '0.0.1+b']) expect(SEMVER.test(good)).toBe(true)
  for (const bad of ['2.2.2.develop', 'b0.0.1', 'v1.2', '1.2', '01.2.3', ''])
    expect(SEMVER.test(bad)).toBe(false)
})
