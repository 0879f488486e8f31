import { expect, test } from 'vitest'

import { clientAddress } from './client-address'

test('the address is the one that the outermost trusted proxy saw, whatever a client put before it', () => {
  expect(clientAddress('203.0.113.7', 1)).toBe('203.0.113.7')
  expect(clientAddress('1.1.1.1, 2.2.2.2, 203.0.113.7', 1)).toBe('203.0.113.7')
  expect(clientAddress('1.1.1.1, 203.0.113.7,10.0.0.1', 2)).toBe('203.0.113.7')
  expect(clientAddress(' 2001:db8::1', 1)).toBe('2001:db8::1')
})

test('without a trusted proxy the header says nothing, and with fewer hops than there should be neither', () => {
  expect(clientAddress('203.0.113.7', 0)).toBe('')
  expect(clientAddress('203.0.113.7', 2)).toBe('')
})

test('what looks like no address is none, whatever its length', () => {
  for (const header of [undefined, null, '', 'unknown', `10.0.0.1, ${'a'.repeat(7000)}`])
    expect(clientAddress(header, 1)).toBe('')
})
