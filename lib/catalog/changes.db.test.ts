import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { closeDatabase } from '../db/in-tenant'
import { listChanges } from './changes'
import type { ChangeFilter } from './schema'

let servers: [TestRegistry, TestRegistry]
let admin: Actor
let viewer: Actor
let ids: [string, string]

beforeAll(async () => {
  servers = [await startTestRegistry(), await startTestRegistry()]
  for (const { url } of servers) await pushPack({ url }, { name: 'dex', version: '1.0.0' })
  ;({ admin, viewer } = await newTenant())
  ids = [await addSynced(admin, servers[0].url), await addSynced(admin, servers[1].url)]
  for (const version of ['1.1.0', '1.2.0', '1.3.0'])
    await pushPack(servers[0], { name: 'dex', version, rest: { displayName: 'Dex' } })
  await pushPack(servers[1], { name: 'oak', version: '1.0.0' })
  for (const id of ids) await syncAgain(admin, id)
})
afterAll(async () => {
  await Promise.all(servers.map((one) => one.close()))
  await closeDatabase()
})

const all = { before: null, limit: 50 }
const list = async (filter: ChangeFilter, actor = admin) =>
  (await listChanges(actor, filter, all)).rows.map(({ kind, name, version }) => `${kind} ${name}@${version}`)

test('changes are listed newest first, those of each registry among the others, to viewers too', async () => {
  const rows = await list({}, viewer)
  expect(rows[0]).toBe('added oak@1.0.0')
  expect(rows.slice(1, 4).sort()).toEqual(['added dex@1.1.0', 'added dex@1.2.0', 'added dex@1.3.0'])
  expect(rows.slice(4)).toEqual(['arrived @', 'arrived @'])
  const [newest] = (await listChanges(admin, { name: 'dex' }, all)).rows
  expect(newest).toMatchObject({
    displayName: 'Dex',
    registryId: ids[0],
    packUid: expect.stringMatching(/^.{24}$/),
  })
})

test('a filter by registry, pack, kind, run and time narrows them together', async () => {
  expect(await list({ registryIds: [ids[1]] })).toEqual(['added oak@1.0.0', 'arrived @'])
  expect(await list({ registryIds: ids, name: 'oak' })).toEqual(['added oak@1.0.0'])
  expect(await list({ kinds: ['arrived'] })).toHaveLength(2)
  expect(await list({ kinds: ['gone', 'repushed'] })).toEqual([])
  const [newest] = (await listChanges(admin, {}, all)).rows
  expect(await list({ runId: newest?.runId })).toEqual(['added oak@1.0.0'])
  expect(await list({ since: newest?.at })).toEqual(['added oak@1.0.0'])
  expect(await list({ until: newest?.at })).toHaveLength(5)
})

test('pages that follow each other show every change once', async () => {
  const seen: string[] = []
  let before: string | null = null
  do {
    const page = await listChanges(admin, {}, { before, limit: 2 })
    seen.push(...page.rows.map((one) => one.id))
    before = page.next
  } while (before !== null)
  expect(seen).toEqual((await listChanges(admin, {}, all)).rows.map((one) => one.id))
  expect(new Set(seen).size).toBe(6)
})

test("another tenant's changes are not there", async () => {
  const { admin: stranger } = await newTenant()
  expect(await list({}, stranger)).toEqual([])
  expect(await list({ registryIds: ids }, stranger)).toEqual([])
})
