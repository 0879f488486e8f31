import { expect, test } from 'vitest'

import { clientAddress } from './client-address'

test('the address is the first that the header names', () => {
  expect(clientAddress('203.0.113.7, 10.0.0.1')).toBe('203.0.113.7')
  expect(clientAddress(' 2001:db8::1')).toBe('2001:db8::1')
})

test('what looks like no address is none, whatever its length', () => {
  for (const header of [undefined, null, '', 'unknown', `${'a'.repeat(7000)}, 10.0.0.1`])
    expect(clientAddress(header)).toBe('')
})
