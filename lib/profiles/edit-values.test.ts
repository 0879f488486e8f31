import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMap, isSeq } from 'yaml'

import { parseValueSchema } from '../pack-format/value-schema'
import { parseYaml, parseYamlDocument } from '../pack-format/yaml'
import { editValue, type Path, type Value } from './edit-values'
import { toValue } from './form-value'
import { fieldsOf } from './values-form'

const TEXT = `# spectrocloud.com/enabled-presets: Size:small
# Who reads this
pack:
  namespace:   "x"     # created if missing

charts:
  cilium:
    # how large
    replicas: 3

    empty:   # to be filled
    list:
      - a   # first
      - name: 'b'
    flow: {a: 1, b: [x, y]}
    text: |
      two
      lines
    last: true
`

test('a value changes alone: everything else stays as it is written', () => {
  expect(editValue(TEXT, ['charts', 'cilium', 'replicas'], 5)).toBe(
    TEXT.replace('replicas: 3', 'replicas: 5'),
  )
  expect(editValue(TEXT, ['pack', 'namespace'], 'y')).toBe(TEXT.replace('"x" ', '"y" '))
  expect(editValue(TEXT, ['charts', 'cilium', 'list', 1, 'name'], "it's")).toBe(
    TEXT.replace("'b'", "'it''s'"),
  )
  expect(editValue(TEXT, ['charts', 'cilium', 'empty'], 'full')).toBe(
    TEXT.replace('empty:   #', 'empty: full   #'),
  )
  expect(editValue(TEXT, ['charts', 'cilium', 'last'], false)).toBe(TEXT.replace('last: true', 'last: false'))
})

test('a key that is not there is put behind its neighbours, with those above it', () => {
  expect(editValue(TEXT, ['charts', 'cilium', 'ipam', 'mode'], 'pool')).toBe(
    `${TEXT}    ipam:\n      mode: pool\n`,
  )
  expect(editValue(TEXT, ['pack', 'x'], 1)).toBe(TEXT.replace('missing\n', 'missing\n  x: 1\n'))
  expect(editValue('', ['a', 'b'], 'x')).toBe('a:\n  b: x\n')
  expect(editValue('# only a comment\n', ['a'], 1)).toBe('# only a comment\na: 1\n')
  expect(editValue('a: 1', ['b'], 2)).toBe('a: 1\nb: 2\n')
})

test('a value is taken out with its line, and comments above it stay', () => {
  expect(editValue(TEXT, ['charts', 'cilium', 'replicas'])).toBe(TEXT.replace('    replicas: 3\n', ''))
  expect(editValue(TEXT, ['charts', 'cilium', 'nothing'])).toBe(TEXT)
})

test('a value inside of braces, and one that several lines make, are changed as well', () => {
  expect(parseYaml(editValue(TEXT, ['charts', 'cilium', 'flow', 'a'], 2))).toMatchObject({
    charts: { cilium: { flow: { a: 2, b: ['x', 'y'] } } },
  })
  expect(editValue(TEXT, ['charts', 'cilium', 'text'], 'one\nmore\n')).toBe(
    TEXT.replace('two\n      lines', 'one\n      more'),
  )
})

/** Every comment of a text in its order. Written so that no other part looks like one. */
const commentsOf = (text: string) => [...text.matchAll(/#c\d+/g)].map(([comment]) => comment)

/** Every key in its order, with the way to it. */
function keysOf(node: unknown, path: Path = []): string[] {
  if (isMap(node))
    return node.items.flatMap((pair) => {
      const own = [...path, String(pair.key)]
      return [own.join('/'), ...keysOf(pair.value, own)]
    })
  return isSeq(node) ? node.items.flatMap((item, at) => keysOf(item, [...path, at])) : []
}
const orderOf = (text: string) => keysOf(parseYamlDocument(text)?.contents)

const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/)
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 12 }).filter((one) => !one.includes('#c')),
  fc.stringMatching(/^[a-z ]{1,12}$/),
  fc.constant('{{.spectro.var.x}}'),
  fc.constant('two\nlines\n'),
)
interface Tree {
  [key: string]: Tree | Value | Value[]
}
const tree = fc.letrec<{ node: Tree }>((tie) => ({
  node: fc.dictionary(
    key,
    fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      scalar,
      fc.array(scalar, { minLength: 1, maxLength: 3 }),
      tie('node'),
    ),
    { minKeys: 1, maxKeys: 4 },
  ) as fc.Arbitrary<Tree>,
})).node

