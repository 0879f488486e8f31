import { expect, test } from 'vitest'

import { explainListen, readAddress } from './address'

test.each([
  [':5000', { host: undefined, port: 5000 }],
  ['192.168.122.77:25000', { host: '192.168.122.77', port: 25_000 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['[::1]:5000', { host: '::1', port: 5000 }],
])('%s is read', (text, address) => {
  expect(readAddress(text)).toEqual(address)
})

test.each(['5000', ':70000', '::1:5000', 'a b:1', ''])('%j is refused with the setting to change', (text) => {
  expect(() => readAddress(text)).toThrow(/http\.addr \(REGISTRY_HTTP_ADDR\)/)
})

test('a port that is taken names the setting', () => {
  const error = explainListen(':5000', Object.assign(new Error('listen'), { code: 'EADDRINUSE' }))
  expect(error.message).toBe(
    'Cannot listen on :5000: another program listens there. Set another address with http.addr (REGISTRY_HTTP_ADDR).',
  )
})
