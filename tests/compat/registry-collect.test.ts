import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { OCI_MANIFEST } from '@/lib/pack-format/media-types'
import { digestOf } from '@/lib/pack-format/oci'

import { packFiles, pushBlob, pushManifest, pushPack, type Send, sender } from '../support/push'
import {
  type RegistryProcess,
  startRegistryProcess,
  temporaryDirectory,
  variablesFor,
} from '../support/registry-process'

let directory: string
let variables: Record<string, string>
let registry: RegistryProcess
let admin: Send

beforeAll(async () => {
  directory = await temporaryDirectory()
  variables = await variablesFor(directory, { admin: 'admin-pw', spectro: 'reader-pw' })
  await start()
})
afterAll(async () => {
  await registry.end()
  await rm(directory, { recursive: true })
})

async function start(): Promise<void> {
  registry = await startRegistryProcess(variables)
  admin = sender(registry.url, 'admin:admin-pw')
}

async function collect(keep = '0s'): Promise<Record<string, number>> {
  const response = await admin('POST', `/v1/_packyard/collect?keep=${keep}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, number>
}

/** How many contents lie on the disk. */
async function countFiles(): Promise<number> {
  const root = path.join(variables.REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY ?? '', 'blobs', 'sha256')
  const buckets = await Promise.all((await readdir(root)).map((bucket) => readdir(path.join(root, bucket))))
  return buckets.flat().length
}

const statusOf = async (at: string) => (await admin('GET', at)).status
const blob = (repository: string, bytes: Uint8Array) => `/v2/${repository}/blobs/${digestOf(bytes)}`

test('a blob that no manifest needs goes, bytes and all, once it was not needed for long enough', async () => {
  const bytes = Buffer.from('lonely')
  await pushBlob(admin, 'some/images', bytes)
  expect(await collect('1h')).toEqual({ manifests: 0, blobs: 0, contents: 0, bytes: 0, waiting: 1 })
  expect(await statusOf(blob('some/images', bytes))).toBe(200)
  expect(await collect()).toEqual({ manifests: 0, blobs: 1, contents: 1, bytes: bytes.length, waiting: 0 })
  expect(await statusOf(blob('some/images', bytes))).toBe(404)
  expect(await countFiles()).toBe(0)
})

test('its time goes on over a restart, and begins anew when somebody asks whether it is there', async () => {
  const bytes = Buffer.from('patient')
  await pushBlob(admin, 'some/images', bytes)
  await collect('1h')
  await registry.end()
  await start()
  await new Promise((resolve) => setTimeout(resolve, 300))
  await admin('HEAD', blob('some/images', bytes))
  expect(await collect('200ms')).toMatchObject({ blobs: 0, waiting: 1 })
  await registry.end()
  await start()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await collect('200ms')).toMatchObject({ blobs: 1, contents: 1 })
})

test('old content of a version stays readable by its digest for the time, and then goes alone', async () => {
  const first = await pushPack(
    admin,
    packFiles({ name: 'demo', version: '1.0.0' }, { 'values.yaml': 'a: 1' }),
  )
  const second = await pushPack(
    admin,
    packFiles({ name: 'demo', version: '1.0.0' }, { 'values.yaml': 'a: 2' }),
    {
      headers: { 'packyard-force': 'true' },
    },
  )
  const at = (digest: string) => `/v1/demo/manifests/${digest}`
  expect(await collect('1h')).toMatchObject({ manifests: 0, waiting: 1 })
  expect(await statusOf(at(first.digest))).toBe(200)
  // pack.json is shared by the two, the values are not.
  expect(await collect()).toMatchObject({ manifests: 1, blobs: 1, contents: 2 })
  expect(await statusOf(at(first.digest))).toBe(404)
  expect(await statusOf(at(second.digest))).toBe(200)
  for (const { bytes } of second.blobs) expect(await statusOf(blob('demo', bytes))).toBe(200)
})

test('a manifest that no tag names stays where no packs are', async () => {
  const config = Buffer.from('{}')
  await pushBlob(admin, 'some/images', config)
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: 'application/x.config', digest: digestOf(config), size: config.length },
      layers: [],
    }),
  )
  await pushManifest(admin, 'some/images', digestOf(manifest), manifest)
  expect(await collect()).toEqual({ manifests: 0, blobs: 0, contents: 0, bytes: 0, waiting: 0 })
  expect(await statusOf(`/v2/some/images/manifests/${digestOf(manifest)}`)).toBe(200)
})

test('what another repository holds stays there', async () => {
  const { blobs } = await pushPack(admin, packFiles({ name: 'keeps', version: '1.0.0' }))
  const [shared] = blobs as [(typeof blobs)[number]]
  await admin('POST', `/v2/borrows/blobs/uploads/?mount=${shared.digest}&from=keeps`)
  expect(await collect()).toMatchObject({ blobs: 1, contents: 0 })
  expect(await statusOf(blob('keeps', shared.bytes))).toBe(200)
  expect(await statusOf(blob('borrows', shared.bytes))).toBe(404)
})

test('nothing that was acknowledged is lost while pushes and collections race', {
  timeout: 60_000,
}, async () => {
  let isOver = false
  let rounds = 0
  const collecting = (async () => {
    for (; ; rounds++) {
      await collect()
      if (isOver) return
    }
  })()
  const pushed: { name: string; digest: string }[] = []
  await Promise.all(
    Array.from({ length: 4 }, async (_, worker) => {
      for (let i = 0; i < 25 || rounds < 5; i++) {
        // The values are the same for all, so that they are brought, found and removed all the time.
        const files = packFiles(
          { name: `pack-${worker}`, version: `1.0.${i}` },
          { 'values.yaml': `same: ${i % 3}` },
        )
        // A blob may go before the manifest that needs it comes, and is pushed again then.
        for (let attempt = 0; attempt < 50; attempt++) {
          const { response, digest } = await pushPack(admin, files)
          if (response.status === 201) {
            pushed.push({ name: `pack-${worker}`, digest })
            if (i % 2) await admin('DELETE', `/v1/pack-${worker}/manifests/1.0.${i - 1}`)
            break
          }
          expect(response.status).toBe(404)
        }
      }
    }),
  )
  isOver = true
  await collecting
  for (let i = 0; i < 4; i++)
    for (const tag of ['1.0.23', '1.0.1']) {
      const answer = await admin('GET', `/v1/pack-${i}/manifests/${tag}`)
      expect(answer.status).toBe(200)
      const { config, layers } = (await answer.json()) as {
        config: { digest: string }
        layers: { digest: string }[]
      }
      for (const { digest } of [config, ...layers])
        expect(await statusOf(`/v2/pack-${i}/blobs/${digest}`)).toBe(200)
    }
  expect(pushed.length).toBeGreaterThanOrEqual(100)
})

test('readers cannot have anything collected', async () => {
  expect((await sender(registry.url, 'spectro:reader-pw')('POST', '/v1/_packyard/collect')).status).toBe(403)
  expect((await admin('POST', '/v1/_packyard/collect?keep=soon')).status).toBe(400)
})
