import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, inTenant, sqlInTenant } from '../db/in-tenant'
import { requestSync } from '../sync/request'
import { runSync } from '../sync/run'
import { newUid } from '../uid'
import { adapterOf } from './adapter'
import { addRegistry } from './add'
import { changeRegistry } from './change'
import { checkInput, checkStored } from './check'
import { openRegistry } from './open'
import { pauseRegistry } from './pause'
import { listRegistries, readRegistry } from './read'
import { removeRegistry } from './remove'
import type { RegistryInput } from './schema'

let server: TestRegistry
let other: TestRegistry
let world: Awaited<ReturnType<typeof newTenant>>

const basic = (password?: string, username = 'admin') => ({ type: 'basic', username, password }) as const
const input = (rest: Partial<RegistryInput> = {}) =>
  registryInput(server.url, { auth: basic('right'), ...rest })

beforeAll(async () => {
  server = await startTestRegistry({ users: { admin: 'right' } })
  other = await startTestRegistry({ users: { admin: 'right' } })
})
afterAll(async () => {
  await server.close()
  await other.close()
  await closeDatabase()
})
beforeEach(async () => {
  world = await newTenant()
})

const sealed = async (id: string) => {
  const { rows } = await sqlInTenant(world.tenantId).query(
    'SELECT sealed_secret FROM registry WHERE id = $1',
    [id],
  )
  return rows[0].sealed_secret as string
}

test('a registry that proved readable is stored as due, with its password sealed', async () => {
  const { id, auditId } = await addRegistry(world.admin, input({ name: 'Ours' }))
  const row = await readRegistry(world.admin, id)
  expect(row).toMatchObject({ name: 'Ours', endpoint: server.url, requestedBy: 'created', hasSecret: true })
  expect(row.dueAt?.getTime()).toBeLessThanOrEqual(Date.now())
  expect(await sealed(id)).toMatch(/^v2\.test\./)
  expect(await openRegistry(world.tenantId, id)).toMatchObject({ auth: basic('right') })
  expect(await inTenant(world.tenantId).auditEvent.findFirst({ where: { id: auditId } })).toMatchObject({
    action: 'create',
    resourceId: id,
  })
})

test('a registry that fails the test is not saved, unless as paused', async () => {
  const wrong = input({ auth: basic('wrong') })
  await expect(addRegistry(world.admin, wrong)).rejects.toMatchObject({
    code: 'check_failed',
    details: {
      data: {
        steps: expect.arrayContaining([expect.objectContaining({ step: 'credentials', status: 'failed' })]),
      },
    },
  })
  expect((await listRegistries(world.admin, { skip: 0, take: 10 })).count).toBe(0)
  const { id } = await addRegistry(world.admin, { ...wrong, paused: true })
  expect(await readRegistry(world.admin, id)).toMatchObject({ paused: true, dueAt: null })
})

test('a sealed password does not open in a row whose address or TLS settings were changed by any other means', async () => {
  const { id } = await addRegistry(world.admin, input())
  for (const change of [`endpoint = '${other.url}'`, 'insecure_skip_verify = true', `ca = 'x'`]) {
    const sql = sqlInTenant(world.tenantId)
    const { rows } = await sql.query(
      'SELECT endpoint, insecure_skip_verify AS skip, ca FROM registry WHERE id = $1',
      [id],
    )
    await sql.query(`UPDATE registry SET ${change} WHERE id = $1`, [id])
    await expect(openRegistry(world.tenantId, id)).rejects.toThrow()
    await sql.query('UPDATE registry SET endpoint = $2, insecure_skip_verify = $3, ca = $4 WHERE id = $1', [
      ...[id, rows[0].endpoint, rows[0].skip, rows[0].ca],
    ])
    await openRegistry(world.tenantId, id)
  }
})

test('another address or other TLS settings ask for the password again, at its field', async () => {
  const { id } = await addRegistry(world.admin, input())
  const before = await sealed(id)
  for (const change of [
    { endpoint: other.url },
    { tls: { ca: '', insecureSkipVerify: true } },
    { endpoint: server.url.replace('127.0.0.1', 'localhost') },
    { auth: { type: 'token' } as const },
  ])
    await expect(
      changeRegistry(world.admin, id, { ...input({ auth: basic() }), ...change }),
    ).rejects.toMatchObject({ code: 'invalid', details: { fields: { 'spec.auth': expect.any(String) } } })
  expect(await sealed(id)).toBe(before)
  await changeRegistry(world.admin, id, input({ endpoint: other.url }))
  expect(await openRegistry(world.tenantId, id)).toMatchObject({ endpoint: other.url, auth: basic('right') })
})

