import { expect, test } from 'vitest'

import { compareHref, sideOf } from './compare-sides'
import type { PackVersions } from './queries'

const tag = (tag: string, version = tag) => ({
  tag,
  version,
  packUid: `uid-${version}`,
  parentTags: [],
  group: '',
})
const versions = {
  tags: [tag('1.2.0'), tag('1.x', '1.2.0'), tag('1.1.0'), tag('1.0.0')],
} as unknown as PackVersions

const side = (registryUid: string, chosen = '', newer: Parameters<typeof sideOf>[2] = null) =>
  sideOf({ registryUid, tag: chosen }, versions, newer)

test('without a choice the newest is compared with the one before it', () => {
  const newest = side('r')
  expect(newest?.version).toBe('1.2.0')
  expect(side('r', '', newest)?.version).toBe('1.1.0')
  expect(side('r', '', side('r', '1.0.0'))).toBeNull()
})

test('in another registry the same version is compared', () => {
  expect(side('other', '', side('r', '1.1.0'))?.version).toBe('1.1.0')
  expect(side('other', '', { registryUid: 'r', version: '9.0.0', packUid: 'x' })?.version).toBe('1.2.0')
})

test('a track stands for its version, and a tag that is not there for none', () => {
  expect(side('r', '1.x')).toEqual({ registryUid: 'r', version: '1.2.0', packUid: 'uid-1.2.0' })
  expect(side('r', '7.0.0')).toBeNull()
})

test('the address holds both versions and both registries', () => {
  const one = { version: '1.0.0+x', registryUid: 'a' }
  expect(compareHref({ name: 'dash', from: one, to: { version: '2', registryUid: 'b' } })).toBe(
    '/packs/dash/compare?from=1.0.0%2Bx&to=2&fromRegistry=a&toRegistry=b',
  )
})
