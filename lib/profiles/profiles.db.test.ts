import { performance } from 'node:perf_hooks'

import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, pushCatalog, syncAgain } from '../../tests/support/catalog'
import { deletePack, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { findProjects } from '../access/store'
import { closeDatabase, inTenant, sqlInTenant } from '../db/in-tenant'
import { removeRegistry } from '../registries/remove'
import { newUid } from '../uid'
import { changeProfileMetadata } from './change-metadata'
import { listProfiles } from './list'
import { publishProfile } from './publish'
import { readProfile } from './read'
import { removeProfile } from './remove'
import { changeProfile, createProfile } from './save'
import type { LayerInput, ProfileInput, ProfilesWanted } from './schema'
import { listProfilesOfRegistry } from './used-by'
import { validateProfile } from './validate'

let server: TestRegistry
let admin: Actor
let viewer: Actor
let registryId: string
const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL })

beforeAll(async () => {
  server = await startTestRegistry()
  await pushCatalog(server.url)
  ;({ admin, viewer } = await newTenant())
  registryId = await addSynced(admin, server.url)
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await server.close()
  await closeDatabase()
})

const layer = (name: string, tag?: string, rest: Partial<LayerInput> = {}): LayerInput => ({
  ...{ name, tag, type: 'spectro', registryUid: registryId },
  ...rest,
})
const CORE = [layer('nfs'), layer('calico'), layer('kubernetes', '1.33.1'), layer('rocky')]
const input = (rest: Partial<ProfileInput> = {}): ProfileInput => ({
  ...{ name: `profile-${newUid()}`, version: '1.0.0', type: 'add-on', cloudType: 'all' },
  ...{ labels: {}, annotations: {}, variables: [], layers: [layer('dash')] },
  ...rest,
})
const create = async (rest?: Partial<ProfileInput>, publish = false) =>
  (await createProfile(admin, input(rest), { publish })).id
const read = async (id: string, actor = admin) => (await readProfile(actor, id)).profile
const ALL: ProfilesWanted = { types: [], cloudTypes: [], order: [] }
const PAGE = { offset: 0, limit: 50 }
const named = (name: string): ProfilesWanted => ({ ...ALL, name: { eq: name, ignoreCase: false } })
const audited = (id: string) =>
  inTenant(admin.tenantId).auditEvent.findMany({ where: { resourceId: id }, orderBy: { at: 'asc' } })

test('a profile is kept from the bottom of the stack up, with version, digest and values of each pack', async () => {
  const id = await create({ type: 'cluster', layers: [layer('dash'), ...CORE] })
  const { layers, publishedAt } = await read(id)
  expect(publishedAt).toBeNull()
  expect(layers.map((one) => [one.layer, one.name, one.version])).toEqual([
    ['os', 'rocky', '9.6.0'],
    ['k8s', 'kubernetes', '1.33.1'],
    ['cni', 'calico', '3.30.0'],
    ['csi', 'nfs', '4.11.0'],
    ['addon', 'dash', '2.7.0'],
  ])
  expect(layers.at(-1)).toMatchObject({ displayName: 'Dashboard', values: 'pack:\n  namespace: dash' })
  for (const one of layers) expect(one.digest).toMatch(/^sha256:/)
})

test('a track stands for the newest version in it, and keeps its name', async () => {
  const id = await create({ type: 'cluster', layers: [layer('kubernetes', '1.33.x')] })
  expect((await read(id)).layers).toMatchObject([{ tag: '1.33.x', version: '1.33.2' }])
})

test('white space at the end of values and manifests is cut, and nowhere else', async () => {
  const id = await create({
    layers: [
      layer('dash', undefined, { values: '  a: 1\n  b: |\n    text\n\n' }),
      { name: 'mine', type: 'manifest', manifests: [{ name: 'ns', content: '\nkind: Namespace\n' }] },
    ],
  })
  const [dash, mine] = (await read(id)).layers
  expect(dash?.values).toBe('  a: 1\n  b: |\n    text')
  expect(mine?.manifests).toMatchObject([{ name: 'ns', content: '\nkind: Namespace' }])
})

