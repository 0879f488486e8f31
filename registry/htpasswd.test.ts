import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { hashSync } from 'bcryptjs'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'

import { openHtpasswd, parseHtpasswd } from './htpasswd'
import { passwordVerifier } from './verify-password'

const HASH = hashSync('secret', 4)
const silent = pino({ level: 'silent' })

async function fileOf(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'htpasswd-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'htpasswd-basic')
  await writeFile(path, text)
  return path
}

test('blank lines and comments are skipped without a word', () => {
  const { hashes, warnings } = parseHtpasswd(`# users\n\nadmin:${HASH}\r\n`)
  expect([...hashes]).toEqual([['admin', HASH]])
  expect(warnings).toEqual([])
})

test.each(['admin:$apr1$x$y', 'admin:{SHA}xx', 'admin:secret', ':x', 'nothing'])(
  'the line %s is skipped with a warning that does not show the hash',
  (line) => {
    const { hashes, warnings } = parseHtpasswd(line)
    expect(hashes.size).toBe(0)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).not.toContain(line.slice(line.indexOf(':') + 1))
  },
)

test('a file that is not there cannot be started with, and the message says how to make it', async () => {
  await expect(openHtpasswd('/nowhere/htpasswd', silent)).rejects.toThrow(/htpasswd -Bbn admin PASSWORD/)
})

test('a file that changed is read again', async () => {
  const path = await fileOf(`admin:${HASH}\n`)
  const currentUsers = await openHtpasswd(path, silent)
  await writeFile(path, `admin:${HASH}\nreader:${HASH}\n`)
  expect([...(await currentUsers(true)).hashes.keys()]).toEqual(['admin', 'reader'])
})

test('the last users stay while the file is gone', async () => {
  const path = await fileOf(`admin:${HASH}\n`)
  const currentUsers = await openHtpasswd(path, silent)
  await rm(path)
  expect((await currentUsers(true)).hashes.has('admin')).toBe(true)
})

test('only the right password of a known user is right, however often it is tried', async () => {
  const verify = passwordVerifier()
  const users = { hashes: new Map([['admin', HASH]]), version: '1' }
  expect(await verify(users, 'admin', 'secret')).toBe(true)
  expect(await verify(users, 'admin', 'secret')).toBe(true)
  expect(await verify(users, 'admin', 'wrong')).toBe(false)
  expect(await verify(users, 'nobody', 'secret')).toBe(false)
  expect(await verify({ hashes: new Map(), version: '2' }, 'nobody', 'secret')).toBe(false)
})

test('a password that was right is checked again when the file has changed', async () => {
  const verify = passwordVerifier()
  await verify({ hashes: new Map([['admin', HASH]]), version: '1' }, 'admin', 'secret')
  const changed = { hashes: new Map([['admin', hashSync('other', 4)]]), version: '2' }
  expect(await verify(changed, 'admin', 'secret')).toBe(false)
})

test('sign-ins beyond what can wait are told to come again', async () => {
  const verify = passwordVerifier()
  const users = { hashes: new Map([['admin', HASH]]), version: '1' }
  const all = await Promise.allSettled(
    Array.from({ length: 80 }, (_, i) => verify(users, 'admin', `wrong${i}`)),
  )
  const refused = all.filter((one) => one.status === 'rejected')
  expect(refused).toHaveLength(80 - 64)
  expect(refused[0]?.reason).toMatchObject({ code: 'TOOMANYREQUESTS' })
})
