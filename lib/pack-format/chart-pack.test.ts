import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify, type ToStringOptions } from 'yaml'

import type { Chart, ChartMetadata } from './chart'
import { packNameOf, tagOf, toChartParts } from './chart-pack'
import { PackManifest } from './manifest'
import { parseYaml } from './yaml'

const chart = (
  metadata: Partial<ChartMetadata> = {},
  files: Partial<Record<keyof Chart, string>> = {},
): Chart => {
  const bytes = (text: string | undefined) => (text === undefined ? null : Buffer.from(text, 'latin1'))
  return {
    metadata: {
      name: 'tide-table',
      version: '1.2.3',
      deprecated: false,
      keywords: [],
      maintainers: [],
      dependencies: [],
      annotations: {},
      ...metadata,
    },
    values: files.values === undefined ? null : Buffer.from(files.values),
    readme: bytes(files.readme),
    schema: bytes(files.schema),
    icon: bytes(files.icon),
  }
}
const manifestOf = (metadata: Partial<ChartMetadata> = {}) =>
  PackManifest.parse(JSON.parse(Buffer.from(toChartParts('a.tgz', chart(metadata)).manifest).toString()))
const valuesOf = (values: string, name = 'tide-table') =>
  Buffer.from(toChartParts('a.tgz', chart({ name }, { values })).values).toString()

test('a chart becomes an add-on with what its Chart.yaml says', () => {
  expect(
    manifestOf({
      version: '1.2.3+rev.4',
      description: 'Says when the water comes',
      home: 'https://example.org',
      appVersion: '7',
      kubeVersion: '>=1.30.0-0',
      deprecated: true,
      keywords: ['water', 'metrics'],
      maintainers: [{ name: 'The quay' }, { name: 'The ship' }],
      dependencies: [{ name: 'redis', version: '1.x', repository: 'https://example.org' }],
    }),
  ).toEqual({
    name: 'tide-table',
    displayName: 'Tide Table',
    version: '1.2.3_rev.4',
    layer: 'addon',
    addonType: 'monitoring',
    cloudTypes: ['all'],
    annotations: {
      source: 'helm',
      contributor: 'The quay, The ship',
      description: 'Says when the water comes',
      docsURL: 'https://example.org',
      upstreamVersion: '7',
      kubeVersion: '>=1.30.0-0',
      system_state: 'deprecated',
      chartVersion: '1.2.3+rev.4',
    },
    chartDependencies: [{ name: 'redis', version: '1.x', repository: 'https://example.org' }],
  })
})

test('the type is that of the category, else of the first keyword that says one, else none', () => {
  const type = (annotations: Record<string, string>, keywords: string[] = []) =>
    manifestOf({ annotations, keywords }).addonType
  expect(type({ 'artifacthub.io/category': 'monitoring-logging' }, ['ingress'])).toBe('monitoring')
  expect(type({ category: 'MachineLearning' })).toBe('ai')
  expect(type({ category: 'Infrastructure' }, ['proxy', 'Load Balancer'])).toBe('load balancer')
  expect(type({}, ['proxy', 'constructor', '__proto__'])).toBe('')
})

test('names and versions become those of packs, or none', () => {
  expect(
    ['nginx', 'a.b_c', 'MyChart', 'a b//c', '-a__b-', 'x'.repeat(129), 'ä', '', '..'].map(packNameOf),
  ).toEqual(['nginx', 'a.b_c', 'mychart', 'a-b-c', 'a_b', null, null, null, null])
  expect(['1.2.3', '1.2.3-rc.1+a.b', 'v1', '1 2', '../1', ''].map(tagOf)).toEqual([
    '1.2.3',
    '1.2.3-rc.1_a.b',
    'v1',
    null,
    null,
    null,
  ])
  expect(manifestOf({ name: 'MyChart' })).toMatchObject({
    name: 'mychart',
    annotations: { chartName: 'MyChart' },
  })
})

