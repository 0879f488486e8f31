import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'

import { readKeyRing, writeKeyRing } from './key-ring'
import { open, seal } from './seal'

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const ring = readKeyRing(newKey('one'))
let half: Buffer | undefined

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
  expect(() => open(sealed, 'o', readKeyRing(fresh))).toThrow(/"old".*not in the key ring/)
})

test('what was sealed in the earlier form opens still', () => {
  const [, id, body] = seal('s', 'o', ring).split('.')
  expect(open(`v1.${id}.${body}`, 'o', ring)).toBe('s')
  expect(() => open(`v0.${id}.${body}`, 'o', ring)).toThrow(/none that was sealed here/)
})

const keyOf = (bytes: Iterable<number>) => `a:${Buffer.from([...bytes]).toString('base64')}`
const same = newKey('a').slice(2)

test.each([
  ['none', ''],
  ['a short one', 'a:c2hvcnQ='],
  ['one without a name', newKey('a').slice(2)],
  ['zeros', keyOf(Buffer.alloc(32))],
  ['a passphrase', keyOf(Buffer.from('correct-horse-battery-staple-42!'))],
  ['a count', keyOf(Array.from({ length: 32 }, (_, at) => at))],
  ['a half twice', keyOf([...Array(2).keys()].flatMap(() => [...randomHalf()]))],
  ['a name twice', `${newKey('a')},${newKey('a')}`],
  ['a key twice', `a:${same},b:${same}`],
])('%s is refused as a key, without being printed', (_, text) => {
  expect(() => readKeyRing(text)).toThrow(/^PACKYARD_SECRET_KEYS/)
  for (const entry of text.split(',').filter(Boolean))
    expect(() => readKeyRing(text)).not.toThrow(entry.split(':').at(-1))
})

function randomHalf() {
  half ??= randomBytes(16)
  return half
}

test('random keys are taken, and written as they were read', () => {
  for (let n = 0; n < 1000; n++) readKeyRing(newKey('a'))
  const text = `# first seals\n${newKey('a')}\n${newKey('b')}\n`
  const { current, keys } = readKeyRing(text)
  expect(current.id).toBe('a')
  expect(`# first seals\n${writeKeyRing(keys)}`).toBe(text)
})
