import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { makeCertificate } from '../../tests/support/certificates'
import { makeDatabase } from '../../tests/support/database-of-its-own'
import { startGateway } from '../../tests/support/gateway'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { runKeys } from '../../tools/keys/commands'
import { changeKeyFile } from '../crypto/key-file'
import { keyRing } from '../crypto/operator-keys'
import { seal } from '../crypto/seal'
import { closeDatabase } from '../db/in-tenant'
import { makeHook } from '../hooks/change'
import { requestSync } from '../sync/request'
import { runSync } from '../sync/run'
import { newUid } from '../uid'
import { adapterOf } from './adapter'
import { addRegistry } from './add'
import { changeRegistry } from './change'
import { checkStored } from './check'
import { openHook, openRegistry, openWebhook } from './open'
import { readRegistry } from './read'
import { listKeys, resealSecrets } from './reseal'
import type { RegistryInput } from './schema'
import { secretOwner, webhookOwner } from './secret'
import { SEALED_COLUMNS } from './store'

// Keys are everybody's: a database and a key file of its own.
const folder = mkdtempSync(path.join(tmpdir(), 'packyard-reseal-'))
const file = path.join(folder, 'secret-keys')
const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}\n`

let database: Awaited<ReturnType<typeof makeDatabase>>
let server: TestRegistry
let world: Awaited<ReturnType<typeof newTenant>>

beforeAll(async () => {
  database = await makeDatabase()
  Object.assign(process.env, database.settings, { PACKYARD_SECRET_KEYS_FILE: file })
  delete process.env.PACKYARD_SECRET_KEYS
  server = await startTestRegistry({ users: { admin: 'right' } })
}, 60_000)
afterAll(async () => {
  await server.close()
  await closeDatabase()
  await database.drop()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  writeFileSync(file, newKey('old'), { mode: 0o600 })
  await database.owner.query('DELETE FROM registry')
  world = await newTenant()
})

const basic = (password?: string) => ({ type: 'basic', username: 'admin', password }) as const
const input = (password?: string, rest = {}) => registryInput(server.url, { auth: basic(password), ...rest })
const add = async (rest = {}) => (await addRegistry(world.admin, input('right', rest))).id
const keys = async (...args: string[]) => {
  const said: string[] = []
  const code = await runKeys(args, (text) => said.push(text))
  return { code, said: said.join('\n') }
}
const uses = async () => (await listKeys()).map(({ id, secrets }) => `${id} ${secrets}`)
const passwordOf = async (id: string) => (await openRegistry(world.tenantId, id)).auth

/** Paused registries whose sealed passwords tell them apart, as many as fill three batches. */
async function addMany(count = 250): Promise<string[]> {
  const ids = Array.from({ length: count }, newUid)
  const endpoint = 'https://registry.example.com'
  const sealed = ids.map((id) =>
    seal(
      `password of ${id}`,
      secretOwner(id, { endpoint, tls: { ca: '', insecureSkipVerify: false }, auth: basic() }),
      keyRing(),
    ),
  )
  await database.owner.query(
    `INSERT INTO registry (id, tenant_id, name, kind, endpoint, auth_type, username, sealed_secret, paused)
     SELECT id, $1, id, 'pack', $2, 'basic', 'admin', sealed, true FROM unnest($3::text[], $4::text[]) AS r(id, sealed)`,
    [world.tenantId, endpoint, ids, sealed],
  )
  return ids
}

test('a key is replaced in three commands, while registries are used and saved', async () => {
  const ids = await addMany()
  const live = await add()
  expect(await uses()).toEqual(['old 251'])
  expect((await keys('add', '--id', 'new')).said).toContain('seals from now on')
  const saved = await add({ name: 'Saved after the key was added' })
  expect(await uses()).toEqual(['new 1', 'old 251'])
  await expect(keys('retire', 'old')).rejects.toThrow(/still seals 251 secrets/)
  expect((await keys('reseal')).said).toContain('Sealed 251 secrets anew with "new"')
  expect(await uses()).toEqual(['new 252', 'old 0'])
  expect((await keys('retire', 'old')).code).toBe(0)
  expect(readFileSync(file, 'utf8')).not.toContain('old')
  for (const id of ids) expect(await passwordOf(id)).toMatchObject({ password: `password of ${id}` })
  for (const id of [live, saved]) expect(await checkStored(world.admin, id)).toMatchObject({ passed: true })
  expect((await keys('list')).said).toMatch(/new +252 +seals and opens/)
})

test('what a person saves while secrets are resealed is not lost', async () => {
  const ids = await addMany()
  const [first = '', last = ''] = [ids.toSorted()[0], ids.toSorted().at(-1)]
  await keys('add', '--id', 'new')
  const save = (id: string) =>
    changeRegistry(world.admin, id, {
      ...registryInput('https://registry.example.com', { auth: basic('a new one'), paused: true }),
      name: id,
    })
  let batches = 0
  const { done } = await resealSecrets(() => {
    batches++
  })
  expect([done, batches]).toEqual([250, 3])
  // In the midst of a batch: the row is read, then a person saves it, then it is written.
  await keys('add', '--id', 'newer')
  const query = database.owner
  await query.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$`)
  await query.query('CREATE TRIGGER slow BEFORE UPDATE ON registry FOR EACH ROW EXECUTE FUNCTION slow()')
  try {
    await Promise.all([resealSecrets(), save(first), save(last)])
  } finally {
    await query.query('DROP FUNCTION slow CASCADE')
  }
  for (const id of [first, last]) expect(await passwordOf(id)).toMatchObject({ password: 'a new one' })
  expect(await uses()).toEqual(['newer 250', 'new 0', 'old 0'])
})