/** A tree as people write it: with comments above and beside keys, empty lines, and quotes of either kind. */
const written = fc.tuple(tree, fc.infiniteStream(fc.nat(11))).map(([data, dice]) => {
  let comments = 0
  const roll = () => dice.next().value
  const comment = () => `#c${comments++}`
  const value = (one: Value) => {
    if (typeof one !== 'string') return one === null ? '' : String(one)
    return roll() < 4 && /^[ -~]*$/.test(one) ? `'${one.replaceAll("'", "''")}'` : JSON.stringify(one)
  }
  const lines: string[] = []
  const write = (node: Tree, indent: string) => {
    for (const [name, one] of Object.entries(node)) {
      if (roll() < 2) lines.push('')
      if (roll() < 3) lines.push(`${indent}${comment()}`)
      const beside = roll() < 3 ? `  ${comment()}` : ''
      if (Array.isArray(one)) {
        lines.push(`${indent}${name}:${beside}`)
        for (const item of one)
          lines.push(`${indent}  - ${value(item) || 'null'}${roll() < 2 ? ` ${comment()}` : ''}`)
      } else if (typeof one === 'object' && one !== null) {
        if (Object.keys(one).length === 0) lines.push(`${indent}${name}: {}${beside}`)
        else {
          lines.push(`${indent}${name}:${beside}`)
          write(one, `${indent}  `)
        }
      } else lines.push(`${indent}${name}: ${value(one)}${beside}`.trimEnd())
    }
  }
  write(data, '')
  return `${lines.join('\n')}\n`
})

const pathsOf = (text: string): Path[] =>
  orderOf(text)
    .map((one) => one.split('/'))
    .filter((path) => {
      const held = path.reduce<unknown>((at, part) => (at as Tree)?.[part], parseYaml(text))
      return typeof held !== 'object' || held === null
    })

test('any edit in the form keeps every comment of the text and the order of its keys', () => {
  fc.assert(
    fc.property(written, fc.nat(), scalar, (text, pick, value) => {
      const paths = pathsOf(text)
      const path = paths[pick % Math.max(paths.length, 1)]
      if (!path) return
      const next = editValue(text, path, value)
      expect(commentsOf(next)).toEqual(commentsOf(text))
      expect(orderOf(next)).toEqual(orderOf(text))
      const read = path.reduce<unknown>((at, part) => (at as Tree)?.[part], parseYaml(next))
      expect(read).toEqual(value)
    }),
    { numRuns: 120 },
  )
}, 30_000)

test('a key that a form adds comes behind the others, and moves no comment', () => {
  fc.assert(
    fc.property(
      written,
      fc.nat(),
      fc.array(key, { minLength: 1, maxLength: 3 }),
      scalar,
      (text, pick, more, value) => {
        const parents = [[], ...orderOf(text).map((one) => one.split('/'))].filter((path) => {
          const held = path.reduce<unknown>((at, part) => (at as Tree)?.[part], parseYaml(text))
          return (
            typeof held === 'object' && held !== null && !Array.isArray(held) && !(`new-${more[0]}` in held)
          )
        })
        const path = [...(parents[pick % parents.length] ?? []), ...more.map((one) => `new-${one}`)]
        const next = editValue(text, path, value)
        expect(commentsOf(next)).toEqual(commentsOf(text))
        expect(orderOf(next).filter((one) => !one.includes('new-'))).toEqual(orderOf(text))
      },
    ),
    { numRuns: 120 },
  )
}, 30_000)

test('a value that is taken out takes no comment of another with it', () => {
  fc.assert(
    fc.property(written, fc.nat(), (text, pick) => {
      const paths = pathsOf(text)
      const path = paths[pick % Math.max(paths.length, 1)]
      if (!path) return
      const next = editValue(text, path)
      const gone = commentsOf(text).filter((one) => !commentsOf(next).includes(one))
      // The one beside it goes along.
      expect(gone.length).toBeLessThanOrEqual(1)
      const self = path.join('/')
      expect(orderOf(next)).toEqual(orderOf(text).filter((one) => one !== self))
    }),
    { numRuns: 120 },
  )
}, 30_000)

test('what is written in the text is what the form shows, whatever was edited in either', () => {
  const rules = parseValueSchema(
    ['a.b', 'a.c', 'd', 'list.$[].x']
      .map((path) => `${path}: { schema: '{{ format "\${string}" }}' }`)
      .join('\n'),
  )
  const text = '# why\na:\n  b: 1 # one\n  c: "x"\nlist:\n  - x: y\n'
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(), fc.stringMatching(/^[ -~]{1,12}$/)), { maxLength: 8 }),
      (edits) => {
        let now = text
        for (const [pick, value] of edits) {
          const fields = fieldsOf(now, rules) ?? []
          const field = fields[pick % fields.length]
          if (!field) continue
          now = editValue(now, field.path, toValue(field.rule, value))
          const again = (fieldsOf(now, rules) ?? []).find((one) => one.path.join() === field.path.join())
          expect(again?.value).toBe(value)
          expect(now).toMatch(/^# why\n/)
          expect(now).toContain('# one')
        }
      },
    ),
    { numRuns: 60 },
  )
}, 30_000)
