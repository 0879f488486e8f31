import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import type { PackFiles } from '@/lib/pack-format/archive'
import { checkTarget, writeDirectory } from './write-directory'

async function world() {
  const root = await mkdtemp(path.join(tmpdir(), 'packyard-write-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const [target, outside] = [path.join(root, 'target'), path.join(root, 'outside')]
  await mkdir(outside)
  await writeFile(path.join(outside, 'precious'), 'precious')
  return { target, outside }
}
const pack = (...paths: string[]): PackFiles =>
  new Map(paths.map((file) => [file, { bytes: Buffer.from('new'), executable: file.endsWith('.sh') }]))

test('files are written with their folders and their mode', async () => {
  const { target } = await world()
  await writeDirectory(target, pack('a/b/c', 'run.sh'))
  expect(await readFile(path.join(target, 'a/b/c'), 'utf8')).toBe('new')
  expect((await stat(path.join(target, 'run.sh'))).mode & 0o100).toBe(0o100)
  expect((await stat(path.join(target, 'a/b/c'))).mode & 0o111).toBe(0)
})

test('a path that leads out is refused', async () => {
  const { target, outside } = await world()
  for (const file of ['../outside/x', '/tmp/x', 'a/../../outside/x'])
    await expect(writeDirectory(target, pack(file))).rejects.toThrow()
  expect(await readdir(outside)).toEqual(['precious'])
})

test('nothing is written through a link, and what a link or a second name leads to stays', async () => {
  const { target, outside } = await world()
  await mkdir(target)
  await symlink(outside, path.join(target, 'folder'))
  await expect(writeDirectory(target, pack('folder/x'))).rejects.toThrow('is in the way')
  await symlink(path.join(outside, 'precious'), path.join(target, 'soft'))
  await link(path.join(outside, 'precious'), path.join(target, 'hard'))
  await writeDirectory(target, pack('soft', 'hard'))
  expect((await lstat(path.join(target, 'soft'))).isFile()).toBe(true)
  expect(await readFile(path.join(target, 'hard'), 'utf8')).toBe('new')
  expect(await readFile(path.join(outside, 'precious'), 'utf8')).toBe('precious')
  expect(await readdir(outside)).toEqual(['precious'])
})

test('a folder in the place of a file is an error, not removed', async () => {
  const { target } = await world()
  await mkdir(path.join(target, 'a'), { recursive: true })
  await expect(writeDirectory(target, pack('a'))).rejects.toThrow('is a folder')
})

test('a target is empty or not there, unless forced', async () => {
  const { target, outside } = await world()
  await expect(checkTarget(target, false)).resolves.toBeUndefined()
  await expect(checkTarget(outside, false)).rejects.toMatchObject({ code: 'wrong_use' })
  await expect(checkTarget(outside, true)).resolves.toBeUndefined()
  await expect(checkTarget(path.join(outside, 'precious'), true)).rejects.toThrow('is no directory')
})