test('each kind of sealed secret is resealed, in every column that holds one', async () => {
  const id = await add()
  const secret = await makeHook(world.admin, id)
  const webhookId = newUid()
  await database.owner.query(
    `INSERT INTO webhook (id, tenant_id, name, url, sealed_webhook) VALUES ($1, $2, 'w', 'https://w.example', $3)`,
    [webhookId, world.tenantId, seal('of a webhook', webhookOwner(webhookId), keyRing())],
  )
  const { cert: certificate, key } = await makeCertificate('packyard')
  const tls = { ca: '', insecureSkipVerify: false, client: { certificate, key } }
  const shown = await addRegistry(world.admin, registryInput('https://mutual.example', { tls, paused: true }))
  await keys('add', '--id', 'new')
  expect((await keys('reseal')).said).toContain('Sealed 4 secrets anew')
  expect(await uses()).toEqual(['new 4', 'old 0'])
  expect((await openRegistry(world.tenantId, shown.id)).tls.client).toEqual({ certificate, key })
  const other = await makeCertificate('packyard')
  await database.owner.query('UPDATE registry SET client_certificate = $1 WHERE id = $2', [
    other.cert,
    shown.id,
  ])
  await expect(openRegistry(world.tenantId, shown.id)).rejects.toThrow(/private key does not open/)
  const { rows } = await database.owner.query('SELECT sealed_hook FROM registry WHERE id = $1', [id])
  expect(openHook(id, rows[0].sealed_hook)).toBe(secret)
  const webhook = await database.owner.query('DELETE FROM webhook RETURNING sealed_webhook AS sealed')
  expect(openWebhook(webhookId, webhook.rows[0].sealed)).toBe('of a webhook')
  const { rows: columns } = await database.owner.query(
    `SELECT column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name ~ 'seal|secret|password|token$|private_key|credential'`,
  )
  // One that is not sealed: people's passwords are hashed. One that profiles reseal: lib/profiles/reseal.ts
  expect(columns.map((one) => one.column_name).sort()).toEqual(
    ['password_hash', 'sealed_variables', ...SEALED_COLUMNS].sort(),
  )
})

test('a reseal that was interrupted is done by running it again', async () => {
  await addMany()
  await keys('add', '--id', 'new')
  const crash = () => {
    throw new Error('The power failed')
  }
  await expect(resealSecrets(crash)).rejects.toThrow('The power failed')
  expect(await uses()).toEqual(['new 100', 'old 150'])
  expect(await resealSecrets()).toEqual({ done: 150, lost: [] })
  expect(await resealSecrets()).toEqual({ done: 0, lost: [] })
})

test('a save in which nobody gives the secret goes through although the secret was resealed meanwhile', async () => {
  const id = await add()
  await keys('add', '--id', 'new')
  await Promise.all([changeRegistry(world.admin, id, input(undefined, { name: 'Renamed' })), resealSecrets()])
  expect(await readRegistry(world.admin, id)).toMatchObject({ name: 'Renamed' })
  expect(await passwordOf(id)).toMatchObject({ password: 'right' })
})

