import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { readKeyFile } from '../../lib/crypto/key-file'
import { ensureSecrets } from './secrets.mjs'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'packyard-secrets-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const at = (name: string) => path.join(dir, name)
const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`

test('a first start makes a key in a file for its owner alone, and the next one finds it', () => {
  const { secrets } = ensureSecrets(dir, {})
  expect(secrets.PACKYARD_SECRET_KEYS_FILE).toBe(at('secret-keys'))
  const { current } = readKeyFile(at('secret-keys'))
  for (const name of ['secret-keys', 'secrets.json']) expect(statSync(at(name)).mode & 0o777).toBe(0o600)
  expect(ensureSecrets(dir, {}).secrets).toEqual(secrets)
  expect(readKeyFile(at('secret-keys')).current).toEqual(current)
})

test('keys of an earlier version move out of the secrets into their file, in their order', () => {
  const keys = [newKey('second'), newKey('first')]
  const kept = { NEXTAUTH_SECRET: 'kept', PACKYARD_SECRET_KEYS: keys.join(','), registryPassword: 'kept too' }
  writeFileSync(at('secrets.json'), JSON.stringify(kept), { mode: 0o600 })
  expect(ensureSecrets(dir, {}).secrets).toMatchObject({
    NEXTAUTH_SECRET: 'kept',
    registryPassword: 'kept too',
    PACKYARD_SECRET_KEYS: '',
  })
  expect([...readKeyFile(at('secret-keys')).keys.keys()]).toEqual(['second', 'first'])
  expect(readFileSync(at('secrets.json'), 'utf8')).not.toContain('PACKYARD_SECRET_KEYS')
})

test("an operator's own keys win, as a setting or as a file, and none is made beside them", () => {
  const own = newKey('own')
  expect(ensureSecrets(dir, { PACKYARD_SECRET_KEYS: own }).secrets).toMatchObject({
    PACKYARD_SECRET_KEYS: own,
    PACKYARD_SECRET_KEYS_FILE: '',
  })
  expect(ensureSecrets(dir, { PACKYARD_SECRET_KEYS_FILE: at('own') }).secrets).toMatchObject({
    PACKYARD_SECRET_KEYS: '',
    PACKYARD_SECRET_KEYS_FILE: at('own'),
  })
  expect(existsSync(at('secret-keys'))).toBe(false)
})

test.skipIf(process.platform === 'win32')(
  'secrets that other users can read stop the start, with what to do',
  () => {
    ensureSecrets(dir, {})
    for (const name of ['secrets.json', 'secret-keys']) {
      chmodSync(at(name), 0o644)
      expect(() => ensureSecrets(dir, {})).toThrow(`chmod 600 ${at(name)}`)
      chmodSync(at(name), 0o600)
    }
  },
)
