import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced, syncAgain } from '../../tests/support/catalog'
import { deletePack, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { readPack } from '../catalog/detail'
import { readLifeCycle } from '../catalog/life-cycle'
import { closeDatabase } from '../db/in-tenant'
import { listAgingPacks } from './aging'
import { readProfile } from './read'
import { createProfile } from './save'

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
const NAMES = ['dropped', 'ending', 'off', 'old', 'other', 'well']

let server: TestRegistry
let admin: Actor
let profileId: string
const digests = new Map<string, string>()
const put = async (name: string, rest = {}, readme = '') =>
  digests.set(
    name,
    await pushPack({ url: server.url, force: true }, { name, version: '1.0.0', rest, readme }),
  )

/** A profile of packs that are all well; then each but one has its trouble. */
beforeAll(async () => {
  server = await startTestRegistry()
  for (const name of NAMES) await put(name)
  ;({ admin } = await newTenant())
  const registryUid = await addSynced(admin, server.url)
  const layers = NAMES.map((name) => ({ name, tag: '1.0.0', type: 'spectro' as const, registryUid }))
  const profile = { name: 'mine', version: '1.0.0', type: 'add-on' as const, cloudType: 'all', variables: [] }
  ;({ id: profileId } = await createProfile(
    admin,
    { ...profile, labels: {}, annotations: {}, layers },
    { publish: false },
  ))
  expect(await listAgingPacks(admin)).toEqual([])
  await deletePack(server, 'dropped', digests.get('dropped') ?? '')
  await put('ending', { eol: day(20) })
  await put('old', { annotations: { system_state: 'deprecated' } })
  await put('off', { annotations: { disabled: 'true' } })
  await put('other', {}, 'Other words')
  await syncAgain(admin, registryUid)
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})

test('packs of profiles that go out of life are told with their dates, those first that are worst', async () => {
  const aging = await listAgingPacks(admin)
  expect(aging.map((one) => one.name)).toEqual(['dropped', 'off', 'old', 'ending', 'other'])
  const of = (name: string) => aging.find((one) => one.name === name)
  expect(of('dropped')).toMatchObject({ goneAt: expect.any(Date), heldDigest: null, profileCount: 1 })
  expect(of('dropped')?.profiles).toEqual([{ uid: profileId, name: 'mine', version: '1.0.0' }])
  expect(of('off')).toMatchObject({ state: 'disabled', stateAt: expect.any(Date) })
  expect(of('old')).toMatchObject({ state: 'deprecated', stateAt: expect.any(Date) })
  expect(of('ending')).toMatchObject({ eol: day(20) })
  expect(of('other')).toMatchObject({ heldDigest: expect.any(String), digest: digests.get('other') })
  expect(of('other')?.heldDigest).not.toBe(digests.get('other'))
})

test('nothing that a profile uses disappears: it opens as it was, and its packs can be read', async () => {
  const { profile } = await readProfile(admin, profileId)
  expect(profile.layers.map((one) => one.name).sort()).toEqual(NAMES)
  for (const layer of profile.layers) {
    expect(layer.values).toBe('pack:\n  version: "1.0.0"')
    expect((await readPack(admin, layer.packVersionId ?? '')).values).toContain('1.0.0')
  }
})

test('a version tells where it stands in its life, and since when', async () => {
  const { profile } = await readProfile(admin, profileId)
  const life = (name: string) =>
    readLifeCycle(admin, profile.layers.find((one) => one.name === name)?.packVersionId ?? '')
  expect(await life('well')).toMatchObject({
    state: 'active',
    stateSince: null,
    goneAt: null,
    rePushed: null,
  })
  expect(await life('dropped')).toMatchObject({ goneAt: expect.any(Date), rePushed: null })
  expect(await life('old')).toMatchObject({ state: 'deprecated', stateSince: expect.any(Date) })
  expect(await life('ending')).toMatchObject({ eol: day(20), eolSince: expect.any(Date) })
  const { rePushed } = await life('other')
  expect(rePushed).toMatchObject({ at: expect.any(Date), became: digests.get('other') })
})

test('one profile is asked for alone, and of another tenant none', async () => {
  expect(await listAgingPacks(admin, profileId)).toHaveLength(5)
  const { admin: stranger } = await newTenant()
  expect(await listAgingPacks(stranger)).toEqual([])
  await expect(listAgingPacks(stranger, profileId)).rejects.toMatchObject({ code: 'not_found' })
})
