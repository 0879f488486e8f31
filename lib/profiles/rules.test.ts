import { expect, test } from 'vitest'

import type { Layer } from '../pack-format/manifest'
import { checkDependencies, checkProfile, inStackOrder } from './rules'
import { type ProfileType, SEMVER } from './schema'

type Layers = Parameters<typeof checkProfile>[0]['layers']
const pack = (name: string, layer: Layer, rest: Partial<Layers[number]> = {}): Layers[number] => ({
  ...{ name, displayName: name, layer, version: '1.0.0', values: 'a: 1\n', dependencies: [] },
  ...rest,
})
const of = (...layers: Layer[]) => layers.map((layer, i) => pack(`${layer}-${i}`, layer))
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
    layers: [pack('x', 'addon', { values: 'a: 1\n  b: [\n' })],
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

const world = (version: string, dependency: object) => [
  pack('kubernetes', 'k8s', { displayName: 'Kubernetes', version }),
  pack('dash', 'addon', {
    displayName: 'Dashboard',
    dependencies: [{ packName: 'kubernetes', layer: 'k8s', type: 'required', ...dependency } as never],
  }),
]
const found = (version: string, dependency: object) =>
  checkDependencies({ type: 'cluster', layers: world(version, dependency) }).map((one) => one.code)

test('bounds of a required pack are inclusive, and a missing part of a version is 0', () => {
  const bounds = { minVersion: '1.27', maxVersion: '1.29.4' }
  for (const version of ['1.27.0', '1.28', '1.29.4']) expect(found(version, bounds)).toEqual([])
  for (const version of ['1.26.9', '1.29.5', '1.30'])
    expect(found(version, bounds)).toEqual(['DependencyVersion'])
  expect(found('1.10.0', { minVersion: '1.9' })).toEqual([])
})

test('an empty bound is no bound', () => {
  expect(found('9.9.9', { minVersion: '', maxVersion: '' })).toEqual([])
})

test('an optional pack counts only where it is in the profile', () => {
  const optional = { type: 'optional', maxVersion: '1.30' }
  expect(found('1.31.0', optional)).toEqual(['DependencyVersion'])
  const [, alone] = world('1.31.0', optional)
  expect(checkDependencies({ type: 'cluster', layers: alone ? [alone] : [] })).toEqual([])
})

test('a version that is not supported is an error inside its range only', () => {
  const unsupported = { type: 'notSupported', minVersion: '1.30', maxVersion: '1.31' }
  expect(found('1.30.2', unsupported)).toEqual(['DependencyNotSupported'])
  expect(found('1.32.0', unsupported)).toEqual([])
})

test('a required pack that is missing is named, but an add-on profile stands on a cluster of others', () => {
  const layers = world('1.31.0', { minVersion: '1.30' }).slice(1)
  expect(checkDependencies({ type: 'cluster', layers })).toMatchObject([
    { code: 'DependencyMissing', pack: 'dash', message: 'Dashboard needs kubernetes from 1.30. Add it.' },
  ])
  expect(checkDependencies({ type: 'add-on', layers })).toEqual([])
})

test('a pack that is deprecated or gone is a warning and stops nothing', () => {
  const layers = [pack('x', 'addon', { state: 'gone' })]
  expect(checkProfile({ type: 'add-on', layers })).toMatchObject([{ level: 'warning', pack: 'x' }])
})
