import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { newTenant } from '../../tests/support/tenant'
import type { Actor } from '../access/actor'
import { changeKeyFile } from '../crypto/key-file'
import { closeDatabase, inTenant } from '../db/in-tenant'
import { newUid } from '../uid'
import { changeVariables } from './change-variables'
import { listProfiles } from './list'
import { maskVariables } from './masked'
import { publishProfile } from './publish'
import { readProfile } from './read'
import { countSealedVariables, resealVariables } from './reseal'
import { changeProfile, createProfile } from './save'
import type { ProfileInput } from './schema'
import { validateProfile } from './validate'
import { MASK, NEW_VARIABLE, type Variable } from './variable'

const CANARY = 'canary-9f2c1e'
let admin: Actor
let viewer: Actor
const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL })

// Keys are replaced: a file of its own.
const folder = mkdtempSync(path.join(tmpdir(), 'packyard-variables-'))
const file = path.join(folder, 'secret-keys')

beforeAll(async () => {
  writeFileSync(file, `old:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  process.env.PACKYARD_SECRET_KEYS_FILE = file
  delete process.env.PACKYARD_SECRET_KEYS
  ;({ admin, viewer } = await newTenant())
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await closeDatabase()
  rmSync(folder, { recursive: true })
})

const variable = (name: string, rest: Partial<Variable> = {}): Variable => ({
  ...NEW_VARIABLE,
  name,
  ...rest,
})
const token = (defaultValue = CANARY) => variable('token', { isSensitive: true, defaultValue })
const manifest = (content: string) => ({
  ...{ name: 'mine', type: 'manifest' as const, layer: 'addon', values: '' },
  manifests: [{ name: 'm', content }],
})
const USES = manifest("kind: Secret\nname: '{{.spectro.var.token}}'\n")
const input = (rest: Partial<ProfileInput> = {}): ProfileInput => ({
  ...{ name: `profile-${newUid()}`, version: '1.0.0', type: 'add-on', cloudType: 'all' },
  ...{ labels: {}, annotations: {}, variables: [token()], layers: [USES] },
  ...rest,
})
const create = async (rest?: Partial<ProfileInput>, how: { publish?: boolean; from?: string } = {}) =>
  (await createProfile(admin, input(rest), { publish: false, ...how })).id
const rowOf = async (id: string) =>
  (await owner.query('SELECT variables::text, sealed_variables AS sealed FROM profile WHERE id = $1', [id]))
    .rows[0] as { variables: string; sealed: string | null }
/** What a masked variable keeps, as only the server can tell. */
async function secretOf(id: string) {
  const { sealed } = await rowOf(id)
  const other = newUid()
  const again = maskVariables(other, [token(MASK)], { id, sealed })
  return again.sealed !== null
}

test('a masked default leaves the console in no answer, error, audit event or row', async () => {
  const id = await create()
  const seen = [
    await readProfile(admin, id),
    await listProfiles(admin, { types: [], cloudTypes: [], order: [] }, { offset: 0, limit: 50 }),
    await validateProfile(
      admin,
      { type: 'add-on', cloudType: 'all', layers: [USES], variables: [token()] },
      id,
    ),
    await rowOf(id),
    await inTenant(admin.tenantId).auditEvent.findMany({ where: { resourceId: id } }),
    await changeVariables(admin, id, { put: [variable('token', { defaultValue: MASK })] }).catch(
      (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)),
    ),
    await create(
      { variables: [token(CANARY), variable('2', { defaultValue: 'x' })] },
      { publish: true },
    ).catch((error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error))),
  ]
  expect(JSON.stringify(seen, (_, value) => (value instanceof Map ? [...value] : value))).not.toContain(
    CANARY,
  )
  expect((await readProfile(admin, id)).profile.variables).toEqual([token(MASK)])
  expect((await rowOf(id)).sealed).toMatch(/^v2\./)
  expect(await secretOf(id)).toBe(true)
})

test('asterisks keep what is masked, through saving, patching and a new version', async () => {
  const id = await create()
  await changeProfile(admin, id, { layers: [USES], variables: [token(MASK), variable('size')] })
  await changeVariables(admin, id, { patch: [{ ...token(MASK), description: 'Of the registry' }] })
  expect(await secretOf(id)).toBe(true)
  const next = await create({ variables: [token(MASK)] }, { from: id })
  expect(await secretOf(next)).toBe(true)
  // A sealed text that was copied to another profile does not open there.
  const { sealed } = await rowOf(id)
  expect(() => maskVariables(next, [token(MASK)], { id: next, sealed })).toThrow(/do not open/)
})

test('asterisks that stand for nothing are refused at their variable, and unmasking shows nothing', async () => {
  const asked = {
    code: 'invalid',
    details: { fields: { 'spec.variables.0.defaultValue': expect.stringContaining('again') } },
  }
  await expect(create({ variables: [token(MASK)] })).rejects.toMatchObject(asked)
  const id = await create()
  await expect(
    changeVariables(admin, id, { put: [variable('token', { defaultValue: MASK })] }),
  ).rejects.toMatchObject(asked)
  const renamed = variable('other', { isSensitive: true, defaultValue: MASK })
  await expect(changeVariables(admin, id, { put: [renamed] })).rejects.toMatchObject(asked)
  expect((await readProfile(admin, id)).profile.variables).toEqual([token(MASK)])
})

test('variables of a published version never change, by the API or by SQL', async () => {
  const id = await create({}, { publish: true })
  await changeVariables(admin, id, { put: [token(MASK)] })
  await changeVariables(admin, id, { put: [token()] })
  for (const change of [{ put: [] }, { put: [token('another')] }, { patch: [variable('more')] }])
    await expect(changeVariables(admin, id, change)).rejects.toMatchObject({ code: 'conflict' })
  await expect(changeProfile(admin, id, { layers: [USES], variables: [] })).rejects.toMatchObject({
    code: 'conflict',
  })
  for (const sql of [
    "UPDATE profile SET variables = '[]' WHERE id = $1",
    'UPDATE profile SET sealed_variables = NULL WHERE id = $1',
    "UPDATE profile SET sealed_variables = sealed_variables || 'x' WHERE id = $1",
  ])
    await expect(owner.query(sql, [id])).rejects.toMatchObject({ code: 'PY001' })
})

test('a variable is removed by its name, and who may only look changes none', async () => {
  const id = await create()
  await expect(changeVariables(admin, id, { remove: ['none'] })).rejects.toMatchObject({ code: 'invalid' })
  await changeVariables(admin, id, { remove: ['token'] })
  expect((await readProfile(admin, id)).profile.variables).toEqual([])
  expect((await rowOf(id)).sealed).toBeNull()
  await expect(changeVariables(viewer, id, { put: [] })).rejects.toMatchObject({ code: 'forbidden' })
})

test('a variable that values name and nobody defined blocks publishing', async () => {
  const id = await create({ variables: [] })
  await expect(publishProfile(admin, id)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('The variable token is not defined.'),
  })
  await changeVariables(admin, id, { put: [token()] })
  await publishProfile(admin, id)
})

test('masked defaults are sealed anew with another key, also of what is published', async () => {
  const id = await create({}, { publish: true })
  expect((await rowOf(id)).sealed).toMatch(/^v2\.old\./)
  changeKeyFile(file, (keys) => [['new', randomBytes(32)], ...keys])
  expect(await resealVariables()).toMatchObject({ done: expect.any(Number), lost: [] })
  expect((await countSealedVariables()).get('old')).toBeUndefined()
  expect((await rowOf(id)).sealed).toMatch(/^v2\.new\./)
  changeKeyFile(file, (keys) => keys.filter(([name]) => name === 'new'))
  expect(await secretOf(id)).toBe(true)
  changeKeyFile(file, () => [['third', randomBytes(32)]])
  expect((await resealVariables()).lost).toContainEqual({ id, reason: expect.stringContaining('"new"') })
})
