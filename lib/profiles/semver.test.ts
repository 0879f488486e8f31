import { expect, test } from 'vitest'

import { compareSemver } from './semver'

test('versions order as the specification of semantic versioning lists them', () => {
  const ordered = [
    ...['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11'],
    ...['1.0.0-rc.1', '1.0.0', '1.2.0', '1.10.0', '2.0.0', '99999999999999999999.0.0'],
  ]
  expect([...ordered].reverse().sort(compareSemver)).toEqual(ordered)
})

test('build metadata orders nothing', () => {
  expect(compareSemver('1.0.0+a', '1.0.0+b')).toBe(0)
})