test('a password that somebody enters while another saves is not undone by that save', async () => {
  const gateway = await startGateway(server.url)
  await server.setPasswords({ admin: 'right', second: 'right' })
  const { id } = await addRegistry(world.admin, { ...input('right'), endpoint: gateway.url })
  const save = (auth: RegistryInput['auth'], rest = {}) =>
    changeRegistry(world.admin, id, registryInput(gateway.url, { auth, ...rest }))
  let theirs: Promise<void> | undefined
  gateway.instead = async () => {
    theirs ??= save(basic('a new one'), { name: 'Theirs', paused: true })
    await theirs
    return false
  }
  // Its connection test takes as long as the other needs to save.
  await expect(save({ type: 'basic', username: 'second' })).rejects.toMatchObject({ code: 'conflict' })
  expect(await readRegistry(world.admin, id)).toMatchObject({ name: 'Theirs' })
  expect(await passwordOf(id)).toMatchObject({ password: 'a new one' })
  await gateway.close()
})

test('the key that seals, and a key that is not there, are not retired', async () => {
  await expect(keys('retire', 'old')).rejects.toThrow(/"old" seals/)
  await expect(keys('retire', 'none')).rejects.toThrow(/no key "none"/)
  expect((await keys('promote')).code).toBe(2)
})

test('a key in standby opens and does not seal until it is promoted', async () => {
  await keys('add', '--id', 'next', '--standby')
  await add()
  expect(await uses()).toEqual(['old 1', 'next 0'])
  await keys('promote', 'next')
  expect(await resealSecrets()).toMatchObject({ done: 1 })
})

test('a registry whose key is lost says so, stalls, and works again with its password entered anew', async () => {
  const id = await add()
  changeKeyFile(file, () => [['fresh', randomBytes(32)]])
  expect(await keys('list')).toMatchObject({ code: 1, said: expect.stringMatching(/old +1 +missing/) })
  expect(await keys('reseal')).toMatchObject({ code: 1, said: expect.stringContaining(id) })
  await requestSync(world.admin, id, false)
  await runSync(world.tenantId, id, adapterOf, new AbortController().signal)
  expect(await readRegistry(world.admin, id)).toMatchObject({
    lastOutcome: 'stalled',
    lastStep: 'credentials',
    lastMessage: expect.stringContaining('The key "old" that sealed the secret is not in the key ring.'),
    lastFix: expect.stringContaining('enter the password or token again'),
    dueAt: null,
  })
  const { passed, steps } = await checkStored(world.admin, id)
  expect(passed).toBe(false)
  expect(steps).toContainEqual(expect.objectContaining({ step: 'credentials', status: 'failed' }))
  await expect(changeRegistry(world.admin, id, input())).rejects.toMatchObject({
    code: 'invalid',
    details: { fields: { 'spec.auth': expect.any(String) } },
  })
  await changeRegistry(world.admin, id, input('right'))
  await runSync(world.tenantId, id, adapterOf, new AbortController().signal)
  expect(await readRegistry(world.admin, id)).toMatchObject({ lastOutcome: 'completed' })
})

test('a secret of another row, kind or server does not open, nor one that was sealed by another key of that name', async () => {
  const [one, two] = [await add(), await add()]
  const sealed = (id: string) => `(SELECT sealed_secret FROM registry WHERE id = '${id}')`
  const broken = /sealed for another registry, address or TLS settings/
  for (const change of [
    `sealed_secret = ${sealed(two)}`,
    `auth_type = 'token'`,
    `endpoint = 'https://evil'`,
  ]) {
    const { rows } = await database.owner.query('SELECT * FROM registry WHERE id = $1', [one])
    await database.owner.query(`UPDATE registry SET ${change} WHERE id = $1`, [one])
    await expect(openRegistry(world.tenantId, one)).rejects.toThrow(broken)
    await database.owner.query(
      'UPDATE registry SET sealed_secret = $2, auth_type = $3, endpoint = $4 WHERE id = $1',
      [one, rows[0].sealed_secret, rows[0].auth_type, rows[0].endpoint],
    )
    await openRegistry(world.tenantId, one)
  }
  writeFileSync(file, newKey('old'))
  await expect(openRegistry(world.tenantId, one)).rejects.toThrow(broken)
})
