import { expect, test } from 'vitest'

import { OCI_MANIFEST } from '@/lib/pack-format/media-types'

import { readManifest } from './manifest'

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const blob = (digest: string) => ({ mediaType: 'x', digest, size: 1 })
const image = { schemaVersion: 2, config: blob('sha256:c'), layers: [blob('sha256:l')] }
const INDEX = 'application/vnd.oci.image.index.v1+json'

test('an image refers to its config and its layers', () => {
  expect(readManifest(bytes(image), OCI_MANIFEST)).toEqual({
    mediaType: OCI_MANIFEST,
    artifactType: '',
    subject: '',
    referrerType: 'x',
    refersTo: [
      { digest: 'sha256:c', size: 1, kind: 'blob' },
      { digest: 'sha256:l', size: 1, kind: 'blob' },
    ],
  })
})

test('layers that lie elsewhere by intention need not be here', () => {
  const foreign = { ...image, layers: [{ ...blob('sha256:l'), urls: ['https://example.com/layer'] }] }
  expect(readManifest(bytes(foreign), OCI_MANIFEST).refersTo.map((one) => one.digest)).toEqual(['sha256:c'])
})

test('an index refers to manifests', () => {
  const index = { schemaVersion: 2, mediaType: INDEX, manifests: [blob('sha256:m')] }
  expect(readManifest(bytes(index), INDEX).refersTo).toEqual([
    { digest: 'sha256:m', size: 1, kind: 'manifest' },
  ])
})

test('parameters of the content type are no part of the type', () => {
  expect(readManifest(bytes(image), `${OCI_MANIFEST}; charset=utf-8`).mediaType).toBe(OCI_MANIFEST)
})

test('without a content type, the manifest says what it is', () => {
  expect(readManifest(bytes({ schemaVersion: 2, mediaType: INDEX }), undefined).mediaType).toBe(INDEX)
})

test.each([
  ['{', OCI_MANIFEST, /is no JSON/],
  ['null', OCI_MANIFEST, /is not valid/],
  [{ ...image, schemaVersion: 1 }, OCI_MANIFEST, /schemaVersion/],
  [{ ...image, mediaType: INDEX }, OCI_MANIFEST, /says that it is/],
  [{ ...image, config: undefined }, OCI_MANIFEST, /config/],
  [{ ...image, layers: [{ digest: 'sha256:l', size: -1 }] }, OCI_MANIFEST, /layers\.0\.size/],
  [image, 'text/html', /type text\/html are not taken/],
])('%j as %s is refused in words', (data, type, message) => {
  expect(() => readManifest(bytes(data), type)).toThrow(message)
})
