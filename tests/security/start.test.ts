import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

import { afterAll, expect, test } from 'vitest'

const exec = promisify(execFile)
const folder = mkdtempSync(path.join(tmpdir(), 'packyard-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

const goodKey = `k1:${randomBytes(32).toString('base64')}`
const openFile = path.join(folder, 'open-keys')
writeFileSync(openFile, goodKey, { mode: 0o644 })

const NOWHERE = 'postgresql://nobody@127.0.0.1:1/none'
const SETTINGS = {
  ...{ DATABASE_APP_URL: NOWHERE, DATABASE_SYSTEM_URL: NOWHERE, DATABASE_JOBS_URL: NOWHERE },
  NEXTAUTH_SECRET: randomBytes(48).toString('base64url'),
  PACKYARD_URL: 'http://127.0.0.1:3000',
  PACKYARD_SECRET_KEYS: goodKey,
}

/** Starts the worker, which ends at once. @returns what it said */
async function start(change: Record<string, string>): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, ...SETTINGS, ...change } as unknown as NodeJS.ProcessEnv
  const args = ['--import', 'tsx', 'worker/main.ts']
  const failed = await exec(process.execPath, args, { env, timeout: 50_000 }).then(
    () => null,
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
  expect(failed?.code).toBe(1)
  return `${failed?.stdout}${failed?.stderr}`
}

const SHORT = 'c2hvcnQ='
const ZERO = Buffer.alloc(32).toString('base64')

test.each([
  [
    'no key at all',
    { PACKYARD_SECRET_KEYS: '' },
    /PACKYARD_SECRET_KEYS \(is missing, and there is no default key\)/,
  ],
  ['a short key', { PACKYARD_SECRET_KEYS: `k1:${SHORT}` }, /entry 1 is not .*32 bytes in base64/],
  ['a key that anybody could guess', { PACKYARD_SECRET_KEYS: `k1:${ZERO}` }, /key .*k1.* is not random/],
  ['keys in two places', { PACKYARD_SECRET_KEYS_FILE: openFile }, /set one of them/],
  [
    'a key file that others can read',
    { PACKYARD_SECRET_KEYS: '', PACKYARD_SECRET_KEYS_FILE: openFile },
    /Other users of this machine can use the keys.*chmod 600/,
  ],
  [
    'a key file that is not there',
    { PACKYARD_SECRET_KEYS: '', PACKYARD_SECRET_KEYS_FILE: `${openFile}-none` },
    /cannot be read \(ENOENT\)/,
  ],
  [
    'a short session secret',
    { NEXTAUTH_SECRET: 'short' },
    /NEXTAUTH_SECRET \(is shorter than 32 characters\)/,
  ],
  [
    'a session secret of an example',
    { NEXTAUTH_SECRET: 'please-change-me-to-something-very-long' },
    /NEXTAUTH_SECRET \(is not random/,
  ],
  ['an egress policy that is none', { PACKYARD_EGRESS: 'http://x' }, /PACKYARD_EGRESS: .*is neither a host/],
] as [string, Record<string, string>, RegExp][])(
  '%s ends a program at its start, with the reason and no key',
  async (_, change, says) => {
    const said = await start(change)
    expect(said).toMatch(says)
    for (const secret of [goodKey.slice(3), ZERO, SHORT, 'please-change-me', SETTINGS.NEXTAUTH_SECRET])
      expect(said).not.toContain(secret)
  },
)
