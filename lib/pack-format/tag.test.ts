import { expect, test } from 'vitest'

import { compareVersions, isTrack, parseTag, tracksOf } from './tag'

test('a version is in its minor and its major track', () => {
  expect(tracksOf('1.33.9')).toEqual(['1.33.x', '1.x'])
  expect(tracksOf('lts__14.4.3')).toEqual(['lts__14.4.x', 'lts__14.x'])
  expect(tracksOf('v1.8.7')).toEqual(['1.8.x', '1.x'])
  expect(tracksOf('2.0.1-up.1')).toEqual(['2.0.x', '2.x'])
})

test('a two-part version is in its major track only, a word in none', () => {
  expect(tracksOf('1.5')).toEqual(['1.x'])
  expect(tracksOf('stable')).toEqual([])
})

test('tracks are told from versions', () => {
  expect(['1.x', '1.33.x', 'lts__14.x', '1.33.9', 'x', 'stable'].map(isTrack)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})

test('a group stands before two underscores', () => {
  expect(parseTag('lts__14.4.3')).toEqual({ group: 'lts', label: '14.4.3' })
  expect(parseTag('__x')).toEqual({ group: '', label: '__x' })
  expect(parseTag('../x')).toBeNull()
})

test('versions sort by number, rebuilds after, pre-releases before', () => {
  const sorted = ['1.2.0-rc.1', '1.2', '1.2.0-up.2', '1.2.0-up.10', 'v1.3.0', '1.10.0', '20.09.0']
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted)
})
