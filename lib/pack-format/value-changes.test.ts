import fc from 'fast-check'
import { expect, test } from 'vitest'

import { compareValues, LISTED_CHANGES } from './value-changes'
import { parseYaml } from './yaml'

const compare = (left: string, right: string, leaveOut?: string[]) =>
  compareValues(parseYaml(left), parseYaml(right), leaveOut)

const told = (left: string, right: string) =>
  compare(left, right).changes.map(({ kind, path, from, to }) => [kind, path, from, to])

test('a value is added, removed or changed, and told by its path', () => {
  expect(told('a: 1\nb: {c: x, d: y}\n', 'a: 2\nb: {c: x, e: z}\n')).toEqual([
    ['changed', 'a', '1', '2'],
    ['removed', 'b.d', 'y', ''],
    ['added', 'b.e', '', 'z'],
  ])
})

test('comments, quotes, layout and the order of keys are no change', () => {
  expect(told('# one\na: "x"\nb: [1, 2]\n', 'b:\n  - 1\n  - 2\n\na: x # other\n')).toEqual([])
})

test('a map that only one side has counts by what it holds', () => {
  const { added, removed, changed } = compare('a: {}\n', 'a:\n  limits: {cpu: 1, memory: 2}\n')
  expect({ added, removed, changed }).toEqual({ added: 2, removed: 0, changed: 0 })
})

test('a text that becomes a number, a map or nothing is one change, and can be seen to be', () => {
  expect(told('a: "1"\n', 'a: 1\n')).toEqual([['changed', 'a', '"1"', '1']])
  expect(told('a: x\n', 'a: {b: 1}\n')).toEqual([['changed', 'a', 'x', '{"b":1}']])
  expect(told('a: ""\n', 'a: x\n')).toEqual([['changed', 'a', '""', '"x"']])
  expect(told('a: x\n', 'a:\n')).toEqual([['changed', 'a', 'x', 'null']])
})

test('items that have names are paired by them, wherever they stand', () => {
  expect(
    told(
      'env: [{name: A, value: 1}, {name: B, value: 2}]\n',
      'env: [{name: B, value: 3}, {name: A, value: 1}]\n',
    ),
  ).toEqual([['changed', 'env[name=B].value', '2', '3']])
})

test('an item put in front of others without names is one item added', () => {
  expect(told('a: [y, z]\n', 'a: [x, y, z]\n')).toEqual([['added', 'a[0]', '', 'x']])
})

test('of a text of many lines the first one that differs is told', () => {
  const text = (version: string) => `a: |\n  kind: X\n  version: ${version}\n`
  expect(told(text('v1'), text('v2'))).toEqual([['changed', 'a', '… version: v1', '… version: v2']])
})

test('keys that hold dots or are called as objects have theirs are values like others', () => {
  expect(told('a: {}\n', 'a: {x.y/z: 1, __proto__: 2, constructor: 3}\n').map(([, path]) => path)).toEqual([
    'a["x.y/z"]',
    'a.__proto__',
    'a.constructor',
  ])
})

test('what is compared elsewhere is left out', () => {
  expect(
    compare('pack: {images: [a], b: 1}\n', 'pack: {images: [c], b: 2}\n', ['pack.images']),
  ).toMatchObject({
    changed: 1,
    changes: [{ path: 'pack.b' }],
  })
})

test('all changes are counted, and the first ones listed', () => {
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i]))
  const { added, changes } = compareValues(null, many)
  expect([added, changes.length]).toEqual([2_000, LISTED_CHANGES])
})

test('whatever the values: equal ones have no change, others have one', () => {
  const value = fc.jsonValue({ maxDepth: 3, noUnicodeString: true } as never)
  const normal = (one: unknown) => JSON.parse(JSON.stringify(one ?? null))
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [x, y] = [normal(a), normal(b)]
      expect(compareValues(x, normal(x)).changes).toEqual([])
      expect(compareValues(x, normal(y)).changes.length > 0 || sorted(x) === sorted(y) || isEmpty(x, y)).toBe(
        true,
      )
    }),
  )
})

/** Empty maps and lists that only one side has hold nothing; and maps have no order, nor lists with names. */
const sorted = (one: unknown): string =>
  Array.isArray(one)
    ? `[${one.map(sorted).sort().join()}]`
    : typeof one === 'object' && one !== null
      ? `{${Object.entries(one)
          .map(([key, value]) => `${key}:${sorted(value)}`)
          .sort()
          .join()}}`
      : JSON.stringify(one)

/** As the whole of a text. */
const isEmpty = (...all: unknown[]) => all.every((one) => ['null', '{}', '[]'].includes(JSON.stringify(one)))