test('a change that leaves the address as it is keeps the password, and is synced at once', async () => {
  const { id } = await addRegistry(world.admin, input())
  await changeRegistry(world.admin, id, input({ name: 'Renamed', auth: basic(), syncEveryMinutes: 1 }))
  expect(await readRegistry(world.admin, id)).toMatchObject({
    name: 'Renamed',
    syncEveryMinutes: 1,
    requestedBy: 'changed',
  })
  expect(await openRegistry(world.tenantId, id)).toMatchObject({ auth: basic('right') })
})

test('a change to a password that is refused is not saved', async () => {
  const { id } = await addRegistry(world.admin, input())
  const before = await sealed(id)
  await expect(changeRegistry(world.admin, id, input({ auth: basic('wrong') }))).rejects.toMatchObject({
    code: 'check_failed',
  })
  expect(await sealed(id)).toBe(before)
})

test('two registries of a tenant do not share a name, those of two tenants may', async () => {
  await addRegistry(world.admin, input({ name: 'Same' }))
  const taken = { code: 'conflict', details: { fields: { name: 'Already taken' } } }
  await expect(addRegistry(world.admin, input({ name: 'Same' }))).rejects.toMatchObject(taken)
  const { id } = await addRegistry(world.admin, input({ name: 'Another' }))
  await expect(changeRegistry(world.admin, id, input({ name: 'Same', auth: basic() }))).rejects.toMatchObject(
    taken,
  )
  await addRegistry((await newTenant()).admin, input({ name: 'Same' }))
})

test('a viewer reads and changes nothing', async () => {
  const { id } = await addRegistry(world.admin, input())
  const { viewer } = world
  expect(await readRegistry(viewer, id)).toMatchObject({ id })
  for (const attempt of [
    () => addRegistry(viewer, input()),
    () => changeRegistry(viewer, id, input()),
    () => pauseRegistry(viewer, id, true),
    () => removeRegistry(viewer, id),
    () => requestSync(viewer, id),
    () => checkInput(viewer, input()),
    () => checkStored(viewer, id),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' })
})

test("another tenant's registry is not there", async () => {
  const { id } = await addRegistry(world.admin, input())
  const { admin } = await newTenant()
  for (const attempt of [
    () => readRegistry(admin, id),
    () => changeRegistry(admin, id, input()),
    () => pauseRegistry(admin, id, true),
    () => removeRegistry(admin, id),
    () => requestSync(admin, id),
    () => checkStored(admin, id),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found' })
})

test('a stored registry is tested with its stored password', async () => {
  const { id } = await addRegistry(world.admin, input())
  expect(await checkStored(world.admin, id)).toMatchObject({ passed: true, endpoint: server.url })
})

test('deleting a registry deletes its catalog, and is refused while a profile uses one of its packs', async () => {
  const name = `pack-${newUid()}`
  await pushPack({ url: server.url, user: 'admin', password: 'right' }, { name, version: '1.0.0' })
  const { id } = await addRegistry(world.admin, input())
  await runSync(world.tenantId, id, adapterOf, new AbortController().signal)
  const db = inTenant(world.tenantId)
  const version = await db.packVersion.findFirstOrThrow({ where: { registryId: id, name } })
  const profileId = newUid()
  await db.profile.create({
    data: {
      ...{ id: profileId, tenantId: world.tenantId, name: 'uses-it', version: '1.0.0' },
      ...{ type: 'add-on', cloudType: 'all', createdBy: world.admin.id },
    },
  })
  await db.profileLayer.create({
    data: {
      ...{ id: newUid(), tenantId: world.tenantId, profileId, position: 0, name, displayName: name },
      ...{ layer: 'addon', type: 'spectro', registryId: id, packVersionId: version.id },
      ...{
        packRevisionId: version.revisionId,
        tag: '1.0.0',
        version: '1.0.0',
        digest: version.digest,
        values: '',
      },
    },
  })
  await expect(removeRegistry(world.admin, id)).rejects.toMatchObject({ code: 'conflict' })
  expect(await readRegistry(world.admin, id)).toMatchObject({ id })
  await db.profile.deleteMany({ where: { id: profileId } })
  await removeRegistry(world.admin, id)
  await expect(readRegistry(world.admin, id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await db.packVersion.count({ where: { registryId: id } })).toBe(0)
})

test('deleting a registry while it is synced ends the sync, and leaves nothing behind', async () => {
  const { id } = await addRegistry(world.admin, input())
  const running = runSync(
    world.tenantId,
    id,
    async (...args) => {
      const adapter = await adapterOf(...args)
      await removeRegistry(world.admin, id)
      return adapter
    },
    new AbortController().signal,
  )
  expect(await running).toBe(true)
  expect(await inTenant(world.tenantId).packVersion.count({ where: { registryId: id } })).toBe(0)
})
