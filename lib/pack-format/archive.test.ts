import { pack as packTar } from 'tar-stream'
import { expect, test } from 'vitest'

import { checkCollisions, checkPath, type PackFiles, readTar, writeTar } from './archive'

const file = (text: string, executable = false) => ({ bytes: Buffer.from(text), executable })
const files: PackFiles = new Map([
  ['manifests/b.yaml', file('b')],
  ['charts/a.tgz', file('aa', true)],
  ['empty', file('')],
])
async function* streamed(bytes: Uint8Array, size = 100) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const hostile = async (header: Parameters<ReturnType<typeof packTar>['entry']>[0], times = 1) => {
  const tar = packTar()
  for (let i = 0; i < times; i++) tar.entry({ ...header }, header.type ? '' : 'x')
  tar.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of tar) chunks.push(chunk as Uint8Array)
  return readTar(streamed(Buffer.concat(chunks)))
}

test('what was written is read back, byte for byte, with its mode', async () => {
  const read = await readTar(streamed(await writeTar(files)))
  expect([...read.keys()].sort()).toEqual([...files.keys()].sort())
  for (const [path, { bytes, executable }] of files) {
    expect(Buffer.from(read.get(path)?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true)
    expect(read.get(path)?.executable).toBe(executable)
  }
})

test('the same files give the same bytes, whatever their order', async () => {
  const other = await writeTar(new Map([...files].reverse()))
  expect(Buffer.from(await writeTar(files)).equals(Buffer.from(other))).toBe(true)
})

test('paths that lead out, links, devices and doubles are refused', async () => {
  for (const name of ['../x', '/etc/x', 'a/../../x', 'a//b', './a', 'C:x', 'a\\b', 'x'.repeat(600)])
    expect(() => checkPath(name)).toThrow()
  await expect(hostile({ name: '../evil' })).rejects.toThrow(/leads out/)
  await expect(hostile({ name: 'l', type: 'symlink', linkname: '/etc/passwd' })).rejects.toThrow(/symlink/)
  await expect(hostile({ name: 'l', type: 'link', linkname: 'a' })).rejects.toThrow(/only regular files/)
  await expect(hostile({ name: 'd', type: 'character-device' })).rejects.toThrow(/only regular files/)
  await expect(hostile({ name: 'a' }, 2)).rejects.toThrow(/twice/)
})

test('garbage and a cut archive are refused', async () => {
  await expect(readTar(streamed(Buffer.alloc(2048, 7)))).rejects.toThrow(/no sound tar/)
  const whole = await writeTar(files)
  await expect(readTar(streamed(whole.subarray(0, 600)))).rejects.toThrow()
})

test('names that one file system takes for the same, or for file and folder, are refused', () => {
  expect(() => checkCollisions(['a', 'b/a', 'b/c'])).not.toThrow()
  expect(() => checkCollisions(['b/A', 'b/a'])).toThrow('b/a: differs from b/A')
  expect(() => checkCollisions(['caf\u00e9', 'cafe\u0301'])).toThrow(/differs/)
  expect(() => checkCollisions(['Docs/a', 'docs'])).toThrow('docs: is a file and')
})
