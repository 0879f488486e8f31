import { expect, test } from 'vitest'

import { diffCatalog } from './diff'

const calico = { name: 'cni-calico', version: '3.28.0', digest: 'sha256:aa' }
const held = new Map([['cni-calico@3.28.0', { id: 'v1', digest: 'sha256:aa', gone: false }]])

test('a version that we hold unchanged costs nothing', () => {
  expect(diffCatalog(held, [calico])).toEqual({ fetch: [], returned: [], removed: [] })
})

test('a version that we do not hold is fetched', () => {
  const next = { ...calico, version: '3.29.0', digest: 'sha256:bb' }
  expect(diffCatalog(held, [calico, next]).fetch).toEqual([next])
})

test('the same version with other content is fetched', () => {
  const rebuilt = { ...calico, digest: 'sha256:cc' }
  expect(diffCatalog(held, [rebuilt])).toEqual({ fetch: [rebuilt], returned: [], removed: [] })
})

test('a version no longer offered is removed, once', () => {
  expect(diffCatalog(held, []).removed).toEqual(['v1'])
  expect(diffCatalog(new Map([['a@1', { id: 'v2', digest: 'x', gone: true }]]), []).removed).toEqual([])
})

test('a version offered again after it was gone returns without being fetched', () => {
  const gone = new Map([['cni-calico@3.28.0', { id: 'v1', digest: 'sha256:aa', gone: true }]])
  expect(diffCatalog(gone, [calico])).toEqual({ fetch: [], returned: ['v1'], removed: [] })
})

test('a version listed twice is fetched once', () => {
  expect(diffCatalog(new Map(), [calico, calico]).fetch).toHaveLength(1)
})
