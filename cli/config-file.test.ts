import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { decodeAuth, encodeAuth, readConfig, writeConfig } from './config-file'

async function home(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'packyard-config-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return path.join(dir, 'home')
}

test('without a file there are no logins', async () => {
  expect(await readConfig(await home())).toEqual({ auths: {} })
})

test('what is written is read again, by its owner alone, and nothing else is left', async () => {
  const dir = await home()
  const config = { auths: { 'reg:5000': { auth: 'YTpi', insecure: true } }, defaultRegistry: 'reg:5000' }
  await writeConfig(dir, config)
  expect(await readConfig(dir)).toEqual(config)
  expect((await stat(dir)).mode & 0o777).toBe(0o700)
  expect((await stat(path.join(dir, 'config.json'))).mode & 0o777).toBe(0o600)
  expect(await readdir(dir)).toEqual(['config.json'])
})

test('a file that others can read is closed to them, and keys that are not ours stay', async () => {
  const dir = await home()
  await mkdir(dir)
  const docker = { auths: { r: { auth: 'YTpi', email: 'a@b' } }, credHelpers: { x: 'y' } }
  await writeFile(path.join(dir, 'config.json'), JSON.stringify(docker), { mode: 0o644 })
  await writeConfig(dir, await readConfig(dir))
  expect(JSON.parse(await readFile(path.join(dir, 'config.json'), 'utf8'))).toEqual(docker)
  expect((await stat(path.join(dir, 'config.json'))).mode & 0o777).toBe(0o600)
})

test('a file that is a link stays one', async () => {
  const dir = await home()
  await mkdir(dir)
  const real = path.join(dir, '..', 'elsewhere.json')
  await writeFile(real, '{}')
  await symlink(real, path.join(dir, 'config.json'))
  await writeConfig(dir, { auths: { r: {} } })
  expect((await lstat(path.join(dir, 'config.json'))).isSymbolicLink()).toBe(true)
  expect(JSON.parse(await readFile(real, 'utf8'))).toEqual({ auths: { r: {} } })
})

test('a file that cannot be read as one is an error that does not quote it', async () => {
  const dir = await home()
  await mkdir(dir)
  for (const text of [
    '{"auths":{"r":{"auth":"c2VjcmV0"}',
    '{"auths":{"r":{"auth":7,"password":"c2VjcmV0"}}}',
  ]) {
    await writeFile(path.join(dir, 'config.json'), text)
    const error = await readConfig(dir).catch((reason: Error) => reason)
    expect(error).toMatchObject({ name: 'CliError', code: 'failed' })
    expect((error as Error).cause).toBeUndefined()
    expect(String(error)).not.toContain('c2VjcmV0')
  }
})

test('a login keeps any password; one without a name is none', () => {
  expect(decodeAuth({ auth: encodeAuth('admin', 'a:b ü') })).toEqual({ username: 'admin', password: 'a:b ü' })
  expect(decodeAuth({})).toBeNull()
  expect(decodeAuth({ auth: encodeAuth('', 'x') })).toBeNull()
})
