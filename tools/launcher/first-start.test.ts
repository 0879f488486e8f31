import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { firstStartText, keepFirstStart, markSignedIn, renewPassword } from './first-start.mjs'

const world = {
  url: 'http://127.0.0.1:3000',
  registry: { server: '127.0.0.1:5001', username: 'admin', password: 'registry-password' },
}
const admin = { email: 'admin@packyard.local', password: 'console-password' }

test('a first start tells the addresses, both logins and the two commands that push a pack', () => {
  const text = firstStartText({ ...world, admin })
  for (const part of ['http://127.0.0.1:3000', admin.email, admin.password, 'http://127.0.0.1:5001'])
    expect(text).toContain(part)
  expect(text).toMatch(
    /packyard -- registry login 127\.0\.0\.1:5001 -i --username admin --password registry-password\n/,
  )
  expect(text).toMatch(/packyard -- pack push \S+ -r 127\.0\.0\.1:5001$/)
})

test('after the first sign-in the file holds the password of the console no more', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'packyard-first-'))
  const file = keepFirstStart(dir, firstStartText({ ...world, admin }))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  markSignedIn(dir, world)
  const text = readFileSync(file, 'utf8')
  expect(text).not.toContain('console-password')
  expect(text).toContain('registry-password')
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test("a password made anew stands in the place of the old one, and the registry's stays", () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'packyard-first-'))
  const file = keepFirstStart(dir, firstStartText({ ...world, admin }))
  renewPassword(dir, admin.email, 'another-password')
  const text = readFileSync(file, 'utf8')
  expect(text).toBe(`${firstStartText({ ...world, admin: { ...admin, password: 'another-password' } })}\n`)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})
