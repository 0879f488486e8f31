import { expect, test } from 'vitest'

import type { PackManifest } from './manifest'
import { findChanges, type VersionFacts } from './version-changes'

const manifest: PackManifest = { name: 'dash', displayName: 'Dash', version: '1.0.0', layer: 'addon' }
const facts = (more: Partial<VersionFacts> = {}): VersionFacts => ({
  ...{ values: 'a: 1\n', presets: [], schema: [] },
  ...more,
  manifest: { ...manifest, ...more.manifest },
})
const needing = (minVersion: string, type: 'required' | 'optional' = 'required') =>
  facts({
    manifest: {
      ...manifest,
      constraints: { dependencies: [{ packName: 'kubernetes', layer: 'k8s', type, minVersion }] },
    },
  })
const rule = (required: boolean) => ({
  ...{
    name: 'a',
    type: 'number',
    format: '',
    regex: '',
    required,
    readonly: false,
    listOptions: [],
    hints: [],
  },
})

test('the version itself is no change, other fields of pack.json are', () => {
  const right = facts({ manifest: { ...manifest, version: '2.0.0', eol: '2030-01-01' } })
  expect(findChanges(facts(), right)).toMatchObject({
    values: { added: 0, removed: 0, changed: 0 },
    constraints: [],
    metadata: { added: 1, changed: 0, changes: [{ path: 'eol', to: '2030-01-01' }] },
  })
})

test('what is asked of another pack is compared by the range of its versions', () => {
  expect(findChanges(needing('1.33'), needing('1.34')).constraints).toEqual([
    { type: 'required', name: 'kubernetes', from: '1.33 or newer', to: '1.34 or newer' },
  ])
  expect(findChanges(needing('1.33'), facts()).constraints).toMatchObject([{ from: '1.33 or newer', to: '' }])
  expect(findChanges(needing('1.33'), needing('1.33', 'optional')).constraints).toHaveLength(2)
})

test('images that the values list are told as images, and not as values', () => {
  const values = (tag: string) => `pack:\n  content:\n    images:\n      - image: x/a:${tag}\n`
  expect(findChanges(facts({ values: values('1') }), facts({ values: values('2') }))).toMatchObject({
    values: { changed: 0 },
    images: { changed: [{ name: 'x/a', from: '1', to: '2' }] },
  })
})

test('presets and rules for values are compared by their names', () => {
  const preset = { name: 'on', displayName: 'On', group: 'OIDC', remove: [], add: 'a: 2' }
  const changes = findChanges(
    facts({ presets: [preset], schema: [rule(false)] }),
    facts({ presets: [{ ...preset, displayName: 'Off' }], schema: [rule(true)] }),
  )
  expect(changes.presets).toEqual({ added: ['Off (OIDC)'], removed: ['On (OIDC)'], changed: [] })
  expect(changes.rules).toEqual({ added: [], removed: [], changed: ['a'] })
})

test('values that are no YAML are said to be, and the rest is compared', () => {
  const changes = findChanges(facts(), facts({ values: 'a: [1\n', manifest: { ...manifest, layer: 'cni' } }))
  expect(changes).toMatchObject({
    values: null,
    valuesProblem: { side: 'right', message: expect.stringContaining('line') },
    metadata: { changed: 1 },
  })
})
