import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { type Gateway, type Seen, startGateway } from '../../tests/support/gateway'
import { packFiles, push, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, inTenant } from '../db/in-tenant'
import { toOciPack } from '../pack-format/oci'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { changeRegistry } from '../registries/change'
import { pauseRegistry } from '../registries/pause'
import { readRegistry } from '../registries/read'
import { SyncProgress } from '../registries/schema'
import { stateOf } from '../registries/state'
import { cancelSync } from './cancel'
import { readFailures, readRuns } from './history'
import { requestAsTold, requestRetry, requestSync } from './request'
import { runSync } from './run'
import { findDue } from './store/due'
import { watchSyncs } from './watch'

let server: TestRegistry
let gateway: Gateway
let world: Awaited<ReturnType<typeof newTenant>>
let id: string

const COUNT = 40
const auth = { type: 'basic', username: 'admin', password: 'right' } as const
const never = new AbortController().signal

beforeAll(async () => {
  server = await startTestRegistry({ users: { admin: auth.password } })
  const all = Array.from({ length: COUNT }, (_, i) => `1.0.${i}`)
  await Promise.all(all.map((version) => pushPack(target(), { name: 'dex', version })))
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})
beforeEach(async () => {
  gateway = await startGateway(server.url)
  world = await newTenant()
  ;({ id } = await addRegistry(world.admin, registryInput(gateway.url, { auth, paused: true })))
  await pauseRegistry(world.admin, id, false)
  gateway.seen.length = 0
})
afterEach(() => gateway.close())

const target = () => ({ url: server.url, user: auth.username, password: auth.password })
const run = () => runSync(world.tenantId, id, adapterOf, never)
async function sync() {
  await requestSync(world.admin, id)
  expect(await run()).toBe(true)
  return (await readRuns(world.admin, id))[0]
}
const registry = () => readRegistry(world.admin, id)
const versions = () => inTenant(world.tenantId).packVersion.count({ where: { registryId: id } })
const isManifest = ({ path: at }: Seen) => at.includes('/manifests/')
const isMany = ({ path: at }: Seen) => at.includes('/_packyard/contents')
/** A server that does not know the request for many packs' contents: each is asked for by itself. */
const oneByOne: Gateway['instead'] = (request, response) => {
  if (!isMany(request)) return false
  response.writeHead(404).end()
  return true
}

/** Lets so many manifests pass, and then answers nothing. @returns when it hangs */
function hangAfter(passes: number): Promise<void> {
  let asked = 0
  return new Promise((hangs) => {
    gateway.instead = (request, response) => {
      if (passes > 0 && isMany(request)) return oneByOne(request, response)
      if (!(isManifest(request) || isMany(request)) || ++asked <= passes) return false
      hangs()
      return true
    }
  })
}

test('a sync that is cancelled ends within seconds, keeps what it read, and is due as usual', async () => {
  await expect(cancelSync(world.admin, id)).rejects.toMatchObject({ code: 'conflict' })
  const hangs = hangAfter(20)
  await requestSync(world.admin, id)
  const running = run()
  await hangs
  const began = Date.now()
  await cancelSync(world.admin, id)
  await running
  expect(Date.now() - began).toBeLessThan(4_000)
  const [cancelled] = await readRuns(world.admin, id)
  expect(cancelled?.message).toContain('cancelled by tenant-admin')
  expect(cancelled).toMatchObject({ outcome: 'cancelled', finishedAt: expect.any(Date), removed: 0 })
  const kept = await versions()
  expect(kept).toBeGreaterThan(0)
  expect(cancelled?.added).toBe(kept)
  const { dueAt, lastMessage, runId, requestedBy } = await registry()
  expect([runId, requestedBy, lastMessage]).toEqual([null, '', expect.stringContaining('cancelled')])
  expect(((dueAt?.getTime() ?? 0) - Date.now()) / 60_000).toBeGreaterThan(14)
  expect(stateOf(await registry())).toBe('failing')

  gateway.instead = () => false
  expect(await sync()).toMatchObject({ outcome: 'completed', added: COUNT - kept })
  expect(stateOf(await registry())).toBe('healthy')
})

test('a sync that runs tells within two seconds what it does and how far it is, and nothing once it has ended', async () => {
  const hangs = hangAfter(20)
  await requestSync(world.admin, id)
  expect(await watchSyncs(world.admin, id)).toEqual([expect.objectContaining({ id, runId: null })])
  const running = run()
  await hangs
  const look = async () => (await watchSyncs(world.viewer, id))[0]?.progress as SyncProgress | null
  const began = Date.now()
  while ((await look())?.step !== 'reading' && Date.now() - began < 2_000)
    await new Promise((done) => setTimeout(done, 50))
  const progress = SyncProgress.parse(await look())
  expect(progress).toMatchObject({ step: 'reading', of: COUNT })
  expect(progress.done).toBeGreaterThan(0)
  expect(progress.requests).toBeGreaterThan(progress.done)
  await cancelSync(world.admin, id)
  await running
  expect(await watchSyncs(world.admin, id)).toEqual([])
  expect((await registry()).progress).toBeNull()
})

test('a sync of a registry that did well is cancelled without harm to how it does', async () => {
  await sync()
  await pushPack(target(), { name: 'other', version: '1.0.0' })
  const hangs = hangAfter(0)
  await requestSync(world.admin, id)
  const running = run()
  await hangs
  await expect(cancelSync(world.viewer, id)).rejects.toMatchObject({ code: 'forbidden' })
  await cancelSync(world.admin, id)
  await running
  expect((await readRuns(world.admin, id))[0]).toMatchObject({ outcome: 'cancelled' })
  expect([stateOf(await registry()), await versions()]).toEqual(['healthy', COUNT])
})

