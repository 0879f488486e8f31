import { afterAll, beforeAll, expect, test } from 'vitest'

import { packFiles, push, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, inTenant } from '../db/in-tenant'
import { toOciPack } from '../pack-format/oci'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { pauseRegistry } from '../registries/pause'
import { readFailures, readRuns } from './history'
import { requestSync } from './request'
import { runSync } from './run'

const MIB = 1024 * 1024
let server: TestRegistry

beforeAll(async () => {
  server = await startTestRegistry({})
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})

test('a bomb costs its own item only: the others are in the catalog, and the next run finds it mended', async () => {
  const target = { url: server.url }
  const sound = Array.from({ length: 40 }, (_, i) => `1.0.${i}`)
  for (const version of sound) await pushPack(target, { name: 'sound', version })
  const pushBomb = async (presets: string) => {
    const files = packFiles({ name: 'bomb', version: '1.0.0' })
    files.set('presets.yaml', { bytes: Buffer.from(presets), executable: false })
    await push({ ...target, force: true }, 'bomb', ['1.0.0'], await toOciPack(files))
  }
  await pushBomb(`presets:\n${'- a\n'.repeat(250_000)}`)

  const world = await newTenant()
  const { id } = await addRegistry(world.admin, registryInput(server.url, { paused: true }))
  await pauseRegistry(world.admin, id, false)
  const sync = async () => {
    await requestSync(world.admin, id)
    await runSync(world.tenantId, id, adapterOf, new AbortController().signal)
    return (await readRuns(world.admin, id))[0]
  }
  const before = process.memoryUsage.rss()
  expect(await sync()).toMatchObject({ outcome: 'completed', added: sound.length, failed: 1 })
  expect((process.memoryUsage.rss() - before) / MIB).toBeLessThan(256)
  expect(await readFailures(world.admin, id)).toMatchObject([
    {
      name: 'bomb',
      version: '1.0.0',
      // Whichever it meets first.
      reason: expect.stringMatching(
        /^Reading its files (?:needed more than 64 MB|took more than 5 seconds)\.$/,
      ),
    },
  ])

  await pushBomb('presets: []\n')
  expect(await sync()).toMatchObject({ outcome: 'completed', added: 1, failed: 0 })
  expect(await readFailures(world.admin, id)).toEqual([])
  const held = await inTenant(world.tenantId).packVersion.findMany({ where: { registryId: id } })
  expect(new Set(held.map((one) => one.version))).toEqual(new Set(sound))
  expect(held).toHaveLength(sound.length + 1)
})
