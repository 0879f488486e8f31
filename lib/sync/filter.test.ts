import fc from 'fast-check'
import { expect, test } from 'vitest'

import { isOpen, PackFilter } from '../registries/schema'
import { isInRange, leaveOut, matchesPattern } from './filter'

const filter = (rest: Partial<PackFilter>): PackFilter => PackFilter.parse(rest)

test('a pattern stands for any characters or one, and never for a part alone', () => {
  for (const [name, pattern, is] of [
    ['nginx', 'nginx', true],
    ['nginx-plus', 'nginx', false],
    ['nginx-plus', 'nginx*', true],
    ['cni-calico', '*calico', true],
    ['cni-calico', 'cni-?alico', true],
    ['cni-calico', '*', true],
    ['calico', 'CALICO', true],
    ['ab', 'a?b', false],
  ] as const)
    expect(matchesPattern(name, pattern), `${name} ${pattern}`).toBe(is)
})

test('a pattern made to take for ever takes no time', () => {
  const began = performance.now()
  expect(matchesPattern('a'.repeat(200), `${'a*'.repeat(90)}b`)).toBe(false)
  expect(performance.now() - began).toBeLessThan(50)
})

test('a range takes what is between its bounds, tracks take what begins so, and alternatives either', () => {
  for (const [version, range, is] of [
    ['1.30.0', '>=1.30 <2', true],
    ['2.0.0', '>=1.30 <2', false],
    ['1.29.9', '>=1.30', false],
    ['1.33.4', '1.33.x', true],
    ['1.33.4', '1.33', true],
    ['1.34.0', '1.33.x', false],
    ['1.330.0', '1.33', false],
    ['1.33.4', '1.33.4', true],
    ['1.33.40', '1.33.4', false],
    ['1.33.4', '>1.33', false],
    ['1.34.0', '>1.33', true],
    ['1.33.9', '<=1.33', true],
    ['1.10.0', '> 1.9', true],
    ['3.1.0', '1.x || 3.x', true],
    ['2.1.0', '1.x || 3.x', false],
    ['v1.2.3', '1.2.x', true],
    ['1.2.3', '*', true],
  ] as const)
    expect(isInRange(version, range), `${version} ${range}`).toBe(is)
})

test('what is no range is refused where it is entered', () => {
  for (const versions of ['abc', '>= ', '1.2 ||', '<<1', '^1.2', '1.0 - 2.0'])
    expect(PackFilter.safeParse({ versions }).success, versions).toBe(false)
  for (const versions of ['', '>=1.30 <2', '1.33.x', '1.x || >= 3', 'v1', '*'])
    expect(PackFilter.safeParse({ versions }).success, versions).toBe(true)
})

const entry = (name: string, version: string) => ({ name, version, digest: `${name}${version}` })
const LIST = [
  ...[
    entry('nginx', '1.0.0'),
    entry('nginx', '1.10.0'),
    entry('nginx', '1.9.0'),
    entry('nginx', '2.0.0-rc.1'),
  ],
  ...[entry('calico', '3.30.0'), entry('dash', '2.7.0')],
]
const KINDS: Record<string, { layer: string; addonType: string }> = {
  calico: { layer: 'cni', addonType: '' },
  dash: { layer: 'addon', addonType: 'Monitoring' },
}
const out = (rest: Partial<PackFilter>) =>
  Object.fromEntries(leaveOut(LIST, filter(rest), ({ name }) => KINDS[name]))

test('each rule leaves out what it is for, and says so', () => {
  expect(out({})).toEqual({})
  expect(out({ include: ['c*', 'dash'], exclude: ['dash'] })).toEqual({
    ...{ 'nginx@1.0.0': 'name', 'nginx@1.10.0': 'name', 'nginx@1.9.0': 'name', 'nginx@2.0.0-rc.1': 'name' },
    'dash@2.7.0': 'name',
  })
  expect(out({ include: ['nginx'], versions: '>=1.9', newest: 1 })).toEqual({
    ...{ 'calico@3.30.0': 'name', 'dash@2.7.0': 'name' },
    ...{ 'nginx@1.0.0': 'versions', 'nginx@1.10.0': 'newest', 'nginx@1.9.0': 'newest' },
  })
})

test('layer and type are asked of what was read, and of add-ons alone', () => {
  expect(out({ layers: ['cni'] })).toEqual({ 'dash@2.7.0': 'layer' })
  expect(out({ addonTypes: ['logging'] })).toEqual({ 'dash@2.7.0': 'addonType' })
  expect(out({ addonTypes: ['monitoring'] })).toEqual({})
})

test('what a filter leaves out does not depend on the order in which a registry lists it', () => {
  const listed = fc.record({
    name: fc.constantFrom('a', 'ab', 'b'),
    version: fc.stringMatching(/^[0-3]\.[0-3]\.[0-3]$/),
    digest: fc.string(),
  })
  const rules = fc.record({
    include: fc.constantFrom<string[]>([], ['a*'], ['?']),
    versions: fc.constantFrom('', '>=1', '2.x'),
    newest: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(listed, { maxLength: 30 }), rules, (entries, rest) => {
      const distinct = [...new Map(entries.map((one) => [`${one.name}@${one.version}`, one])).values()]
      const forwards = leaveOut(distinct, filter(rest), () => undefined)
      const backwards = leaveOut([...distinct].reverse(), filter(rest), () => undefined)
      expect([...backwards].sort()).toEqual([...forwards].sort())
      if (isOpen(filter(rest))) expect(forwards.size).toBe(0)
    }),
  )
})