test('a forced sync takes the place of one that goes on, at once, and the other writes nothing more', async () => {
  const hangs = hangAfter(0)
  await requestSync(world.admin, id)
  const stuck = run()
  await hangs
  await requestSync(world.admin, id)
  expect(await run()).toBe(false)
  gateway.instead = () => false
  await requestSync(world.admin, id, true)
  expect((await findDue(1000)).map((one) => one.id)).toContain(id)
  expect(await run()).toBe(true)
  const began = Date.now()
  await stuck
  expect(Date.now() - began).toBeLessThan(4_000)
  const outcomes = (await readRuns(world.admin, id)).map((one) => [one.outcome, one.added])
  expect(outcomes).toEqual([
    ['completed', await versions()],
    ['abandoned', 0],
  ])
  expect(stateOf(await registry())).toBe('healthy')
})

test('a retry asks for nothing but what failed, and says nothing new of the registry where it fails again', async () => {
  await sync()
  await expect(requestRetry(world.admin, id)).rejects.toMatchObject({ code: 'conflict' })
  const pack = await toOciPack(packFiles({ name: 'broken', version: '1.0.0', values: 'pack: {retry: 1}\n' }))
  await push(target(), 'broken', ['1.0.0'], pack)
  const file = await blobFile(pack.blobs.find((one) => one.mediaType.includes('values'))?.digest ?? '')
  const bytes = await readFile(file)
  await writeFile(
    file,
    bytes.map((byte) => byte ^ 1),
  )
  expect(await sync()).toMatchObject({ failed: 1 })
  const { lastSyncedAt } = await registry()
  await pushPack(target(), { name: 'unseen', version: '1.0.0' })
  gateway.instead = oneByOne
  gateway.seen.length = 0

  await requestRetry(world.admin, id)
  expect(await run()).toBe(true)
  expect((await readRuns(world.admin, id))[0]).toMatchObject({
    ...{ trigger: 'retry', outcome: 'completed', failed: 1, listed: 0, added: 0 },
  })
  expect(gateway.seen.filter((one) => !one.path.includes('/broken/') && !isMany(one))).toEqual([])
  expect(await registry()).toMatchObject({ lastSyncedAt, lastOutcome: 'completed', failing: 1 })

  await writeFile(file, bytes)
  await requestRetry(world.admin, id)
  await run()
  expect(await readFailures(world.admin, id)).toEqual([])
  const tags = await inTenant(world.tenantId).packTag.findMany({ where: { registryId: id, name: 'broken' } })
  expect(tags.map((one) => one.tag)).toContain('1.0.0')
})

test('a request for less does not take the place of one for more, and a person comes before a notification', async () => {
  await sync()
  await requestAsTold(world.tenantId, id)
  await requestSync(world.admin, id)
  expect(await registry()).toMatchObject({ requestedBy: 'manual', requestedActor: 'tenant-admin' })
  await changeRegistry(world.admin, id, registryInput(gateway.url, { auth, name: `renamed-${id}` }))
  await requestSync(world.admin, id)
  expect((await registry()).requestedBy).toBe('changed')
})

test('refused credentials are sent once a run, and not again until a person asks', async () => {
  gateway.instead = (_, response) => {
    response.writeHead(401).end()
    return true
  }
  await sync()
  expect(gateway.seen).toHaveLength(1)
  expect(stateOf(await registry())).toBe('stalled')
  expect((await findDue(1000)).map((one) => one.id)).not.toContain(id)
  expect(await run()).toBe(false)
  expect(gateway.seen).toHaveLength(1)
  await sync()
  expect(gateway.seen).toHaveLength(2)
  expect((await findDue(1000)).map((one) => one.id)).not.toContain(id)
})

test('credentials that are refused when contents are asked for are sent no third time', async () => {
  gateway.instead = (request, response) => {
    if (!isMany(request)) return false
    response.writeHead(401).end()
    return true
  }
  expect(await sync()).toMatchObject({ outcome: 'failed', step: 'credentials' })
  expect(gateway.seen).toHaveLength(2)
  expect(stateOf(await registry())).toBe('stalled')
})

test('credentials that are refused while packs are read one by one are sent no more from then on', async () => {
  let asked = 0
  let late = 0
  let answered = false
  gateway.instead = (request, response) => {
    if (answered) late++
    if (!isManifest(request) || ++asked <= 5) return oneByOne(request, response)
    response.writeHead(401).end()
    // What was on its way already is not counted, what is sent later is.
    setTimeout(() => {
      answered = true
    }, 100)
    return true
  }
  expect(await sync()).toMatchObject({ outcome: 'failed', step: 'credentials' })
  expect(late).toBe(0)
  expect(asked - 5).toBeLessThanOrEqual(16)
  expect(stateOf(await registry())).toBe('stalled')
})

/** Where the server keeps a blob. */
async function blobFile(digest: string): Promise<string> {
  const hex = digest.replace('sha256:', '')
  const found = (await readdir(server.dir, { recursive: true })).find((one) => path.basename(one) === hex)
  if (!found) throw new Error(`The server has no blob ${digest}`)
  return path.join(server.dir, found)
}
