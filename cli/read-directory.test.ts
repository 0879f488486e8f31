import { execFileSync } from 'node:child_process'
import { linkSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { PACK_LIMITS } from '@/lib/pack-format/archive'
import { readDirectory } from './read-directory'

async function directory(files: Record<string, string> = {}) {
  const root = await mkdtemp(path.join(tmpdir(), 'packyard-read-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), content)
  }
  return root
}

test('every file is read with its bytes and its mode, hidden ones too', async () => {
  const root = await directory({ 'pack.json': '{}', 'a/b/c.txt': 'ü', '.DS_Store': 'x', 'run.sh': '' })
  await chmod(path.join(root, 'run.sh'), 0o755)
  await mkdir(path.join(root, 'empty'))
  const { files, leftOut } = await readDirectory(root)
  expect([...files.keys()].sort()).toEqual(['.DS_Store', 'a/b/c.txt', 'pack.json', 'run.sh'])
  expect(Buffer.from(files.get('a/b/c.txt')?.bytes ?? []).toString()).toBe('ü')
  expect(files.get('run.sh')?.executable).toBe(true)
  expect(files.get('pack.json')?.executable).toBe(false)
  expect(leftOut).toEqual([])
})

test("version control's own is left out, and said", async () => {
  const root = await directory({
    'pack.json': '{}',
    '.git/config': '',
    'sub/.git': 'gitdir: x',
    '.gitignore': '',
  })
  const { files, leftOut } = await readDirectory(root)
  expect([...files.keys()].sort()).toEqual(['.gitignore', 'pack.json'])
  expect(leftOut.sort()).toEqual(['.git', 'sub/.git'])
})

test('links and pipes are refused by name, and not followed', async () => {
  const link = await directory({ 'pack.json': '{}' })
  await symlink('/etc', path.join(link, 'charts'))
  await expect(readDirectory(link)).rejects.toThrow('charts: is a symbolic link')
  const pipe = await directory()
  execFileSync('mkfifo', [path.join(pipe, 'pipe')])
  await expect(readDirectory(pipe)).rejects.toThrow('pipe: is neither a file nor a folder')
})

test('names that a pack cannot hold are refused', async () => {
  const root = await directory({ 'a\\b': '' })
  await expect(readDirectory(root)).rejects.toThrow('the path is not relative')
  const latin = await directory()
  await writeFile(Buffer.concat([Buffer.from(`${latin}/caf`), Buffer.from([0xe9])]), '')
  await expect(readDirectory(latin)).rejects.toThrow('has a name that is not UTF-8')
})

test('a directory with more files than a pack may hold is not read to its end', async () => {
  const root = await directory({ f: '' })
  for (let i = 0; i < PACK_LIMITS.files; i++) linkSync(path.join(root, 'f'), path.join(root, `f${i}`))
  await expect(readDirectory(root)).rejects.toThrow(`is one more than the ${PACK_LIMITS.files} files`)
})

test('what is no directory is wrong use', async () => {
  const root = await directory({ file: '' })
  for (const name of ['file', 'absent'])
    await expect(readDirectory(path.join(root, name))).rejects.toMatchObject({ code: 'wrong_use' })
})
