import { expect, test } from 'vitest'

import type { Layer } from '../../pack-format/manifest'
import { type ProfileType, SEMVER } from '../schema'
import { checkProfile } from './check'
import { checkDependencies } from './dependencies'
import { inStackOrder } from './layers'
import type { CheckedLayer, PackFacts, Subject } from './subject'

const FACTS: PackFacts = {
  ...{ cloudTypes: [], dependencies: [], resources: [], schema: [], own: '', state: 'active' },
  ...{ eol: '', digest: '' },
}
const pack = (
  name: string,
  layer: Layer,
  { facts, ...rest }: Partial<CheckedLayer> & { facts?: Partial<PackFacts> } = {},
): CheckedLayer => ({
  ...{ name, displayName: name, layer, version: '1.0.0', values: 'a: 1\n' },
  pack: { ...FACTS, ...facts },
  ...rest,
})
const of = (...layers: Layer[]) => layers.map((layer, i) => pack(`${layer}-${i}`, layer))
const check = (type: ProfileType, layers: CheckedLayer[], rest: Partial<Subject> = {}) =>
  checkProfile({ type, cloudType: 'all', layers, variables: [], today: '2026-06-01', ...rest })
const codes = (type: ProfileType, layers: CheckedLayer[], rest: Partial<Subject> = {}) =>
  check(type, layers, rest).map((one) => one.code)

test('a full profile with its four core layers and add-ons is sound', () => {
  expect(codes('cluster', of('os', 'k8s', 'cni', 'csi', 'addon', 'addon'))).toEqual([])
})

test('each missing core layer is named', () => {
  expect(check('cluster', of('os', 'k8s', 'cni'))).toMatchObject([
    { code: 'CoreLayerMissing', layer: 'csi', what: expect.stringContaining('storage') },
  ])
})

test('two network layers, add-ons in infrastructure and core layers in add-on profiles are errors', () => {
  expect(codes('cluster', of('os', 'k8s', 'cni', 'cni', 'csi'))).toEqual(['CoreLayerTwice'])
  expect(codes('infra', of('os', 'k8s', 'cni', 'csi', 'addon'))).toEqual(['AddonInInfra'])
  expect(codes('add-on', of('os', 'addon'))).toEqual(['CoreLayerInAddon'])
  expect(codes('add-on', [])).toEqual(['NoLayers'])
})

test('values that are no YAML are an error of their layer, with the line', () => {
  const [finding] = check('add-on', [pack('x', 'addon', { values: 'a: 1\nb: ]\n' })])
  expect(finding).toMatchObject({ pack: 'x', code: 'ValuesNoYaml', line: 2, column: 4 })
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
    facts: { dependencies: [{ packName: 'kubernetes', layer: 'k8s', type: 'required', ...dependency }] },
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
    { code: 'DependencyMissing', pack: 'dash', what: 'Dashboard needs kubernetes from 1.30.' },
  ])
  expect(checkDependencies({ type: 'add-on', layers })).toEqual([])
})

test('a pack that is deprecated or gone is a warning and stops nothing', () => {
  const layers = [pack('x', 'addon', { facts: { state: 'gone' } })]
  expect(check('add-on', layers)).toMatchObject([{ level: 'warning', pack: 'x', code: 'PackState' }])
})

test('a pack that is made for other clouds is an error, and add-ons run anywhere', () => {
  const layers = [
    pack('ami', 'os', { facts: { cloudTypes: ['aws', 'eks'] } }),
    ...of('k8s', 'cni', 'csi'),
    pack('edge', 'addon', { facts: { cloudTypes: ['edge'] } }),
  ]
  expect(codes('cluster', layers, { cloudType: 'edge-native' })).toEqual(['CloudType'])
  expect(codes('cluster', layers, { cloudType: 'aws' })).toEqual(['CloudType'])
  expect(codes('cluster', layers)).toEqual([])
  expect(codes('add-on', layers.slice(4), { cloudType: 'aws' })).toEqual([])
})

test('one pack is there once, unless the second has a name of its own', () => {
  const twice = [pack('nginx', 'addon'), pack('nginx', 'addon')]
  const [finding] = check('add-on', twice)
  expect(finding).toMatchObject({ code: 'PackTwice', fix: { edits: [{ do: 'renameLayer', at: 1 }] } })
  expect(codes('add-on', [pack('nginx', 'addon'), pack('inner--nginx', 'addon')])).toEqual([])
})

test('what a pack may be upgraded from is held against the version before', () => {
  const layers = [
    pack('argo-cd', 'addon', {
      version: '3.27.0',
      facts: { dependencies: [{ packName: 'argo-cd', layer: 'addon', type: 'upgrade', minVersion: '3.20' }] },
    }),
  ]
  const from = (version: string) => codes('add-on', layers, { before: [{ name: 'argo-cd', version }] })
  expect(from('3.19.9')).toEqual(['UpgradeVersion'])
  expect(from('3.20.0')).toEqual([])
  expect(codes('add-on', layers)).toEqual([])
})

test('the end of a pack’s life is told when it is near, and stops nothing', () => {
  const found = (eol: string) =>
    check('add-on', [pack('x', 'addon', { facts: { eol } })]).map((one) => [one.level, one.code])
  expect(found('2026-05-31')).toEqual([['warning', 'EndOfLife']])
  expect(found('2026-07-31')).toEqual([['warning', 'EndOfLifeSoon']])
  for (const eol of ['2027-05-31', ' ', '', 'never']) expect(found(eol)).toEqual([])
})

test('other content under the same version is a warning with a way to take it', () => {
  const digest = 'sha256:old'
  expect(check('add-on', [pack('x', 'addon', { digest, facts: { digest: 'sha256:new' } })])).toMatchObject([
    { level: 'warning', code: 'DigestDrift', fix: { edits: [{ do: 'takeContent', digest: 'sha256:new' }] } },
  ])
  expect(codes('add-on', [pack('x', 'addon', { digest, facts: { digest } })])).toEqual([])
})

test('what is found has the same id as long as it is the same', () => {
  const once = check('cluster', of('os', 'cni')).map((one) => one.id)
  expect(new Set(once).size).toBe(once.length)
  expect(check('cluster', of('os', 'cni')).map((one) => one.id)).toEqual(once)
})
