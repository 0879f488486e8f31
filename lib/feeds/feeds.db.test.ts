import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { insertUser } from '../access/store'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { readFeed } from './read'
import { createFeedToken, listFeedTokens, readerOf, removeFeedToken } from './tokens'

const URL = 'https://console.example'
let server: TestRegistry
let admin: Actor
let id: string

beforeAll(async () => {
  server = await startTestRegistry()
  await pushPack(server, { name: 'dex', version: '1.0.0' })
  ;({ admin } = await newTenant())
  const user = { id: admin.id, tenantId: admin.tenantId, email: `${admin.id}@example.com`, name: 'Ada' }
  await insertUser({ ...user, passwordHash: '', role: 'tenant-viewer' })
  id = await addSynced(admin, server.url)
  await pushPack(server, { name: 'dex', version: '1.1.0' })
  await pushPack(server, {
    name: 'oak',
    version: '1.0.0',
    rest: { annotations: { system_state: 'deprecated' } },
  })
  await syncAgain(admin, id)
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})

const titles = async (wanted: Partial<Parameters<typeof readFeed>[1]> = {}, actor = admin) =>
  (await readFeed(actor, { kinds: [], ...wanted }, URL)).entries.map((one) => one.title).sort()

test('a feed tells new versions of the catalog, of a registry and of a pack; a first sync is one entry', async () => {
  const all = ['dex 1.1.0', 'oak 1.0.0', expect.stringMatching(/^New registry: /)]
  expect(await titles()).toEqual([expect.stringMatching(/^New registry: /), 'dex 1.1.0', 'oak 1.0.0'])
  expect(await titles({ registryId: id })).toHaveLength(all.length)
  expect(await titles({ name: 'oak' })).toEqual(['oak 1.0.0'])
  expect(await titles({ kinds: ['gone'] })).toEqual([])
  await expect(titles({ registryId: 'f'.repeat(24) })).rejects.toMatchObject({ code: 'not_found' })
  const { admin: stranger } = await newTenant()
  expect(await titles({}, stranger)).toEqual([])
  await expect(titles({ registryId: id }, stranger)).rejects.toMatchObject({ code: 'not_found' })
})

test('a feed is bounded, and what one run found in great number is one entry', async () => {
  const add = (run: string, kind: string, count: number) =>
    sqlInTenant(admin.tenantId).query(
      `INSERT INTO catalog_event (tenant_id, registry_id, run_id, kind, name, version)
       SELECT $1, $2, $3, $4, 'many' || n % 10, '1.' || n FROM generate_series(1, $5) AS n`,
      [admin.tenantId, id, run, kind, count],
    )
  await add('run-a', 'added', 3000)
  await add('run-b', 'added', 19)
  expect(await titles({ kinds: ['added'] })).toContain('3,000 new versions of 10 packs')
  expect(await titles({ kinds: ['added'] })).toHaveLength(1 + 19 + 2)
  for (let i = 0; i < 8; i++) await add(`run-${i}`, 'gone', 19)
  expect(await titles({ kinds: ['gone'] })).toHaveLength(100)
})

test('a token reads as its person, is told once, kept as a hash, and revoked at once', async () => {
  const { id: uid, token } = await createFeedToken(admin, 'My reader')
  expect(token).toMatch(/^pyf_[\w-]{32}$/)
  const reader = await readerOf(token, 'test')
  expect(reader).toMatchObject({ id: admin.id, tenantId: admin.tenantId, role: 'tenant-viewer' })
  expect(await titles({ name: 'oak' }, reader)).toEqual(['oak 1.0.0'])
  const { rows } = await sqlInTenant(admin.tenantId).query('SELECT * FROM feed_token')
  expect(JSON.stringify(rows)).not.toContain(token.slice(4))
  expect(await listFeedTokens(admin)).toMatchObject([
    { id: uid, name: 'My reader', lastUsedAt: expect.any(Date) },
  ])
  await expect(createFeedToken(admin, 'My reader')).rejects.toMatchObject({ code: 'conflict' })
  await expect(removeFeedToken({ ...admin, id: 'e'.repeat(24) }, uid)).rejects.toMatchObject({
    code: 'not_found',
  })
  await removeFeedToken(admin, uid)
  for (const wrong of [token, '', 'pyf_', `pyk_${token.slice(4)}`])
    await expect(readerOf(wrong, 'test')).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('a person has twenty at most, and none of one who may not sign in works', async () => {
  const made = []
  for (let i = 0; i < 20; i++) made.push(await createFeedToken(admin, `reader ${i}`))
  await expect(createFeedToken(admin, 'one more')).rejects.toMatchObject({ code: 'conflict' })
  await sqlInTenant(admin.tenantId).query('UPDATE app_user SET disabled_at = now() WHERE id = $1', [admin.id])
  await expect(readerOf(made[0]?.token ?? '', 'test')).rejects.toMatchObject({ code: 'unauthenticated' })
})
