import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'

import { openStorage } from './storage'

const silent = pino({ level: 'silent' })
const limits = { blobbytes: 1000, uploadidle: 60, collect: { enabled: false, interval: 0, keep: 0 } }
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

async function directory() {
  const path = await mkdtemp(join(tmpdir(), 'storage-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

async function open(path: string) {
  const storage = await openStorage(path, limits, silent, () => {})
  onTestFinished(() => storage.close().catch(() => {}))
  return storage
}

const body = (...chunks: string[]) => Readable.from(chunks.map((one) => Buffer.from(one)))

test('a blob that was uploaded in parts is read whole', async () => {
  const { uploads, content } = await open(await directory())
  const upload = await uploads.start('demo')
  await uploads.append(upload, body('ab', 'c'))
  await uploads.append(upload, body('de'))
  await uploads.finish(upload, sha256('abcde'))
  expect((await content.read(sha256('abcde'))).toString()).toBe('abcde')
})

test('bytes with another digest are refused and leave nothing behind', async () => {
  const path = await directory()
  const { uploads } = await open(path)
  const upload = await uploads.start('demo')
  await uploads.append(upload, body('abc'))
  await expect(uploads.finish(upload, sha256('abd'))).rejects.toMatchObject({ code: 'DIGEST_INVALID' })
  expect(() => uploads.get('demo', upload.id)).toThrow(/not known/)
  expect(await readdir(join(path, 'uploads'))).toEqual([])
})

test('an upload belongs to its repository', async () => {
  const { uploads } = await open(await directory())
  const { id } = await uploads.start('demo')
  expect(() => uploads.get('other', id)).toThrow(expect.objectContaining({ code: 'BLOB_UPLOAD_UNKNOWN' }))
})

test('a blob larger than allowed is refused while it arrives', async () => {
  const { uploads } = await open(await directory())
  const upload = await uploads.start('demo')
  await expect(uploads.append(upload, body('x'.repeat(600), 'x'.repeat(600)))).rejects.toMatchObject({
    status: 413,
  })
})

test('what arrived before a break counts, and the rest may follow', async () => {
  const { uploads, content } = await open(await directory())
  const upload = await uploads.start('demo')
  async function* breaking() {
    yield Buffer.from('ab')
    throw new Error('the line broke')
  }
  await expect(uploads.append(upload, breaking())).rejects.toThrow('the line broke')
  expect(upload.bytes).toBe(2)
  await uploads.append(upload, body('c'))
  await uploads.finish(upload, sha256('abc'))
  expect((await content.read(sha256('abc'))).toString()).toBe('abc')
})

test('two requests cannot write to one upload at once', async () => {
  const { uploads } = await open(await directory())
  const upload = await uploads.start('demo')
  const [first, second] = await Promise.allSettled([
    uploads.append(upload, body('a')),
    uploads.append(upload, body('b')),
  ])
  expect(first.status).toBe('fulfilled')
  expect(second).toMatchObject({ status: 'rejected', reason: { status: 409 } })
})

test('uploads that a crash left are gone after the start', async () => {
  const path = await directory()
  await (await openStorage(path, limits, silent, () => {})).close()
  await writeFile(join(path, 'uploads', 'left'), 'x')
  await open(path)
  expect(await readdir(join(path, 'uploads'))).toEqual([])
})

test('a second server on one directory is told who has it', async () => {
  const path = await directory()
  await open(path)
  await expect(openStorage(path, limits, silent, () => {})).rejects.toThrow(
    new RegExp(`process ${process.pid} on ${hostname()}`),
  )
})

test('the lock of a process that is gone is taken over at once', async () => {
  const path = await directory()
  const dead = { token: 'x', pid: 2 ** 22 - 1, host: hostname(), born: 'never' }
  await writeFile(join(path, 'lock'), JSON.stringify(dead))
  const began = Date.now()
  await open(path)
  expect(Date.now() - began).toBeLessThan(2_000)
})

test('a long journal is shortened at the start, and the catalog and its revision stay', async () => {
  const path = await directory()
  const first = await openStorage(path, limits, silent, () => {})
  const manifest = { digest: sha256('m'), mediaType: 'x', bytes: 1, pack: { version: '1.0.0', bytes: 1 } }
  const change = { do: 'push', repository: 'demo', manifest, tags: ['1.0.0'], at: '', by: '' } as const
  await Promise.all(Array.from({ length: 1100 }, () => first.commit({ ...change, tags: ['1.0.0'] })))
  const { revision } = first.catalog
  await first.close()
  const again = await open(path)
  expect(again.catalog.revision).toBe(revision)
  expect([...again.catalog.snapshot()]).toMatchObject([{ name: 'demo', version: '1.0.0' }])
  await again.close()
  expect((await open(path)).catalog.revision).toBe(revision)
})

test('a directory that cannot be made is named with its setting', async () => {
  const path = await directory()
  await writeFile(join(path, 'file'), '')
  await expect(openStorage(join(path, 'file', 'data'), limits, silent, () => {})).rejects.toThrow(
    /REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY/,
  )
})
