import fc from 'fast-check'
import { expect, test } from 'vitest'

import { parseValueSchema } from '../../pack-format/value-schema'
import { NEW_VARIABLE, type Variable } from '../variable'
import { applyFix } from './apply-fix'
import { checkProfile } from './check'
import { readQuantity } from './resources'
import type { PackFacts } from './subject'
import { valueProblem } from './value-format'

const FACTS: PackFacts = {
  ...{ cloudTypes: [], dependencies: [], resources: [], schema: [], own: '', state: 'active' },
  ...{ eol: '', digest: '' },
}

function subject(schema: string, values: string, rest: { own?: string; variables?: Variable[] } = {}) {
  const pack = { ...FACTS, schema: parseValueSchema(schema), own: rest.own ?? values }
  const layers = [
    {
      ...{ name: 'x', displayName: 'X', layer: 'addon' as const, version: '1.0.0' },
      ...{ values, digest: '', manifests: [], pack },
    },
  ]
  const { variables = [] } = rest
  return { type: 'add-on' as const, cloudType: 'all', today: '2026-06-01', layers, variables }
}
const check = (...args: Parameters<typeof subject>) => checkProfile(subject(...args))
const rule = (template: string) => `a.b:\n  schema: '{{ ${template} }}'\n`

/** Every type that the documents name, with values that fit and values that do not. */
const TYPES: [format: string, good: string[], bad: string[]][] = [
  ['${string}', ['x', 'a b', '1'], []],
  ['${string:/^([a-z0-9].*)$/}', ['abc', '1a'], ['Abc', '-']],
  ['${number}', ['3', '0.5', '-1', '1e3'], ['x', '1a', '0x1f']],
  ['${number:[5000-5005]}', ['5000', '5005'], ['4999', '5006', 'x']],
  ['${number:/^(500[0-5])$/}', ['5000', '5005'], ['5006', '15000']],
  ['${boolean}', ['true', 'false'], ['yes', '1', 'TRUE']],
  ['${password}', ['anything', '***'], []],
  ['${list:[PACK,GIT,CHART]}', ['PACK', 'CHART'], ['pack', 'PACK,GIT']],
  ['${ipv4}', ['10.0.0.1', '255.255.255.255'], ['256.0.0.1', '10.0.0', '10.0.0.1/8', '::1']],
  ['${ipv6}', ['::1', '2001:db8::1', '::ffff:10.0.0.1'], ['10.0.0.1', '2001:::1', '1:2:3']],
  ['${version}', ['1.2.3', 'v1.33', '1.2.3-rc.1'], ['latest', 'x1']],
  ['${ipv4} - ${ipv4}', ['10.0.0.1 - 10.0.0.9'], ['10.0.0.1', '10.0.0.1-10.0.0.9', '10.0.0.1 - x']],
  ['${ipv4}/${number:[8-26]}', ['10.0.0.0/8', '10.0.0.0/26'], ['10.0.0.0/27', '10.0.0.0/7', '10.0.0.0']],
  ['${string}/${string}:${version}', ['ghcr.io/a/b:1.2.3'], ['b', 'ghcr.io/a/b:latest']],
  ['type-${list:[zeroedthick,thin]}, size=${number}', ['type-thin, size=150'], ['type-x, size=150']],
  ['${input}', ['anything'], []],
]

test.each(TYPES)('values of the format %s are told from others', (format, good, bad) => {
  for (const value of good) expect([value, valueProblem(format, value)]).toEqual([value, null])
  for (const value of bad) expect([value, valueProblem(format, value)]).not.toEqual([value, null])
})

test('any format and any value are looked at without a fault, in little time', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), (format, value) => {
      valueProblem(format, value)
      valueProblem(`\${string:/${format}/} ${'${number}'}`, value)
    }),
    { numRuns: 300 },
  )
  const started = performance.now()
  valueProblem('${string:/^(a+)+$/}', `${'a'.repeat(50_000)}b`)
  valueProblem('${string:/^(([a-z])+.)+[A-Z]([a-z])+$/}', 'a'.repeat(50_000))
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('a required value that is missing or empty is an error at the line where it would stand', () => {
  const schema = rule('required')
  expect(check(schema, 'z: 1\na:\n  c: 1\n')).toMatchObject([
    { code: 'ValueRequired', path: 'a.b', line: 2, pack: 'x' },
  ])
  expect(check(schema, 'a:\n  b: ""\n')).toMatchObject([{ code: 'ValueRequired', line: 2, column: 6 }])
  for (const values of ['a:\n  b: 0\n', 'a:\n  b: false\n', 'a: {b: x}\n'])
    expect(check(schema, values)).toEqual([])
})

test('rules of list items look at each of them', () => {
  const schema = 'pools.$[].cidr: { schema: \'{{ required | format "${ipv4}/${number:[8-28]}" }}\' }'
  expect(check(schema, 'pools:\n  - cidr: 10.0.0.0/16\n  - cidr: nonsense\n  - name: x\n')).toMatchObject([
    { code: 'ValueFormat', path: 'pools.1.cidr', line: 3 },
    { code: 'ValueRequired', path: 'pools.2.cidr' },
  ])
  expect(check(schema, 'pools: []\n')).toMatchObject([{ code: 'ValueRequired', path: 'pools.0.cidr' }])
})

test('a read-only value that was changed is an error, and the fix puts the pack’s own back', () => {
  const own = '# why\na:\n  b: fixed # so\n'
  const draft = subject(rule('readonly'), '# why\na:\n  b: mine # so\n', { own })
  const [finding] = checkProfile(draft)
  expect(finding).toMatchObject({ code: 'ValueReadOnly', path: 'a.b' })
  const next = finding?.fix && applyFix(draft, finding.fix)
  expect(next?.layers[0]?.values).toBe(own)
  expect(check(rule('readonly'), own)).toEqual([])
})

test('a value that was nearly right has a fix', () => {
  const draft = subject(rule('format "${list:[PACK,GIT]}"'), 'a:\n  b: pack # kind\n')
  const [finding] = checkProfile(draft)
  expect(finding?.fix && applyFix(draft, finding.fix).layers[0]?.values).toBe('a:\n  b: PACK # kind\n')
})

test('what a variable stands for by default has to fit the rule of the value, and an open one passes', () => {
  const of = (defaultValue: string) =>
    check(rule('format "${number:[1-9]}"'), "a:\n  b: '{{.spectro.var.n}}'\n", {
      variables: [{ ...NEW_VARIABLE, name: 'n', defaultValue }],
    }).map((one) => one.code)
  expect(of('5')).toEqual([])
  expect(of('')).toEqual([])
  expect(of('50')).toEqual(['ValueFormat'])
})

test('what stands for a password is said in no finding', () => {
  const found = check(rule('format "${password}/${number}"'), 'a:\n  b: canary-5f1\n')
  expect(found).toHaveLength(1)
  expect(JSON.stringify(found)).not.toContain('canary-5f1')
})

test('quantities are read in the unit of their resource', () => {
  expect(readQuantity('cpu', '500m')).toBe(500)
  expect(readQuantity('cpu', '2')).toBe(2000)
  expect(readQuantity('memory', '1Gi')).toBe(1024)
  expect(readQuantity('diskSize', '20G')).toBe(20)
  for (const bad of ['', 'much', '-1', '1 Gi', '1.2.3']) expect(readQuantity('memory', bad)).toBeNull()
})
