import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, onTestFinished, test } from 'vitest'

import { digestOf } from '@/lib/pack-format/oci'

import { packFiles, pushBlob, pushPack, sender } from '../support/push'
import {
  type RegistryProcess,
  runRegistry,
  startRegistryProcess,
  variablesFor,
} from '../support/registry-process'
import { temporaryDirectoryOfTest } from '../support/temporary-directory'

async function start(variables: Record<string, string>): Promise<RegistryProcess> {
  const registry = await startRegistryProcess(variables)
  onTestFinished(async () => void (await registry.end('SIGKILL')))
  return registry
}

const WRITERS = 8
const ROUNDS = 4
/** A round is cut off after so many pushes were acknowledged. */
const ENOUGH = 12

test('every push that was acknowledged is there after kill -9, and nothing half-done', async () => {
  const variables = await variablesFor(await temporaryDirectoryOfTest(), null)
  const acknowledged = new Map<string, { digest: string; values: string }>()

  for (let round = 0; round < ROUNDS; round++) {
    const registry = await start(variables)
    const send = sender(registry.url)
    const before = acknowledged.size
    const work = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const pack = { name: `pack-${writer}`, version: `${round}.${n}.0` }
        const values = `value: ${'x'.repeat(10_000)} ${round} ${n} ${writer}\n`
        const { response, digest } = await pushPack(send, packFiles(pack, { 'values.yaml': values }))
        if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
        acknowledged.set(`${pack.name}:${pack.version}`, { digest, values })
        if (acknowledged.size - before >= ENOUGH) registry.process.kill('SIGKILL')
      }
    })
    const ends = await Promise.allSettled(work)
    // What ends a writer is the connection that breaks, never an answer.
    for (const end of ends)
      expect(String((end as PromiseRejectedResult).reason)).toMatch(/fetch failed|terminated/)
    await registry.end()
  }

  const registry = await start(variables)
  const send = sender(registry.url)
  expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * ENOUGH)
  for (const [pack, { digest, values }] of acknowledged) {
    const [name, version] = pack.split(':')
    const manifest = await send('GET', `/v1/${name}/manifests/${version}`)
    expect([pack, manifest.headers.get('docker-content-digest')]).toEqual([pack, digest])
    expect(digestOf(Buffer.from(await manifest.arrayBuffer()))).toBe(digest)
    const blob = await send('GET', `/v1/${name}/blobs/${digestOf(Buffer.from(values))}`)
    expect(await blob.text()).toBe(values)
  }
  const listing = (await (await send('GET', '/v1/_packyard/catalog')).text()).trim().split('\n').slice(0, -1)
  for (const line of listing) {
    const { name, digest } = JSON.parse(line)
    const manifest = JSON.parse(await (await send('GET', `/v1/${name}/manifests/${digest}`)).text())
    for (const one of [manifest.config, ...manifest.layers]) {
      const bytes = Buffer.from(await (await send('GET', `/v1/${name}/blobs/${one.digest}`)).arrayBuffer())
      expect([digestOf(bytes), bytes.length]).toEqual([one.digest, one.size])
    }
  }
})

test('SIGTERM lets a push that runs come to its end, and the program ends with 0', async () => {
  const variables = await variablesFor(await temporaryDirectoryOfTest(), null)
  const registry = await start(variables)
  const { hostname, port } = new URL(registry.url)
  const content = Buffer.from('0123456789')
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  const target = `/v1/slow/blobs/uploads/?digest=${digestOf(content)}`
  socket.write(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n01234`)
  const uploads = path.join(variables.REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY ?? '', 'uploads')
  await expect.poll(() => readdir(uploads)).toHaveLength(1)
  const began = Date.now()
  const ended = registry.end('SIGTERM')
  await sleep(300)
  expect(answer).toBe('')
  socket.write('56789')
  await once(socket, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 201 /)
  expect(Date.now() - began).toBeLessThan(4_000)
  expect(await ended).toBe(0)
  expect(registry.log()).toContain('"Ended"')
  const again = sender((await start(variables)).url)
  expect(await (await again('GET', `/v1/slow/blobs/${digestOf(content)}`)).text()).toBe('0123456789')
})

test('a connection that is only kept open does not hold up the end', async () => {
  const registry = await start(await variablesFor(await temporaryDirectoryOfTest(), null))
  await (await sender(registry.url)('GET', '/v1/')).text()
  const began = Date.now()
  expect(await registry.end('SIGINT')).toBe(0)
  expect(Date.now() - began).toBeLessThan(3_000)
})

test('a second server on the same data is told who has it, and ends with 1', async () => {
  const variables = await variablesFor(await temporaryDirectoryOfTest(), null)
  const registry = await start(variables)
  const second = await runRegistry(['serve'], variables)
  expect(second.code).toBe(1)
  expect(second.stderr).toContain(`process ${registry.process.pid}`)
  await pushBlob(sender(registry.url), 'still', Buffer.from('works'))
})

test('uploads that a crash left are removed at the next start', async () => {
  const directory = await temporaryDirectoryOfTest()
  const variables = await variablesFor(directory, null)
  const registry = await start(variables)
  const response = await sender(registry.url)('POST', '/v1/demo/blobs/uploads/')
  await registry.end('SIGKILL')
  expect(await readdir(path.join(directory, 'data', 'uploads'))).toHaveLength(1)
  const again = await start(variables)
  expect(await readdir(path.join(directory, 'data', 'uploads'))).toEqual([])
  expect((await sender(again.url)('GET', response.headers.get('location') ?? '')).status).toBe(404)
})

test('the push and who made it stand in the journal, with the reason of a forced one', async () => {
  const directory = await temporaryDirectoryOfTest()
  const registry = await start(await variablesFor(directory, { admin: 'pw' }))
  const send = sender(registry.url, 'admin:pw')
  await pushPack(send, packFiles({ name: 'demo', version: '1.0.0' }))
  const headers = { 'packyard-force': 'true', 'packyard-message': 'Wrong%20port' }
  await pushPack(send, packFiles({ name: 'demo', version: '1.0.0' }, { 'values.yaml': 'a: 1' }), { headers })
  const journal = await readFile(path.join(directory, 'data', 'journal'), 'utf8')
  expect(journal).toMatch(/"by":"admin","message":"Wrong port"/)
})

test('a body that stops flowing is ended, and does not hold an upload for ever', async () => {
  const variables = await variablesFor(await temporaryDirectoryOfTest(), null)
  const registry = await start({ ...variables, REGISTRY_LIMITS_BODYIDLE: '1' })
  const { hostname, port } = new URL(registry.url)
  const socket = connect(Number(port), hostname)
  const digest = digestOf(Buffer.from('never'))
  socket.write(
    `POST /v1/slow/blobs/uploads/?digest=${digest} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nnev`,
  )
  await once(socket.resume(), 'close')
  const uploads = path.join(variables.REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY ?? '', 'uploads')
  await expect.poll(() => readdir(uploads)).toEqual([])
})
