import { expect, test } from 'vitest'

import { readRoute } from './route'

const DIGEST = `sha256:${'a'.repeat(64)}`
const ID = '123e4567-e89b-42d3-a456-426614174000'

test.each([
  ['/health', { at: 'health' }],
  ['/v1', { at: 'probe', prefix: '/v1' }],
  ['/v2/', { at: 'probe', prefix: '/v2' }],
  ['/v1/_catalog', { at: 'catalog', prefix: '/v1' }],
  ['/v1/_packyard/catalog', { at: 'packs', prefix: '/v1' }],
  ['/v1/_packyard/contents', { at: 'contents', prefix: '/v1' }],
  ['/v2/a/b/tags/list', { at: 'tags', prefix: '/v2', repository: 'a/b' }],
  ['/v1/nginx/manifests/1.x', { at: 'manifest', prefix: '/v1', repository: 'nginx', reference: '1.x' }],
  [
    `/v1/nginx/manifests/${DIGEST}`,
    { at: 'manifest', prefix: '/v1', repository: 'nginx', reference: DIGEST },
  ],
  [`/v1/nginx/blobs/${DIGEST}`, { at: 'blob', prefix: '/v1', repository: 'nginx', digest: DIGEST }],
  ['/v2/nginx/blobs/uploads', { at: 'uploads', prefix: '/v2', repository: 'nginx' }],
  ['/v2/nginx/blobs/uploads/', { at: 'uploads', prefix: '/v2', repository: 'nginx' }],
  [`/v2/nginx/blobs/uploads/${ID}`, { at: 'upload', prefix: '/v2', repository: 'nginx', id: ID }],
  ['/v2/blobs/manifests/tags', { at: 'manifest', prefix: '/v2', repository: 'blobs', reference: 'tags' }],
  ['/v2/a%2Fb/tags/list', { at: 'tags', prefix: '/v2', repository: 'a/b' }],
])('%s leads to its place', (path, route) => {
  expect(readRoute(path)).toEqual(route)
})

test.each([
  ['/', 'path'],
  ['/v3/', 'path'],
  ['/V1/_catalog', 'path'],
  ['/v2/_packyard/catalog', 'path'],
  ['/v2/_packyard/contents', 'path'],
  ['/v1/nginx', 'path'],
  ['/v1/%zz/tags/list', 'path'],
  ['/v1/../v1/_catalog', 'path'],
  ['/v1/../../etc/tags/list', 'name'],
  ['/v1/%2e%2e/tags/list', 'name'],
  ['/v1//nginx/tags/list', 'name'],
  ['/v1/Nginx/tags/list', 'name'],
  ['/v1/nginx%00/tags/list', 'name'],
  ['/v1/nginx%252f/tags/list', 'name'],
  [`/v1/${'a'.repeat(256)}/tags/list`, 'name'],
  ['/v1/nginx/manifests/.hidden', 'tag'],
  ['/v1/nginx/manifests/..', 'tag'],
  ['/v1/nginx/manifests/sha256:abc', 'digest'],
  ['/v1/nginx/blobs/sha512:abc', 'digest'],
  ['/v1/nginx/blobs/uploads/..', 'path'],
  ['/v1/nginx/manifests/a%0ab', 'tag'],
])('%s leads nowhere', (path, wrong) => {
  expect(readRoute(path)).toEqual({ at: 'nowhere', wrong })
})
