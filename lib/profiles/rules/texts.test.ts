import { expect, test } from 'vitest'

import { NEW_VARIABLE } from '../variable'
import { applyFix } from './apply-fix'
import { checkProfile } from './check'
import type { CheckedLayer } from './subject'

const layer = (values: string, rest: Partial<CheckedLayer> = {}): CheckedLayer => ({
  ...{ name: 'x', displayName: 'X', layer: 'addon', version: '1.0.0', values },
  ...rest,
})
const variable = (name: string) => ({ ...NEW_VARIABLE, name })
const check = (layers: CheckedLayer[], names: string[] = []) =>
  checkProfile({
    ...{ type: 'add-on', cloudType: 'all', today: '2026-06-01' },
    layers,
    variables: names.map(variable),
  })
const codes = (values: string, names: string[] = []) => check([layer(values)], names).map((one) => one.code)

/** The values after the first fix that is offered. */
function mended(values: string, names: string[] = []) {
  const [fix] = check([layer(values)], names).flatMap((one) => one.fix ?? [])
  const draft = {
    type: 'add-on' as const,
    layers: [{ ...layer(values), digest: '', manifests: [] }],
    variables: names.map(variable),
  }
  return fix ? applyFix(draft, fix) : null
}

test('tabs, keys that are there twice and lists are told apart, each at its place', () => {
  expect(check([layer('a:\n\tb: 1\n')])).toMatchObject([{ code: 'ValuesTab', line: 2 }])
  expect(check([layer('a: 1\nb:\n  c: 1\n  c: 2\n')])).toMatchObject([
    { code: 'ValuesSameKey', line: 4, column: 3, what: 'The key c is there twice (line 4).' },
  ])
  expect(codes('- a\n')).toEqual(['ValuesNoMap'])
  expect(codes('')).toEqual([])
  expect(codes('# only a comment\n')).toEqual([])
})

test('bombs, deep nesting, sizes and lost characters are findings, at once', () => {
  const started = performance.now()
  const bomb = `a0: &a0 [x]\n${Array.from({ length: 200 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}`
  for (const values of ['['.repeat(10_000), '{a: '.repeat(10_000), bomb, ' '.repeat(10_000).concat('a: 1')])
    expect(codes(values)).toEqual(['ValuesNoYaml'])
  expect(codes(`a: ${'x'.repeat(1024 * 1024)}`)).toEqual(['ValuesTooLarge'])
  expect(check([layer('a: 1\nb: x\u0000y\n')])).toMatchObject([{ code: 'ValuesNotText', line: 2, column: 5 }])
  expect(codes('a: caf\uFFFD\n')).toEqual(['ValuesNotText'])
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('the fix for tabs and lost characters leaves values that can be read', () => {
  expect(mended('a:\n\tb: 1\n')?.layers[0]?.values).toBe('a:\n  b: 1\n')
  expect(mended('a: x\u0000y\n')?.layers[0]?.values).toBe('a: xy\n')
})

test('a variable that is not defined is an error once a layer, and defining it mends that', () => {
  const values = "a: '{{.spectro.var.region}}'\nb: '{{ .spectro.var.region }}'\n"
  expect(check([layer(values)])).toMatchObject([
    { code: 'PackVariablesUndefined', level: 'error', pack: 'x', line: 1, column: 5 },
  ])
  expect(mended(values)?.variables).toMatchObject([{ name: 'region' }])
  expect(codes(values, ['region'])).toEqual([])
})

test('a variable that nobody uses is a warning, and one in a comment is not used', () => {
  expect(check([layer("# '{{.spectro.var.region}}'\na: 1\n")], ['region'])).toMatchObject([
    { code: 'VariableUnused', level: 'warning', variable: 'region' },
  ])
})

test('a reference without quotes is found, and the fix quotes it', () => {
  for (const values of ['a: {{.spectro.var.region}}\n', 'a:\n  - {{.spectro.var.region}}-x # why\n']) {
    expect(check([layer(values)], ['region']).filter((one) => one.level === 'error')).toHaveLength(1)
    const next = mended(values, ['region'])?.layers[0]?.values ?? ''
    expect(codes(next, ['region'])).toEqual([])
    expect(next).toMatch(/'\{\{\.spectro\.var\.region\}\}(-x' # why)?/)
  }
})

test('macros are those of the system, and one spelled nearly so is mended', () => {
  expect(codes("a: '{{ .spectro.system.cluster.name }}'\n")).toEqual([])
  expect(codes("a: '{{ .spectro.macro.anything }} {{ .Release.Name }}'\n")).toEqual([])
  const wrong = "a: '{{ .spectro.system.cluster.nam }}'\n"
  expect(codes(wrong)).toEqual(['MacroUnknown'])
  expect(mended(wrong)?.layers[0]?.values).toBe("a: '{{ .spectro.system.cluster.name }}'\n")
})

test('a reference to a pack names one of the profile, and a path that it has', () => {
  const other = layer('charts:\n  size: 3\n', { name: 'kube-prom' })
  const of = (path: string) =>
    check([other, layer(`a: '{{.spectro.pack.${path}}}'\n`)]).map((one) => [one.code, one.level])
  expect(of('kube-prom.charts.size')).toEqual([])
  expect(of('kube-prom.charts.none')).toEqual([['PackReferencePath', 'warning']])
})

test('pack.content takes no variables', () => {
  const values =
    "pack:\n  content:\n    images:\n      - image: '{{.spectro.var.r}}/x:1'\na: '{{.spectro.var.r}}'\n"
  expect(codes(values, ['r'])).toEqual(['VariableInContent'])
})

test('manifests of a layer are read like values, several documents in one', () => {
  const manifest = (content: string) =>
    check([layer('', { type: 'manifest', manifests: [{ name: 'm', content }] })])
  expect(manifest('kind: A\n---\nkind: B\n')).toEqual([])
  expect(manifest('kind: A\n---\nkind: B\nc: ]\n')).toMatchObject([{ pack: 'x', manifest: 'm', line: 4 }])
  expect(manifest("a: '{{.spectro.var.none}}'\n")).toMatchObject([
    { code: 'PackVariablesUndefined', manifest: 'm', line: 1 },
  ])
})
