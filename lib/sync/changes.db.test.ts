import { afterAll, beforeEach, expect, test } from 'vitest'

import { type Gateway, startGateway } from '../../tests/support/gateway'
import { deletePack, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, inTenant } from '../db/in-tenant'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { readHeld } from './held'
import { readFailures, readRuns } from './history'
import { requestSync } from './request'
import { runSync } from './run'

const COUNT = 20
const never = new AbortController().signal

const open: { close(): Promise<void> }[] = []
let server: TestRegistry
let gateway: Gateway
let world: Awaited<ReturnType<typeof newTenant>>
let id: string
let digests: Map<string, string>

/** A registry with twenty packs of one version each, synced. */
beforeEach(async () => {
  server = await startTestRegistry()
  gateway = await startGateway(server.url)
  open.push(gateway, server)
  world = await newTenant()
  digests = new Map()
  for (let i = 0; i < COUNT; i++) await add(`pack-${i}`, '1.0.0')
  ;({ id } = await addRegistry(world.admin, registryInput(gateway.url)))
  expect(await sync()).toMatchObject({ added: COUNT, listed: COUNT })
})
afterAll(async () => {
  for (const one of open) await one.close()
  await closeDatabase()
})

const add = async (name: string, version: string, rest = {}) =>
  digests.set(`${name}@${version}`, await pushPack({ url: server.url }, { name, version, ...rest }))
const drop = (name: string, version = '1.0.0') =>
  deletePack({ url: server.url }, name, digests.get(`${name}@${version}`) ?? '')
async function sync(force = false) {
  await requestSync(world.admin, id, force)
  await runSync(world.tenantId, id, adapterOf, never)
  return (await readRuns(world.admin, id))[0]
}
const here = async () =>
  (
    await inTenant(world.tenantId).packVersion.findMany({
      where: { registryId: id, goneAt: null },
      orderBy: [{ name: 'asc' }, { version: 'asc' }],
    })
  ).map(({ name, version }) => `${name}@${version}`)
const tags = async () =>
  (
    await inTenant(world.tenantId).packTag.findMany({
      where: { registryId: id },
      include: { packVersion: true },
      orderBy: [{ name: 'asc' }, { tag: 'asc' }],
    })
  ).map(({ name, tag, packVersion }) => `${name}:${tag}=${packVersion.version}`)
/** What a console holds that reads all of it for the first time. */
async function afresh() {
  const other = await newTenant()
  const { id: otherId } = await addRegistry(other.admin, registryInput(server.url))
  await runSync(other.tenantId, otherId, adapterOf, never)
  const [kept, keptId] = [world, id]
  ;[world, id] = [other, otherId]
  const found = [await here(), await tags()]
  ;[world, id] = [kept, keptId]
  return found
}

test('a sync that reads only what changed leaves what a first sync finds, and costs by the change', async () => {
  await add('pack-3', '1.0.1')
  await add('new', '2.0.0')
  await drop('pack-5')
  expect(await sync()).toMatchObject({ requests: 2, listed: 3, added: 2, removed: 1, changed: 0 })
  expect([await here(), await tags()]).toEqual(await afresh())
  await drop('pack-3', '1.0.1')
  expect(await sync()).toMatchObject({ requests: 1, listed: 1, removed: 1 })
  expect([await here(), await tags()]).toEqual(await afresh())
  expect(await sync()).toMatchObject({ outcome: 'unchanged', requests: 1, bytes: 0n, rows: 0 })
})

test('removals among what changed are weighed against the whole catalog, and held ones are read anew', async () => {
  await add('many', '1.0.0')
  for (let i = 1; i < 12; i++) await add('many', `1.0.${i}`)
  await sync()
  for (let i = 0; i < 12; i++) await drop('many', `1.0.${i}`)
  expect(await sync()).toMatchObject({ held: 12, removed: 0 })
  expect(await readHeld(world.admin, id)).toMatchObject({ held: { count: 12, of: COUNT + 12 } })
  // All of it is read while they wait, and what is listed again waits no more.
  expect(await sync()).toMatchObject({ listed: COUNT, held: 12 })
  await add('many', '1.0.0')
  await sync()
  expect(await readHeld(world.admin, id)).toMatchObject({ held: { count: 11 } })
})

test('what failed is tried again with each change of others, and gets the tags that it was listed with', async () => {
  await add('pack-1', '1.0.1')
  const digest = digests.get('pack-1@1.0.1') ?? ''
  let broken = true
  gateway.instead = ({ path }, response) => {
    if (broken && path.endsWith('/contents')) return !!response.writeHead(404).end()
    if (broken && path.includes(digest)) return !!response.writeHead(500).end()
    return false
  }
  expect(await sync()).toMatchObject({ failed: 1 })
  await add('pack-2', '1.0.1')
  expect(await sync()).toMatchObject({ added: 1, failed: 1 })
  expect(await readFailures(world.admin, id)).toHaveLength(1)
  broken = false
  await add('pack-4', '1.0.1')
  expect(await sync()).toMatchObject({ added: 2, failed: 0, listed: 2 })
  expect([await here(), await tags()]).toEqual(await afresh())
  expect(await readFailures(world.admin, id)).toHaveLength(0)
})

test('what is held by changes alone is checked against everything after a day, or when a person forces it', async () => {
  /** Something went wrong with what we hold, and nobody noticed. */
  const lose = () =>
    inTenant(world.tenantId).packVersion.deleteMany({ where: { registryId: id, name: 'pack-9' } })
  await add('pack-3', '1.0.1')
  await sync()
  await lose()
  expect(await sync()).toMatchObject({ outcome: 'unchanged' })
  await inTenant(world.tenantId).registry.updateMany({
    where: { id },
    data: { rereadAt: new Date(Date.now() - 1) },
  })
  expect(await sync()).toMatchObject({ listed: COUNT + 1, added: 1 })
  expect(await sync()).toMatchObject({ outcome: 'unchanged' })
  await lose()
  expect(await sync(true)).toMatchObject({ listed: COUNT + 1, added: 1 })
  expect([await here(), await tags()]).toEqual(await afresh())
})