test('a pack that is not there is refused at its layer', async () => {
  await expect(create({ layers: [layer('dash'), layer('nowhere', '1.0.0')] })).rejects.toMatchObject({
    code: 'invalid',
    details: { fields: { 'spec.template.packs.1': expect.stringContaining('nowhere 1.0.0') } },
  })
})

test('a pack that is disabled cannot be chosen', async () => {
  await expect(create({ layers: [layer('off')] })).rejects.toMatchObject({ code: 'invalid' })
})

test('a uid and a name or tag of another pack do not go together', async () => {
  const [dash] = (await read(await create())).layers
  const packUid = dash?.packVersionId ?? ''
  await expect(create({ layers: [layer('old', undefined, { packUid })] })).rejects.toThrow(/of the pack dash/)
  await expect(create({ layers: [layer('dash', '9.9.9', { packUid })] })).rejects.toThrow(/dash 2\.7\.0/)
})

test('a pack is once in a profile, or a second time under a name of its own', async () => {
  await expect(create({ layers: [layer('dash'), layer('dash')] })).rejects.toThrow(/already/)
  const id = await create({ layers: [layer('dash'), layer('second--dash')] })
  expect((await read(id)).layers.map((one) => one.version)).toEqual(['2.7.0', '2.7.0'])
})

test('name and version are taken once in a scope: a tenant has one, and each project too', async () => {
  const given = { name: `profile-${newUid()}` }
  await create(given)
  await expect(create(given)).rejects.toMatchObject({
    code: 'conflict',
    details: { fields: expect.anything() },
  })
  const [project] = await findProjects(admin.tenantId)
  const inProject = { ...admin, projectId: project?.id ?? '' }
  await createProfile(inProject, input(given), { publish: false })
  await expect(createProfile(inProject, input(given), { publish: false })).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('of two who change the same draft, the second is told', async () => {
  const id = await create()
  const { revision } = await read(id)
  await changeProfile(admin, id, { layers: [layer('dash', undefined, { values: 'mine: 1' })], revision })
  await expect(
    changeProfile(admin, id, { layers: [layer('dash', undefined, { values: 'theirs: 1' })], revision }),
  ).rejects.toMatchObject({ code: 'conflict', details: { data: { revision: revision + 1 } } })
  expect((await read(id)).layers).toMatchObject([{ values: 'mine: 1' }])
})

test('of two who save the same revision at the same moment, one is told', async () => {
  const id = await create()
  const { revision } = await read(id)
  const save = (values: string) =>
    changeProfile(admin, id, { layers: [layer('dash', undefined, { values })], revision })
  const results = await Promise.allSettled([save('a: 1'), save('b: 1')])
  expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await read(id)).layers).toHaveLength(1)
})

test('a client that knows of no revisions saves all the same', async () => {
  const id = await create()
  await changeProfile(admin, id, { layers: [layer('old')] })
  expect((await read(id)).layers).toMatchObject([{ name: 'old' }])
})

test('a profile with errors is not published, and the findings say why', async () => {
  const id = await create({ type: 'cluster', layers: CORE.slice(1) })
  await expect(publishProfile(admin, id)).rejects.toMatchObject({
    code: 'invalid',
    details: { data: { findings: [{ level: 'error', code: 'CoreLayerMissing' }] } },
  })
  expect((await read(id)).publishedAt).toBeNull()
})

test('a profile that cannot be published is not made at all, when it is asked to be', async () => {
  const name = `profile-${newUid()}`
  await expect(create({ name, type: 'infra', layers: [] }, true)).rejects.toMatchObject({ code: 'invalid' })
  expect((await listProfiles(admin, named(name), PAGE)).count).toBe(0)
})

test('what a pack requires of another is checked with the versions in the profile', async () => {
  const layers = (version: string) => [
    layer('dash'),
    ...CORE.slice(0, 2),
    layer('kubernetes', version),
    layer('rocky'),
  ]
  const { findings } = await validateProfile(admin, {
    type: 'cluster',
    cloudType: 'all',
    layers: layers('1.34.0'),
  })
  expect(findings).toMatchObject([{ code: 'DependencyVersion', pack: 'dash', level: 'error' }])
  expect(
    (await validateProfile(admin, { type: 'cluster', cloudType: 'all', layers: layers('1.33.2') })).findings,
  ).toEqual([])
})

