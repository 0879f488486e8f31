import { expect, test } from 'vitest'

import { soundAddress } from './sound-address'

test('an address that can be decoded stays as it is', () => {
  for (const address of ['/', '/v1/packs?name=%zz', '/v1/packs/a%20b%2Fc', '/%F0%9F%93%A6'])
    expect(soundAddress(address)).toBe(address)
})

test('in one that cannot, a percent sign stands for itself, and the query is left alone', () => {
  expect(soundAddress('/v1/packs/%')).toBe('/v1/packs/%25')
  expect(soundAddress('/v1/packs/%ff%zz?a=%20?')).toBe('/v1/packs/%25ff%25zz?a=%20?')
})
