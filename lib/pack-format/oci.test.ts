import { expect, test } from 'vitest'

import { type PackFiles, writeTar } from './archive'
import { digestOf, fromOciPack, readOciManifest, toOciPack } from './oci'

const file = (text: string) => ({ bytes: Buffer.from(text), executable: false })
const files: PackFiles = new Map([
  ['pack.json', file('{"name":"a"}')],
  ['values.yaml', file('')],
  ['README.md', file('# A')],
  ['charts/a.tgz', file('chart')],
])

test('a pack becomes one manifest, a layer for each part and one for the rest', async () => {
  const { manifest, blobs } = await toOciPack(files)
  const read = readOciManifest(manifest.bytes)
  expect(read.config.digest).toBe(digestOf(Buffer.from('{"name":"a"}')))
  expect(Object.keys(read.parts).sort()).toEqual(['readme', 'values'])
  expect(read.parts.values?.size).toBe(0)
  expect(read.files).not.toBeNull()
  const referred = [read.config, read.files, ...Object.values(read.parts)].map((one) => one?.digest)
  expect(blobs.map((blob) => blob.digest).sort()).toEqual([...new Set(referred)].sort())
})

test('the same files give the same digest, one changed byte another', async () => {
  const digest = async (changed?: [string, ReturnType<typeof file>]) =>
    (await toOciPack(new Map([...files, ...(changed ? [changed] : [])]))).manifest.digest
  expect(await digest()).toBe(await digest())
  expect(await digest(['charts/a.tgz', file('chart2')])).not.toBe(await digest())
})

test('an image, garbage and a pack without pack.json are refused', async () => {
  const image = {
    schemaVersion: 2,
    config: { mediaType: 'x', digest: `sha256:${'0'.repeat(64)}`, size: 1 },
    layers: [],
  }
  expect(() => readOciManifest(Buffer.from(JSON.stringify(image)))).toThrow(/not a pack/)
  expect(() => readOciManifest(Buffer.from('<html>'))).toThrow(/no JSON/)
  expect(() => readOciManifest(Buffer.from('{}'))).toThrow(/no OCI image manifest/)
  await expect(toOciPack(new Map())).rejects.toThrow(/pack.json: is missing/)
})

test('the blobs of a pack become the same files again, an executable pack.json too', async () => {
  for (const executable of [false, true]) {
    const whole: PackFiles = new Map([
      ...files,
      ['pack.json', { bytes: Buffer.from('{"name":"a"}'), executable }],
    ])
    const { manifest, blobs } = await toOciPack(whole)
    const bytes = new Map(blobs.map((blob) => [blob.digest, blob.bytes]))
    const read = await fromOciPack(
      readOciManifest(manifest.bytes),
      async ({ digest }) => bytes.get(digest) ?? new Uint8Array(),
    )
    const plain = (all: PackFiles) =>
      [...all].map(([path, one]) => [path, Buffer.from(one.bytes).toString(), one.executable]).sort()
    expect(plain(read)).toEqual(plain(whole))
  }
})

test('a tar that says otherwise than the layer of the same file is refused', async () => {
  const tar = await writeTar(new Map([['values.yaml', file('other')]]))
  const descriptor = { mediaType: 'x', digest: digestOf(tar), size: tar.length }
  const pack = { config: descriptor, parts: { values: descriptor }, files: descriptor }
  const read = fromOciPack(pack, async (_, title) => (title === 'files.tar' ? tar : Buffer.from('values')))
  await expect(read).rejects.toThrow('values.yaml: is there twice, with different content')
})
