import { expect, test } from 'vitest'

import { MASK, NEW_VARIABLE, type Variable, type VariableFormat } from '../variable'
import { formatProblem } from './formats'
import { checkVariables } from './variables'

const layer = (values: string) => ({
  ...{ name: 'x', displayName: 'X', layer: 'addon' as const, version: '1.0.0', values },
})
const check = (...variables: Partial<Variable>[]) =>
  checkVariables({
    layers: [layer("a: '{{.spectro.var.v}}'\nb: '{{.spectro.var.w}}'\n")],
    variables: variables.map((one) => ({ ...NEW_VARIABLE, name: 'v', ...one })),
  })
const codes = (...variables: Partial<Variable>[]) => check(...variables).map((one) => one.code)

const FORMATS: [VariableFormat, string[], string[]][] = [
  ['string', ['', 'anything'], []],
  ['number', ['3', '-0.5'], ['x', '1 ']],
  ['boolean', ['true', 'false'], ['1', '0', 'yes']],
  ['ipv4', ['10.0.0.1'], ['10.0.0.256', '10.0.0.1/8']],
  ['ipv4cidr', ['10.0.0.0/16', '0.0.0.0/0'], ['10.0.0.0', '10.0.0.0/33']],
  ['ipv6', ['::', '2001:db8::8:800:200c:417a'], [':', '1::2::3', '12345::']],
  ['version', ['1.2.3', '1.2.3-rc.1'], ['1.2', 'v1.2.3']],
  ['base64', ['aGVsbG8=', ''], ['a', 'aGVsbG8', 'a b=']],
]

test.each(FORMATS)('values of the format %s are told from others', (format, good, bad) => {
  for (const value of good) expect([value, formatProblem(format, value)]).toEqual([value, null])
  for (const value of bad) expect([value, formatProblem(format, value)]).not.toEqual([value, null])
})

test('a name is one that values can write, and is there once, as is what it is shown as', () => {
  for (const name of ['', '1a', 'a.b', 'a b', 'a'.repeat(65)])
    expect(codes({ name })).toContain('VariableName')
  expect(codes({}, {})).toEqual(['VariableTwice'])
  expect(codes({ displayName: 'Size' }, { name: 'w', displayName: 'Size' })).toEqual(['VariableDisplayName'])
})

test('a default fits its format and its expression', () => {
  expect(codes({ format: 'number', defaultValue: 'x' })).toEqual(['VariableDefault'])
  expect(codes({ regex: '^[a-z]+$', defaultValue: 'A' })).toEqual(['VariableDefault'])
  expect(codes({ regex: '^[a-z]+$', defaultValue: 'a' })).toEqual([])
  expect(codes({ regex: '(?=x)' })).toEqual(['VariableRegex'])
})

test('expressions are matched in time linear to the text', () => {
  const started = performance.now()
  expect(codes({ regex: '^(a+)+$', defaultValue: `${'a'.repeat(5_000)}b` })).toEqual(['VariableDefault'])
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('what nobody can enter has a default', () => {
  expect(codes({ immutable: true })).toEqual(['VariableNeedsDefault'])
  expect(codes({ hidden: true, required: true })).toEqual(['VariableNeedsDefault'])
  expect(codes({ hidden: true })).toEqual([])
  expect(codes({ immutable: true, defaultValue: MASK, isSensitive: true, format: 'number' })).toEqual([])
})

test('a list has options, and its default is one of them', () => {
  const dropdown = (options: string[], rest: Partial<Variable> = {}) =>
    codes({
      inputType: 'dropdown',
      options: options.map((value) => ({ value, label: '', description: '', default: false })),
      ...rest,
    })
  expect(dropdown([])).toEqual(['VariableOptions'])
  expect(dropdown(['a', 'a'])).toEqual(['VariableOptions'])
  expect(dropdown(['1', 'x'], { format: 'number' })).toEqual(['VariableOptions'])
  expect(dropdown(['a'], { defaultValue: 'b' })).toEqual(['VariableDefault'])
  expect(dropdown(['a'], { defaultValue: 'a' })).toEqual([])
})

test('a default refers to nothing, least of all to itself', () => {
  expect(check({ defaultValue: '{{.spectro.var.v}}' })).toMatchObject([
    { code: 'VariableNested', what: 'The default of v refers to v, itself.' },
  ])
  expect(codes({ defaultValue: '{{.spectro.system.cluster.name}}' })).toEqual(['VariableNested'])
})

test('the default of a masked variable is in no finding', () => {
  const found = check({ isSensitive: true, format: 'number', defaultValue: 'canary-77' })
  expect(found).toHaveLength(1)
  expect(JSON.stringify(found)).not.toContain('canary-77')
})