test('a check tells a pack that is not there, and saves nothing', async () => {
  const before = (await listProfiles(admin, ALL, PAGE)).count
  const { findings } = await validateProfile(admin, {
    ...{ type: 'add-on', cloudType: 'all' },
    layers: [layer('nowhere'), layer('old')],
  })
  expect(findings.map((one) => [one.code, one.level])).toEqual([
    ['PackMissing', 'error'],
    ['PackState', 'warning'],
  ])
  expect((await listProfiles(admin, ALL, PAGE)).count).toBe(before)
})

test('large values are checked where they hold up nobody else, and a bomb among them is told of its layer', async () => {
  const keys = Array.from({ length: 10_000 }, (_, i) => `key-${i}: ${i}\n`).join('')
  const check = async (values: string) =>
    (
      await validateProfile(admin, {
        type: 'add-on',
        cloudType: 'all',
        layers: [layer('dash', undefined, { values })],
      })
    ).findings
  const dashAlone = await check('a: 1\n')
  expect(await check(keys)).toEqual(dashAlone)
  const began = performance.eventLoopUtilization()
  expect(await check(`${keys}key-1: 2\n`)).toContainEqual(
    expect.objectContaining({
      ...{ level: 'error', code: 'ValuesSameKey', pack: 'dash', line: 10_001 },
      what: 'The key key-1 is there twice (line 10001).',
    }),
  )
  expect(await check('- a\n'.repeat(250_000))).toContainEqual(
    expect.objectContaining({
      ...{ level: 'error', code: 'ValuesNoYaml', pack: 'dash' },
      what: expect.stringMatching(/too long to read, or too much memory|too many values/),
    }),
  )
  // Here it would be more than half.
  expect(performance.eventLoopUtilization(began).utilization).toBeLessThan(0.5)
})

