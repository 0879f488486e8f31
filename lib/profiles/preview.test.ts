import fc from 'fast-check'
import { expect, test } from 'vitest'

import { HIDDEN, resolveProfile, usesOf } from './preview'
import { MASK, NEW_VARIABLE, type Variable } from './variable'

const layer = (values: string) => ({ name: 'x', values })
const variable = (name: string, rest: Partial<Variable> = {}): Variable => ({
  ...NEW_VARIABLE,
  name,
  ...rest,
})
const resolve = (values: string, variables: Variable[], inputs: Record<string, string> = {}) =>
  resolveProfile([layer(values)], variables, inputs)[0]

test('inputs go before defaults, and everything else of the text stays as it is written', () => {
  const values = '# sizes\na: \'{{.spectro.var.n}}\' # nodes\nb: "{{ .spectro.var.n }}-x"\n'
  const n = variable('n', { defaultValue: '3' })
  expect(resolve(values, [n])?.text).toBe('# sizes\na: \'3\' # nodes\nb: "3-x"\n')
  expect(resolve(values, [n], { n: '5' })?.text).toBe('# sizes\na: \'5\' # nodes\nb: "5-x"\n')
  expect(resolve(values, [{ ...n, immutable: true }], { n: '5' })?.text).toContain("a: '3'")
})

test('what is required and not given stays open, and so do macros', () => {
  const values = "a: '{{.spectro.var.r}}'\nb: '{{.spectro.var.o}}'\nc: '{{.spectro.system.cluster.name}}'\n"
  const found = resolve(values, [variable('r', { required: true }), variable('o')])
  expect(found?.text).toBe("a: '{{.spectro.var.r}}'\nb: ''\nc: '{{.spectro.system.cluster.name}}'\n")
  expect(found?.open.map((one) => [one.kind, one.name])).toEqual([
    ['var', 'r'],
    ['system', 'cluster.name'],
  ])
})

test('a masked value is shown to nobody, whether it is kept, entered or by default', () => {
  for (const [defaultValue, input] of [
    [MASK, ''],
    ['canary', ''],
    ['', 'canary'],
  ])
    expect(
      resolve("a: '{{.spectro.var.p}}'\n", [variable('p', { isSensitive: true, defaultValue })], {
        p: input ?? '',
      })?.text,
    ).toBe(`a: '${HIDDEN}'\n`)
})

test('a value that looks like a reference is not looked into again', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (input) => {
      const text = resolve('a: {{.spectro.var.v}}', [variable('v')], { v: input })?.text
      expect(text).toBe(`a: ${input}`)
    }),
  )
  expect(resolve('{{.spectro.var.v}}', [variable('v')], { v: '{{.spectro.var.v}}' })?.text).toBe(
    '{{.spectro.var.v}}',
  )
})

test('where a variable is used is told by layer, manifest and line', () => {
  const layers = [
    layer("a: 1\nb: '{{.spectro.var.v}}'\n# '{{.spectro.var.v}}'\n"),
    {
      ...{ name: 'm', type: 'manifest', values: '' },
      manifests: [{ name: 'ns', content: "x: '{{.spectro.var.v}}'\n" }],
    },
  ]
  expect(usesOf(layers).get('v')).toEqual([
    { layer: 'x', line: 2 },
    { layer: 'm', manifest: 'ns', line: 1 },
  ])
})
