import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { log } from '../log'
import { changeKeyFile, readKeyFile } from './key-file'

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}\n`
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'packyard-keys-'))
  file = path.join(folder, 'secret-keys')
  writeFileSync(file, newKey('one'), { mode: 0o600 })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

test('a key that is added to the file seals without a restart', () => {
  expect(readKeyFile(file).current.id).toBe('one')
  changeKeyFile(file, (keys) => [['two', randomBytes(32)], ...keys])
  expect(readKeyFile(file).current.id).toBe('two')
  expect([...readKeyFile(file).keys.keys()]).toEqual(['two', 'one'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test.skipIf(process.platform === 'win32')(
  'a file that other users can read, or a group can write, is refused',
  () => {
    for (const mode of [0o604, 0o644, 0o660, 0o666]) {
      chmodSync(file, mode)
      expect(() => readKeyFile(file)).toThrow(`chmod 600 ${file}`)
    }
    chmodSync(file, 0o440) // as Kubernetes mounts a secret for the pod's group
    expect(readKeyFile(file).current.id).toBe('one')
  },
)

test('a file that is not there, or broken, is named without what it holds', () => {
  writeFileSync(file, 'one:c2hvcnQ=\n')
  expect(() => readKeyFile(file)).toThrow(`${file}: entry 1`)
  expect(() => readKeyFile(`${file}-none`)).toThrow(/PACKYARD_SECRET_KEYS_FILE/)
})

test('a file that breaks while all runs changes nothing, and is reported', () => {
  const reported = vi.spyOn(log, 'error').mockImplementation(() => {})
  const { current } = readKeyFile(file)
  writeFileSync(file, 'half of')
  expect(readKeyFile(file).current).toEqual(current)
  expect(reported).toHaveBeenCalled()
})

test('a change that would leave no key is not made, and a second change waits its turn', () => {
  const before = readFileSync(file, 'utf8')
  expect(() => changeKeyFile(file, () => [])).toThrow(/holds no key/)
  expect(readFileSync(file, 'utf8')).toBe(before)
  expect(existsSync(`${file}.new`)).toBe(false)
  writeFileSync(`${file}.new`, '')
  expect(() => changeKeyFile(file, (keys) => keys)).toThrow(/Another change/)
})
