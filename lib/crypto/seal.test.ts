import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'

import { readKeyRing } from './key-ring'
import { open, seal } from './seal'

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const ring = readKeyRing(newKey('one'))

test('a sealed secret opens for its owner only', () => {
  const sealed = seal('hunter2', 'row|https://a', ring)
  expect(open(sealed, 'row|https://a', ring)).toBe('hunter2')
  expect(() => open(sealed, 'row|https://b', ring)).toThrow()
})

test('the same secret never looks the same', () => {
  expect(seal('x', 'o', ring)).not.toBe(seal('x', 'o', ring))
})

test('a changed byte does not open', () => {
  const sealed = seal('hunter2', 'o', ring)
  const flipped = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA')
  expect(() => open(flipped, 'o', ring)).toThrow()
})

test('an older key still opens after another has taken its place', () => {
  const [old, fresh] = [newKey('old'), newKey('new')]
  const sealed = seal('s', 'o', readKeyRing(old))
  expect(open(sealed, 'o', readKeyRing(`${fresh},${old}`))).toBe('s')
  expect(() => open(sealed, 'o', readKeyRing(fresh))).toThrow(/"old".*not in PACKYARD_SECRET_KEYS/)
})

test('a short, known or missing key is refused without being printed', () => {
  const zero = Buffer.alloc(32).toString('base64')
  for (const text of [
    '',
    'a:c2hvcnQ=',
    `a:${zero}`,
    'no-colon',
    `${newKey('a')},a:${randomBytes(32).toString('base64')}`,
  ])
    expect(() => readKeyRing(text)).toThrow(/PACKYARD_SECRET_KEYS/)
  expect(() => readKeyRing(`a:${zero}`)).not.toThrow(zero)
})
