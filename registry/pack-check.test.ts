import { expect, test } from 'vitest'

import { OCI_MANIFEST, PACK_ARTIFACT_TYPE, PACK_MEDIA_TYPES } from '@/lib/pack-format/media-types'

import { checkPackJson, readPack } from './pack-check'

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const demo = { name: 'demo', displayName: 'Demo', version: '1.0.0', layer: 'addon' }
const config = { mediaType: PACK_MEDIA_TYPES.manifest, digest: `sha256:${'a'.repeat(64)}`, size: 10 }
const manifest = {
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  artifactType: PACK_ARTIFACT_TYPE,
  config,
  layers: [],
}

test.each(['1.0.0', 'lts__1.0.0', null])('version 1.0.0 may be pushed as %s', (tag) => {
  expect(checkPackJson(bytes(demo), 'demo', tag).version).toBe('1.0.0')
})

test('a pack that is there may have any other tag besides', () => {
  expect(checkPackJson(bytes(demo), 'demo', 'stable', true).version).toBe('1.0.0')
  expect(() => checkPackJson(bytes(demo), 'demo', 'stable')).toThrow(/may have other tags besides/)
})

test('a byte order mark before pack.json is no fault, bytes that are no UTF-8 are', () => {
  expect(checkPackJson(bytes(`\ufeff${JSON.stringify(demo)}`), 'demo', '1.0.0').version).toBe('1.0.0')
  expect(() => checkPackJson(Buffer.from([0x22, 0xff, 0x22]), 'demo', '1.0.0')).toThrow(/no JSON/)
})

test.each([
  ['{', 'demo', '1.0.0', /pack\.json is no JSON/],
  [{ ...demo, layer: 'moon' }, 'demo', '1.0.0', /pack\.json is not valid: layer:/],
  [{ ...demo, name: 'Demo' }, 'demo', '1.0.0', /name: Use lower-case letters/],
  [demo, 'other', '1.0.0', /the pack is demo, and it was pushed to other/],
  [demo, 'team/demo', '1.0.0', /the pack is demo, and it was pushed to team\/demo/],
  [demo, 'demo', '1.0.1', /version 1\.0\.0, and it was pushed as 1\.0\.1/],
  [demo, 'demo', '__1.0.0', /pushed as __1\.0\.0/],
  [{ ...demo, version: '1.x' }, 'demo', '1.x', /name of a track/],
])('%j in %s as %s is refused in words', (json, repository, tag, message) => {
  expect(() => checkPackJson(bytes(json), repository, tag)).toThrow(message)
})

test('a manifest with our artifact type and another config is no pack', () => {
  const other = { ...manifest, config: { ...config, mediaType: 'application/json' } }
  expect(() => readPack(bytes(other))).toThrow(expect.objectContaining({ code: 'MANIFEST_INVALID' }))
})

test('a pack.json beyond 1 MiB is refused before it is read', () => {
  const large = { ...manifest, config: { ...config, size: 1024 * 1024 + 1 } }
  expect(() => readPack(bytes(large))).toThrow(/At most 1048576 are taken/)
  expect(readPack(bytes(manifest)).config.size).toBe(10)
})
