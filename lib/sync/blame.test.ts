import { expect, test } from 'vitest'

import { RemoteError } from '../adapters/adapter'
import { explain } from '../adapters/explain'
import { OutboundError } from '../outbound/errors'
import { UnreadablePack } from '../pack-format/pack-facts'
import { startBlame } from './blame'

const reset = () => explain(new OutboundError('reset', 'It broke.'))

test('an item whose connection breaks fails alone, and the fourth in a row is the registry’s failure', () => {
  const blame = startBlame()
  expect([reset(), reset(), reset(), reset()].map(blame.isOfItem)).toEqual([true, true, true, false])
})

test('an item that came shows that the registry is there', () => {
  const blame = startBlame()
  for (let i = 0; i < 3; i++) blame.isOfItem(reset())
  blame.itemCame()
  expect(blame.isOfItem(reset())).toBe(true)
})

test('answers that are too large, and packs that cannot be read, fail alone however many they are', () => {
  const blame = startBlame()
  const tooLarge = () => explain(new OutboundError('too_large', 'It is too large.'))
  const all = Array.from({ length: 9 }, () => [tooLarge(), new UnreadablePack('No.')]).flat()
  expect(all.every(blame.isOfItem)).toBe(true)
})

test('refused credentials, a request to wait and our own errors are no item’s fault', () => {
  const blame = startBlame()
  const none = [
    new RemoteError('credentials', 'stalled', '', ''),
    new RemoteError('pack', 'waiting', '', ''),
    new TypeError('x is not a function'),
  ]
  expect(none.map(blame.isOfItem)).toEqual([false, false, false])
})