test("values stand under the chart's own name, with comments and order as they were", () => {
  expect(
    valuesOf('# How many\nreplicas: 2 # at least\n\nscript: |\n  one\n\n   two\n  \n# end\n'),
  ).toBe(`charts:
  tide-table:
    # How many
    replicas: 2 # at least

    script: |
      one

       two
      
    # end
`)
  expect(valuesOf('a: 1\n', 'MyChart')).toBe('charts:\n  MyChart:\n    a: 1\n')
  expect(valuesOf('a: 1\n', 'on')).toBe('charts:\n  "on":\n    a: 1\n')
})

test('a chart without values has an empty map, with its comments', () => {
  const empty = { charts: { 'tide-table': {} } }
  expect(parseYaml(Buffer.from(toChartParts('a.tgz', chart()).values).toString())).toEqual(empty)
  for (const none of ['', '\n', '---\n', '{}\n', '# nothing\n', '---\n# nothing\n\n', '\ufeff# a\r\n'])
    expect(parseYaml(valuesOf(none)), none).toEqual(empty)
  expect(valuesOf('# nothing to set\n')).toContain('# nothing to set')
})

test('document marks, directives and flow maps make no difference', () => {
  for (const text of [
    'a: 1\nb: [2]\n',
    '---\na: 1\nb: [2]\n',
    '# first\n\n--- # second\na: 1\nb: [2]',
    '%YAML 1.2\n---\na: 1\nb: [2]\n...\n',
    '--- {a: 1, b: [2]}\n',
    '{"a": 1,\n"b": [2]}\n',
    '  a: 1\n  b: [2]\n',
    'a: 1\r\nb:\r\n- 2\r\n',
  ])
    expect(parseYaml(valuesOf(text)), text).toEqual({ charts: { 'tide-table': { a: 1, b: [2] } } })
  expect(valuesOf('# first\n\n--- # second\na: 1\n')).toBe(
    'charts:\n  tide-table:\n    # first\n\n    # second\n    a: 1\n',
  )
})

test('values that are no map are refused', () => {
  for (const text of ['- a\n', '[a]\n', 'word\n', '# a\n"text"\n', 'a: 1\n---\nb: 2\n', '---\n- a\n...\n'])
    expect(() => valuesOf(text), text).toThrow(/^a\.tgz: holds a values\.yaml that/)
  const bytes = Buffer.from([0x61, 0x3a, 0x20, 0xff])
  expect(() => toChartParts('a.tgz', { ...chart(), values: bytes })).toThrow('no UTF-8')
})

test('whatever the values are, they mean the same under their key, and the same chart gives the same bytes', () => {
  const options: fc.Arbitrary<ToStringOptions> = fc.record({
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 20, 80),
    defaultStringType: fc.constantFrom(
      'PLAIN',
      'QUOTE_DOUBLE',
      'QUOTE_SINGLE',
      'BLOCK_LITERAL',
      'BLOCK_FOLDED',
    ),
  } as const)
  const text = fc.oneof(
    fc.string(),
    fc.lorem(),
    fc.constantFrom('a\n\n  b\n', '\n\na\n\n', ' a\n b', '# c\n---\n'),
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }))
  const values = fc.dictionary(text, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
  fc.assert(
    fc.property(values, options, (data, style) => {
      const written = stringify(data, null, { ...style, aliasDuplicateObjects: false })
      const read = valuesOf(written)
      expect(parse(read)).toEqual({ charts: { 'tide-table': parse(written) } })
      expect(valuesOf(written)).toBe(read)
    }),
    { numRuns: 300 },
  )
})

test('README, schema and logo are kept as they are; what is no image is left out', () => {
  const png = '\x89PNG\r\n\x1a\n'
  const parts = toChartParts('a.tgz', chart({}, { readme: '# A\n', schema: '{}', icon: png }))
  expect(Object.keys(parts)).toEqual(['manifest', 'values', 'readme', 'schema', 'logo'])
  expect(Buffer.from(parts.logo ?? '').toString('latin1')).toBe(png)
  expect(toChartParts('a.tgz', chart({}, { icon: '<html></html>', readme: '' }))).not.toHaveProperty('logo')
})