test('a published version never changes, but saving and publishing the same again passes', async () => {
  const id = await create({}, true)
  const [dash] = (await read(id)).layers
  const same = layer('dash', '2.7.0', {
    packUid: dash?.packVersionId ?? '',
    values: `${dash?.values}\n`,
    manifests: [],
  })
  await changeProfile(admin, id, { layers: [same], annotations: { description: 'now with words' } })
  await publishProfile(admin, id)
  expect(await read(id)).toMatchObject({ annotations: { description: 'now with words' } })
  for (const change of [
    { layers: [{ ...same, values: 'a: 2' }] },
    { layers: [] },
    { layers: [same], type: 'infra' as const },
    { layers: [same], version: '1.0.1' },
  ])
    await expect(changeProfile(admin, id, change)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Save it as a new version'),
    })
  await expect(changeProfileMetadata(admin, id, { name: 'other' })).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('a published version does not change by SQL either, whoever asks', async () => {
  const id = await create({}, true)
  for (const [sql, values] of [
    ["UPDATE profile SET version = '9.9.9' WHERE id = $1", [id]],
    ['UPDATE profile SET published_at = NULL WHERE id = $1', [id]],
    ["UPDATE profile_layer SET values = 'x: 1' WHERE profile_id = $1", [id]],
    ['DELETE FROM profile_layer WHERE profile_id = $1', [id]],
    [
      `INSERT INTO profile_layer (id, tenant_id, profile_id, position, name, display_name, layer, type, tag, version,
         digest, values) VALUES ($2, $3, $1, 9, 'x', 'x', 'addon', 'manifest', '', '', '', '')`,
      [id, newUid(), admin.tenantId],
    ],
  ] as const) {
    await expect(owner.query(sql, [...values])).rejects.toMatchObject({ code: 'PY001' })
    await expect(sqlInTenant(admin.tenantId).query(sql, [...values])).rejects.toMatchObject({ code: 'PY001' })
  }
})

test('who saves a draft while it is being published is told that it is final', async () => {
  const id = await create()
  await owner.query('BEGIN')
  await owner.query('UPDATE profile SET published_at = now() WHERE id = $1', [id])
  const saving = changeProfile(admin, id, { layers: [layer('old')] }).catch((error) => error)
  const waiting = 'SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))'
  await expect.poll(async () => (await owner.query(waiting)).rowCount).toBe(1)
  await owner.query('COMMIT')
  expect(await saving).toMatchObject({ code: 'conflict', message: expect.stringContaining('never changes') })
  expect((await read(id)).layers).toMatchObject([{ name: 'dash' }])
})

test('a published version can be deleted as a whole, with its layers', async () => {
  const id = await create({}, true)
  await removeProfile(admin, id)
  await expect(read(id)).rejects.toMatchObject({ code: 'not_found' })
  const { rows } = await owner.query('SELECT count(*)::int AS n FROM profile_layer WHERE profile_id = $1', [
    id,
  ])
  expect(rows).toEqual([{ n: 0 }])
})

test('a registry in use is not deleted, and its profiles are told', async () => {
  const server = await startTestRegistry()
  await pushPack({ url: server.url }, { name: 'lone', version: '1.0.0' })
  const other = await addSynced(admin, server.url)
  const given = input({ layers: [layer('lone', undefined, { registryUid: other })] })
  const { id } = await createProfile(admin, given, { publish: true })
  await expect(removeRegistry(admin, other)).rejects.toMatchObject({ code: 'conflict' })
  expect(await listProfilesOfRegistry(admin, other)).toEqual([
    { uid: id, name: given.name, version: '1.0.0' },
  ])
  await removeProfile(admin, id)
  await removeRegistry(admin, other)
  await server.close()
})

test('a pack that leaves its registry stays in the profiles that hold it, and is not chosen anew', async () => {
  const digest = await pushPack({ url: server.url }, { name: 'leaver', version: '1.0.0' })
  await syncAgain(admin, registryId)
  const id = await create({ layers: [layer('leaver')] })
  await deletePack({ url: server.url }, 'leaver', digest)
  await syncAgain(admin, registryId)
  const { profile, packs } = await readProfile(admin, id)
  const [held] = profile.layers
  expect(packs.get(held?.packVersionId ?? '')?.goneAt).toBeInstanceOf(Date)
  const packUid = held?.packVersionId ?? ''
  await changeProfile(admin, id, { layers: [layer('leaver', '1.0.0', { packUid, values: 'a: 2' })] })
  expect((await read(id)).layers).toMatchObject([{ name: 'leaver', digest, values: 'a: 2' }])
  await expect(create({ layers: [layer('leaver', '1.0.0', { packUid })] })).rejects.toThrow(/gone/)
  await publishProfile(admin, id)
})

test('a profile keeps its content when the registry gets other content under the same version', async () => {
  await pushPack({ url: server.url }, { name: 'shifty', version: '1.0.0' })
  await syncAgain(admin, registryId)
  const id = await create({ layers: [layer('shifty')] }, true)
  const [held] = (await read(id)).layers
  await owner.query('UPDATE pack_version SET digest = $2 WHERE id = $1', [
    held?.packVersionId,
    `sha256:${'0'.repeat(64)}`,
  ])
  const packUid = held?.packVersionId ?? ''
  await changeProfile(admin, id, { layers: [layer('shifty', '1.0.0', { packUid })] })
  expect((await read(id)).layers[0]?.digest).toBe(held?.digest)
})

test('the list shows a profile once, by its newest version, with the uids of all', async () => {
  const name = `profile-${newUid()}`
  const ids: string[] = []
  for (const version of ['1.9.0', '1.10.0', '2.0.0-rc.1']) ids.push(await create({ name, version }))
  const { items, count } = await listProfiles(admin, named(name), PAGE)
  expect(count).toBe(1)
  expect(items[0]?.profile).toMatchObject({ id: ids[2], version: '2.0.0-rc.1', layers: [{ name: 'dash' }] })
  expect(items[0]?.versions.map((one) => one.version)).toEqual(['2.0.0-rc.1', '1.10.0', '1.9.0'])
  expect(JSON.stringify(items)).not.toContain('namespace: dash')
})

test('the list is filtered by name and type, sorted, and paged with its count', async () => {
  const word = newUid()
  for (const [i, type] of (['add-on', 'infra', 'add-on'] as const).entries())
    await create({ name: `${word}-${i}_%`, type, layers: [] })
  const wanted = { ...ALL, name: { beginsWith: word.toUpperCase(), ignoreCase: true } }
  const names = async (more: Partial<ProfilesWanted>, page = PAGE) => {
    const { items, count } = await listProfiles(admin, { ...wanted, ...more }, page)
    return [count, ...items.map((one) => one.profile.name.at(-3))]
  }
  expect(await names({})).toEqual([3, '0', '1', '2'])
  expect(await names({ types: ['add-on'] })).toEqual([2, '0', '2'])
  expect(await names({ order: [{ field: 'profileName', descending: true }] })).toEqual([3, '2', '1', '0'])
  expect(await names({}, { offset: 1, limit: 1 })).toEqual([3, '1'])
  expect(await names({}, { offset: 9, limit: 1 })).toEqual([3])
  expect(await names({ name: { contains: '_%', eq: `${word}-1_%`, ignoreCase: true } })).toEqual([1, '1'])
  expect(await names({ name: { eq: `${word}-___`, ignoreCase: true } })).toEqual([0])
})

test("another tenant's profile is not there, to read, change, publish, delete or list", async () => {
  const id = await create({}, true)
  const { admin: stranger } = await newTenant()
  const missing = { code: 'not_found' }
  await expect(read(id, stranger)).rejects.toMatchObject(missing)
  await expect(changeProfile(stranger, id, { layers: [] })).rejects.toMatchObject(missing)
  await expect(changeProfileMetadata(stranger, id, { name: 'x' })).rejects.toMatchObject(missing)
  await expect(publishProfile(stranger, id)).rejects.toMatchObject(missing)
  await expect(removeProfile(stranger, id)).rejects.toMatchObject(missing)
  expect((await listProfiles(stranger, ALL, PAGE)).items).toEqual([])
  expect(await listProfilesOfRegistry(stranger, registryId)).toEqual([])
  await expect(createProfile(stranger, input(), { publish: false })).rejects.toThrow(/There is no pack dash/)
})

test("a project sees its own profiles and the tenant's, and changes its own alone", async () => {
  const [project] = await findProjects(admin.tenantId)
  const inProject = { ...admin, projectId: project?.id ?? '' }
  const word = newUid()
  const { id: own } = await createProfile(inProject, input({ name: `${word}-own` }), { publish: false })
  const tenants = await create({ name: `${word}-tenant` })
  const wanted = { ...ALL, name: { beginsWith: word, ignoreCase: true } }
  expect((await listProfiles(inProject, wanted, PAGE)).count).toBe(2)
  expect((await listProfiles(admin, wanted, PAGE)).items.map((one) => one.profile.id)).toEqual([tenants])
  expect((await read(tenants, inProject)).id).toBe(tenants)
  await expect(changeProfile(inProject, tenants, { layers: [] })).rejects.toMatchObject({ code: 'forbidden' })
  await changeProfile(inProject, own, { layers: [] })
  const elsewhere = { ...admin, projectId: newUid() }
  await expect(read(own, elsewhere)).rejects.toMatchObject({ code: 'not_found' })
})

test('a viewer reads, and changes nothing', async () => {
  const id = await create()
  expect((await read(id, viewer)).id).toBe(id)
  for (const attempt of [
    createProfile(viewer, input(), { publish: false }),
    changeProfile(viewer, id, { layers: [] }),
    changeProfileMetadata(viewer, id, { name: 'x' }),
    publishProfile(viewer, id),
    removeProfile(viewer, id),
  ])
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' })
})

test('everything that changes a profile is in the audit', async () => {
  const id = await create()
  await changeProfile(admin, id, { layers: [layer('old')] })
  await publishProfile(admin, id)
  await publishProfile(admin, id)
  await removeProfile(admin, id)
  expect((await audited(id)).map((one) => one.action)).toEqual(['create', 'update', 'publish', 'delete'])
})
