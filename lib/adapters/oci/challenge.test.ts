import { expect, test } from 'vitest'

import { readChallenges } from './challenge'

test('challenges are read as registries write them', () => {
  expect(
    readChallenges('Bearer realm="https://auth.example.com/token",service="a, b",scope="x:y:pull,push"'),
  ).toEqual([
    {
      scheme: 'bearer',
      params: { realm: 'https://auth.example.com/token', service: 'a, b', scope: 'x:y:pull,push' },
    },
  ])
  expect(readChallenges('Basic realm="a \\"b\\"", BEARER Realm = c').map((one) => one.scheme)).toEqual([
    ...['basic', 'bearer'],
  ])
  expect(readChallenges('Basic realm="a \\"b\\""')[0]?.params.realm).toBe('a "b"')
  expect(readChallenges(null)).toEqual([])
  expect(readChallenges('realm="nobody"')).toEqual([])
})

test('a header that was made to be slow is read fast, and names touch no prototype', () => {
  const began = performance.now()
  for (const text of ['a'.repeat(100_000), 'a '.repeat(50_000), `Bearer realm="${'\\'.repeat(100_000)}`])
    readChallenges(text)
  expect(performance.now() - began).toBeLessThan(500)
  const [first] = readChallenges('Bearer constructor="x", realm="y"')
  expect([first?.params.realm, Object.getPrototypeOf(first?.params)]).toEqual(['y', null])
})
