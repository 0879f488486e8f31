import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { type Preset, parsePresets } from '../pack-format/presets'
import { parseYaml } from '../pack-format/yaml'
import { enabledPresets } from './enabled-presets'
import { applyPreset, choosePreset, withdrawPreset, withPresets } from './presets'

const preset = (one: Partial<Preset>): Preset => ({
  name: 'p',
  displayName: 'P',
  group: 'G',
  remove: [],
  add: '',
  ...one,
})

const values = `# Read this first.
pack:
  namespace:   "web"   # made if missing


charts:
  web:
    # How many of them.
    replicas: 1   # a small one
    ports: [80,  443]
    args:
    - --quiet
    tls: {enabled: true}
`

test('a preset is merged into the values, and every other line stands as it stood', () => {
  const add = 'charts:\n  web:\n    replicas: 3\n    affinity:\n      hard: true\n'
  expect(applyPreset(values, preset({ add }))).toBe(
    `# spectrocloud.com/enabled-presets: G:p\n${values
      .replace('replicas: 1   #', 'replicas: 3 #')
      .replace('true}\n', 'true}\n    affinity:\n      hard: true\n')}`,
  )
})

test('what a preset removes is gone, also where a key holds dots', () => {
  const text = 'pack:\n  spectrocloud.com/install-priority: "10"\n  keep: 1\n'
  const result = applyPreset(text, preset({ remove: ['pack.spectrocloud.com/install-priority', 'no.such'] }))
  expect(parseYaml(result)).toEqual({ pack: { keep: 1 } })
})

test('the first line remembers one preset a group', () => {
  const two = applyPreset(
    applyPreset(values, preset({ name: 'a' })),
    preset({ group: 'Other one', name: 'b' }),
  )
  expect(enabledPresets(two)).toEqual([
    { group: 'G', name: 'a' },
    { group: 'Other one', name: 'b' },
  ])
  expect(applyPreset(two, preset({ name: 'c' })).split('\n', 1)).toEqual([
    '# spectrocloud.com/enabled-presets: G:c,Other one:b',
  ])
})

test('a preset that is withdrawn leaves the pack’s own values', () => {
  const one = preset({
    remove: ['charts.web.args'],
    add: 'charts:\n  web:\n    replicas: 3\n    extra: {a: 1}\n',
  })
  const applied = applyPreset(values, one)
  expect(parseYaml(applied)).toMatchObject({ charts: { web: { replicas: 3, extra: { a: 1 } } } })
  expect(withdrawPreset(applied, one, values)).toBe(values)
})

test('what a person changed since stays when a preset is withdrawn', () => {
  const one = preset({ add: 'charts:\n  web:\n    replicas: 3\n' })
  const changed = applyPreset(values, one).replace('replicas: 3', 'replicas: 7')
  expect(parseYaml(withdrawPreset(changed, one, values))).toMatchObject({ charts: { web: { replicas: 7 } } })
})

test('choosing another preset of a group withdraws the one that was in it', () => {
  const presets = [preset({ name: 'a', add: 'a: 1\n' }), preset({ name: 'b', add: 'b: 1\n' })]
  const context = { presets, own: values }
  const first = choosePreset(values, 'G', 'a', context)
  const second = choosePreset(first, 'G', 'b', context)
  expect(parseYaml(second)).toEqual({ ...(parseYaml(values) as object), b: 1 })
  expect(choosePreset(second, 'G', null, context)).toBe(values)
})

test('presets are taken along to another version, where it has them', () => {
  const presets = [preset({ name: 'a', add: 'a: 1\n' })]
  const next = withPresets(
    values,
    [
      { group: 'G', name: 'a' },
      { group: 'Gone', name: 'x' },
    ],
    presets,
  )
  expect(enabledPresets(next)).toEqual([{ group: 'G', name: 'a' }])
  expect(parseYaml(next)).toMatchObject({ a: 1 })
})

test('an empty text and one of comments alone take a preset', () => {
  expect(applyPreset('', preset({ add: 'a: 1\n' }))).toBe('# spectrocloud.com/enabled-presets: G:p\na: 1\n')
  expect(applyPreset('# Nothing yet.\n', preset({ add: 'a: 1\n' }))).toBe(
    '# spectrocloud.com/enabled-presets: G:p\n# Nothing yet.\na: 1\n',
  )
})

test('values that cannot be read are refused, not replaced', () => {
  expect(() => applyPreset('a: [', preset({ add: 'b: 1\n' }))).toThrow(/line 1/)
})

test('each preset of the sample packs goes in and out without a trace', () => {
  const folder = new URL('../../packs/kubernetes-1.35.3/', import.meta.url)
  const own = readFileSync(new URL('values.yaml', folder), 'utf8')
  const presets = parsePresets(readFileSync(new URL('presets.yaml', folder), 'utf8'))
  for (const { group, name } of presets) {
    const there = choosePreset(own, group, name, { presets, own })
    expect(there.split('\n').length).toBeGreaterThan(own.split('\n').length - 10)
    const held = enabledPresets(own).find((one) => one.group === group)?.name ?? null
    expect(choosePreset(there, group, held, { presets, own })).toBe(own)
  }
})
