import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { type Gateway, startGateway } from '../../tests/support/gateway'
import { deletePack, PNG, packFiles, push, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant, registryInput } from '../../tests/support/tenant'
import { closeDatabase, inTenant, sqlInTenant } from '../db/in-tenant'
import { toOciPack } from '../pack-format/oci'
import { openParser } from '../parser/parser'
import { adapterOf } from '../registries/adapter'
import { addRegistry } from '../registries/add'
import { changeRegistry } from '../registries/change'
import { pauseRegistry } from '../registries/pause'
import { readRegistry } from '../registries/read'
import { PackFilter } from '../registries/schema'
import { stateOf } from '../registries/state'
import { readFailures, readRuns } from './history'
import { startMeter } from './progress'
import { requestSync } from './request'
import { runSync } from './run'
import { writeVersions } from './store/catalog'
import { ABANDONED_AFTER_SECONDS, findDue } from './store/due'
import { startRun, touchRun } from './store/run'

let server: TestRegistry
let gateway: Gateway
let target: { url: string; user: string; password: string }
let world: Awaited<ReturnType<typeof newTenant>>
let id: string

const PASSWORD = 'right'
const never = new AbortController().signal

beforeAll(async () => {
  server = await startTestRegistry({ users: { admin: PASSWORD } })
  target = { url: server.url, user: 'admin', password: PASSWORD }
})
afterAll(async () => {
  await server.close()
  await closeDatabase()
})
beforeEach(async () => {
  await server.setPasswords({ admin: PASSWORD })
  gateway = await startGateway(server.url)
  world = await newTenant()
  const auth = { type: 'basic', username: 'admin', password: PASSWORD } as const
  ;({ id } = await addRegistry(world.admin, registryInput(gateway.url, { auth, paused: true })))
  await pauseRegistry(world.admin, id, false)
  gateway.seen.length = 0
})
afterEach(() => gateway.close())

/** Makes the registry due and does what the worker does. @returns the run */
async function sync() {
  await requestSync(world.admin, id)
  expect(await runSync(world.tenantId, id, adapterOf, never)).toBe(true)
  const [run] = await readRuns(world.admin, id)
  if (!run) throw new Error('There is no run')
  return run
}
const versions = () =>
  inTenant(world.tenantId).packVersion.findMany({
    where: { registryId: id },
    orderBy: [{ name: 'asc' }, { version: 'asc' }],
  })
const named = async (name: string) => (await versions()).filter((one) => one.name === name)
const registry = () => readRegistry(world.admin, id)
/** The server as one that answers for one pack at a time. */
const oneByOne: Gateway['instead'] = ({ path: at }, response) => {
  if (!at.includes('/_packyard/contents')) return false
  response.writeHead(404).end()
  return true
}
/** A pack name that no other test has. */
const fresh = () => `pack-${crypto.randomUUID().slice(0, 8)}`

test('a first sync writes every version that is listed, with its contents and tags', async () => {
  const name = fresh()
  const digest = await pushPack(target, { name, version: '1.0.0', values: 'pack:\n  a: 1\n', layer: 'cni' })
  await push(target, name, ['1.0.1', 'stable__1.0.1'], await toOciPack(packFiles({ name, version: '1.0.1' })))
  const run = await sync()
  expect(run).toMatchObject({ outcome: 'completed', trigger: 'manual', failed: 0, removed: 0 })
  expect(run.added).toBe(run.listed)
  const [first, second] = await named(name)
  expect(first).toMatchObject({ version: '1.0.0', digest, layer: 'cni', goneAt: null })
  expect(second).toMatchObject({ version: '1.0.1' })
  const { rows } = await sqlInTenant(world.tenantId).query(
    `SELECT c.bytes FROM pack_revision r JOIN content c ON c.digest = r.values_digest WHERE r.id = $1`,
    [first?.revisionId],
  )
  expect(rows[0].bytes.toString()).toBe('pack:\n  a: 1\n')
  const tags = await inTenant(world.tenantId).packTag.findMany({ where: { registryId: id, name } })
  expect(tags.map((one) => one.tag).sort()).toEqual(expect.arrayContaining(['1.0.0', '1.0.1']))
  expect(stateOf(await registry())).toBe('healthy')
})

test('of more versions than are written at once every one is written, with what they share', async () => {
  const own = await startTestRegistry()
  try {
    const shared = { name: 'dex', readme: '# The same\n', values: 'pack: {}\n', logo: PNG }
    for (let i = 0; i < 230; i++) await pushPack({ url: own.url }, { ...shared, version: `2.0.${i}` })
    ;({ id } = await addRegistry(world.admin, registryInput(own.url)))
    const run = await sync()
    expect(run).toMatchObject({ failed: 0, added: 230, listed: 230 })
    expect(await named('dex')).toHaveLength(230)
    expect(run.requests).toBe(2)
    const { rows } = await sqlInTenant(world.tenantId).query(
      `SELECT count(*)::int AS revisions,
         count(m.digest)::int AS manifests, count(r.digest)::int AS readmes, count(l.digest)::int AS logos
       FROM pack_revision p
       LEFT JOIN content m ON m.digest = p.manifest_digest
       LEFT JOIN content r ON r.digest = p.readme_digest
       LEFT JOIN content l ON l.digest = p.logo_digest`,
    )
    expect(rows).toEqual([{ revisions: 230, manifests: 230, readmes: 230, logos: 230 }])
  } finally {
    await own.close()
  }
})

test('a pack whose text no database takes is its own failure', async () => {
  const own = await startTestRegistry()
  try {
    await pushPack({ url: own.url }, { name: 'nul', version: '1.0.0', rest: { eol: 'a\u0000b' } })
    await pushPack({ url: own.url }, { name: 'half', version: '1.0.0', rest: { group: '\ud800' } })
    await pushPack({ url: own.url }, { name: 'sound', version: '1.0.0', rest: { group: '\\u0000' } })
    ;({ id } = await addRegistry(world.admin, registryInput(own.url)))
    expect(await sync()).toMatchObject({ outcome: 'completed', added: 1, failed: 2 })
    expect((await readFailures(world.admin, id)).map((one) => one.reason)).toEqual([
      expect.stringContaining('no text'),
      expect.stringContaining('no text'),
    ])
  } finally {
    await own.close()
  }
})

test('what a pack that cannot be read shares with others is written with those', async () => {
  const own = await startTestRegistry()
  try {
    const shared = { name: 'dex', readme: '# The same\n', values: 'pack: {same: true}\n', logo: PNG }
    // Whichever end comes first, it is one that fails.
    for (let i = 0; i < 41; i++) {
      const rest = i % 2 === 0 ? { eol: 'a\u0000b' } : {}
      await pushPack({ url: own.url }, { ...shared, version: `2.0.${i}`, rest })
    }
    ;({ id } = await addRegistry(world.admin, registryInput(own.url)))
    expect(await sync()).toMatchObject({ outcome: 'completed', added: 20, failed: 21 })
    const { rows } = await sqlInTenant(world.tenantId).query(
      `SELECT count(*)::int AS revisions,
         count(v.digest)::int AS values, count(r.digest)::int AS readmes, count(l.digest)::int AS logos
       FROM pack_revision p
       LEFT JOIN content v ON v.digest = p.values_digest
       LEFT JOIN content r ON r.digest = p.readme_digest
       LEFT JOIN content l ON l.digest = p.logo_digest`,
    )
    expect(rows).toEqual([{ revisions: 20, values: 20, readmes: 20, logos: 20 }])
  } finally {
    await own.close()
  }
})

test('a registry that asks to wait in the midst of a sync ends it, and is no pack’s fault', async () => {
  await pushPack(target, { name: fresh(), version: '1.0.0' })
  for (const place of ['/_packyard/contents', '/blobs/']) {
    gateway.instead = (request, response) => {
      if (!request.path.includes(place)) return oneByOne(request, response)
      response.writeHead(429, { 'retry-after': '600' }).end()
      return true
    }
    expect(await sync()).toMatchObject({ outcome: 'failed', message: 'The registry asks to wait (429).' })
    expect(await readFailures(world.admin, id)).toEqual([])
  }
})

test('a sync without changes is one conditional request and writes no row of the catalog', async () => {
  await pushPack(target, { name: fresh(), version: '1.0.0' })
  await sync()
  const before = await versions()
  gateway.seen.length = 0
  const run = await sync()
  expect(run).toMatchObject({ outcome: 'unchanged', requests: 1, bytes: 0n, rows: 0, listed: 0 })
  expect(gateway.seen).toHaveLength(1)
  expect(gateway.seen[0]?.headers['if-none-match']).toBeTruthy()
  expect(await versions()).toEqual(before)
})

test.each([
  // The listing, the manifest, pack.json and the values; the README is there already.
  ['a server that answers for one pack at a time', oneByOne, 4 + 1],
  ['our server', () => false, 2],
] as const)(
  'at %s a new version costs what is new of it, and touches no other row',
  async (_server, instead, requests) => {
    gateway.instead = instead
    const name = fresh()
    await pushPack(target, { name, version: '1.0.0', readme: '# Same\n' })
    await sync()
    const before = await versions()
    gateway.seen.length = 0
    await pushPack(target, { name, version: '1.1.0', readme: '# Same\n' })
    const run = await sync()
    expect(run).toMatchObject({ outcome: 'completed', added: 1, changed: 0, removed: 0 })
    expect(gateway.seen).toHaveLength(requests)
    const after = await versions()
    expect(after.filter((one) => one.version !== '1.1.0' || one.name !== name)).toEqual(before)
    expect(run.rows).toBeLessThanOrEqual(8)
  },
)

test('the same version with other content keeps its uid and gets another revision', async () => {
  const name = fresh()
  const first = await pushPack(target, { name, version: '1.0.0', values: 'pack: {a: 1}\n' })
  await sync()
  const [held] = await named(name)
  const second = await pushPack(
    { ...target, force: true },
    { name, version: '1.0.0', values: 'pack: {a: 2}\n' },
  )
  expect(second).not.toBe(first)
  expect(await sync()).toMatchObject({ added: 0, changed: 1 })
  const [now] = await named(name)
  expect(now).toMatchObject({ id: held?.id, digest: second })
  expect(now?.revisionId).not.toBe(held?.revisionId)
  // Pushed back: the version points at its first revision again.
  await pushPack({ ...target, force: true }, { name, version: '1.0.0', values: 'pack: {a: 1}\n' })
  await sync()
  expect((await named(name))[0]).toMatchObject({ digest: first, revisionId: held?.revisionId })
  const revisions = await inTenant(world.tenantId).packRevision.count({ where: { packVersionId: held?.id } })
  expect(revisions).toBe(2)
})

test('a version that was deleted is gone, and comes back with its uid when it is pushed again', async () => {
  const name = fresh()
  const digest = await pushPack(target, { name, version: '1.0.0' })
  await sync()
  const [held] = await named(name)
  await deletePack(target, name, digest)
  expect(await sync()).toMatchObject({ removed: 1 })
  expect((await named(name))[0]).toMatchObject({ id: held?.id, goneAt: expect.any(Date) })
  await pushPack(target, { name, version: '1.0.0' })
  gateway.seen.length = 0
  await sync()
  expect(gateway.seen).toHaveLength(1)
  expect((await named(name))[0]).toMatchObject({ id: held?.id, goneAt: null, revisionId: held?.revisionId })
})

test('a pack that cannot be read is listed by name and reason, stops nothing, and is tried again although the index did not change', async () => {
  const [broken, sound] = [fresh(), fresh()]
  const pack = await toOciPack(packFiles({ name: broken, version: '1.0.0', values: 'pack: {whole: true}\n' }))
  await push(target, broken, ['1.0.0'], pack)
  await pushPack(target, { name: sound, version: '1.0.0' })
  const values = pack.blobs.find((one) => one.mediaType.includes('values'))
  const file = await blobFile(values?.digest ?? '')
  const bytes = await readFile(file)
  await writeFile(
    file,
    bytes.map((byte) => byte ^ 1),
  )

  expect(await sync()).toMatchObject({ outcome: 'completed', failed: 1 })
  expect(await named(sound)).toHaveLength(1)
  expect(await named(broken)).toHaveLength(0)
  expect(await readFailures(world.admin, id)).toMatchObject([
    { name: broken, version: '1.0.0', reason: expect.stringContaining('values is not what its digest says') },
  ])
  expect(stateOf(await registry())).toBe('degraded')

  expect(await sync()).toMatchObject({ outcome: 'completed', failed: 1, listed: 0 })
  await writeFile(file, bytes)
  expect(await sync()).toMatchObject({ outcome: 'completed', failed: 0, added: 1 })
  expect(await readFailures(world.admin, id)).toEqual([])
  expect(await named(broken)).toHaveLength(1)
  expect(stateOf(await registry())).toBe('healthy')
  const tags = await inTenant(world.tenantId).packTag.findMany({ where: { registryId: id, name: broken } })
  expect(tags.map((one) => one.tag)).toContain('1.0.0')
})

test('a sync that was interrupted goes on where it stopped, and its run is closed', async () => {
  const name = fresh()
  for (let i = 0; i < 60; i++) await pushPack(target, { name, version: `1.0.${i}` })
  await requestSync(world.admin, id)
  const stop = new AbortController()
  let fetched = 0
  gateway.instead = (request, response) => {
    if (request.path.includes('/manifests/') && ++fetched === 55) stop.abort(new Error('The worker stops'))
    return oneByOne(request, response)
  }
  await runSync(world.tenantId, id, adapterOf, stop.signal)
  const [first] = await readRuns(world.admin, id)
  expect(first).toMatchObject({ outcome: 'abandoned', finishedAt: expect.any(Date) })
  const written = (await versions()).length
  expect(written).toBeGreaterThanOrEqual(40)
  expect(await registry()).toMatchObject({ runId: null, requestedBy: 'manual' })

  gateway.instead = oneByOne
  gateway.seen.length = 0
  const run = await sync()
  expect(run).toMatchObject({ outcome: 'completed', added: run.listed - written })
  const manifests = gateway.seen.filter((one) => one.path.includes('/manifests/'))
  expect(manifests).toHaveLength(run.listed - written)
})

test('where an answer with many contents breaks off, only the rest is asked for again', async () => {
  const name = fresh()
  for (let i = 0; i < 40; i++) await pushPack(target, { name, version: `1.0.${i}` })
  let answers = 0
  gateway.cutAfter = ({ path: at }) => (at.includes('/_packyard/contents') && answers++ < 2 ? 10_000 : null)
  const run = await sync()
  expect(run).toMatchObject({ outcome: 'completed', failed: 0, added: run.listed })
  expect(await named(name)).toHaveLength(40)
  expect(gateway.seen.map((one) => one.path)).toEqual([
    '/v1/_packyard/catalog',
    ...Array(3).fill('/v1/_packyard/contents'),
  ])
})

test('a server whose answers with many contents never come to anything is asked for one pack at a time', async () => {
  const name = fresh()
  await pushPack(target, { name, version: '1.0.0' })
  gateway.cutAfter = ({ path: at }) => (at.includes('/_packyard/contents') ? 10 : null)
  expect(await sync()).toMatchObject({ outcome: 'completed', failed: 0 })
  expect(await named(name)).toHaveLength(1)
  expect(gateway.seen.filter((one) => one.path.includes('/_packyard/contents'))).toHaveLength(3)
})

test('the first packs can be found while the others are still being read', async () => {
  const name = fresh()
  for (let i = 0; i < 30; i++) await pushPack(target, { name, version: `1.0.${i}` })
  await requestSync(world.admin, id)
  let manifests = 0
  let found = 0
  gateway.instead = async (request, response) => {
    if (request.path.includes('/manifests/') && ++manifests === 29)
      for (let tries = 0; found === 0 && tries < 100; tries++) {
        found = (await versions()).length
        await new Promise((done) => setTimeout(done, 20))
      }
    return oneByOne(request, response)
  }
  await runSync(world.tenantId, id, adapterOf, never)
  expect(found).toBeGreaterThanOrEqual(10)
})

test('of two workers one runs, and a run that was taken over writes nothing more', async () => {
  const name = fresh()
  await pushPack(target, { name, version: '1.0.0' })
  await requestSync(world.admin, id)
  const results = await Promise.all([1, 2, 3].map(() => runSync(world.tenantId, id, adapterOf, never)))
  expect(results.filter(Boolean)).toHaveLength(1)

  await requestSync(world.admin, id)
  const lost = await startRun(world.tenantId, id)
  if (!lost) throw new Error('Not taken')
  expect(await startRun(world.tenantId, id)).toBeNull()
  await age(ABANDONED_AFTER_SECONDS + 1)
  expect((await findDue(1000)).map((one) => one.id)).toContain(id)
  expect(await runSync(world.tenantId, id, adapterOf, never)).toBe(true)
  await expect(
    touchRun(
      world.tenantId,
      id,
      lost.runId,
      startMeter(() => ({ failed: 0, requests: 0, bytes: 0 })).look(new Date()),
    ),
  ).rejects.toThrow('taken over')
  const adapter = await adapterOf(world.tenantId, id)
  try {
    const [held] = await named(name)
    if (!held) throw new Error('Not synced')
    const entry = { name, version: '9.9.9', digest: held.digest, tags: [] }
    const content = await adapter.content(entry, async () => new Set(), never)
    const { readFacts, toFetched } = await import('./read-pack')
    const texts = { manifest: content.parts.manifest.bytes as Uint8Array }
    const facts = await readFacts(openParser(), { name, version: '1.0.0' }, texts, never)
    const before = await versions()
    await expect(
      writeVersions(world.tenantId, id, lost.runId, [toFetched(entry, content, facts, PackFilter.parse({}))]),
    ).rejects.toThrow('taken over')
    expect(await versions()).toEqual(before)
  } finally {
    await adapter.close()
  }
  const outcomes = (await readRuns(world.admin, id)).map((one) => one.outcome)
  expect(outcomes.sort()).toEqual(['abandoned', 'completed', 'unchanged'])
})

test('a password that stopped working stalls the registry at its step and keeps the catalog', async () => {
  await pushPack(target, { name: fresh(), version: '1.0.0' })
  await sync()
  const before = await versions()
  await server.setPasswords({ admin: 'another' })
  await waitForPasswords()
  expect(await sync()).toMatchObject({ outcome: 'failed', step: 'credentials' })
  expect(await registry()).toMatchObject({
    lastOutcome: 'stalled',
    lastStep: 'credentials',
    dueAt: null,
    lastFix: 'Check user name and password.',
  })
  expect(stateOf(await registry())).toBe('stalled')
  expect(await versions()).toEqual(before)
  await server.setPasswords({ admin: PASSWORD })
  await waitForPasswords()
  expect(await sync()).toMatchObject({ outcome: 'unchanged' })
  expect(stateOf(await registry())).toBe('healthy')
})

test('a registry that asks to wait is left alone for as long as it says', async () => {
  gateway.instead = (_request, response) => {
    response.writeHead(503, { 'retry-after': '3600' }).end()
    return true
  }
  expect(await sync()).toMatchObject({ outcome: 'failed', message: 'The registry asks to wait (503).' })
  const { dueAt, lastOutcome } = await registry()
  expect(lastOutcome).toBe('failed')
  const minutes = ((dueAt?.getTime() ?? 0) - Date.now()) / 60_000
  expect(minutes).toBeGreaterThan(58)
  expect(minutes).toBeLessThan(61)
  expect((await findDue(1000)).map((one) => one.id)).not.toContain(id)
})

test('a listing that breaks off removes nothing', async () => {
  const name = fresh()
  await pushPack(target, { name, version: '1.0.0' })
  await sync()
  const before = await versions()
  await pushPack(target, { name, version: '1.0.1' })
  gateway.instead = ({ path: at }, response) => {
    if (!at.includes('_packyard/catalog')) return false
    response.writeHead(200, { 'content-type': 'application/x-ndjson', etag: '"new"' })
    response.end('')
    return true
  }
  expect(await sync()).toMatchObject({ outcome: 'failed', message: 'The list of packs ended too early.' })
  expect(await versions()).toEqual(before)
})

test('while it is paused nothing is asked and nothing is due', async () => {
  await pauseRegistry(world.admin, id, true)
  gateway.seen.length = 0
  expect(await runSync(world.tenantId, id, adapterOf, never)).toBe(false)
  expect(gateway.seen).toEqual([])
  expect((await findDue(1000)).map((one) => one.id)).not.toContain(id)
  await expect(requestSync(world.admin, id)).rejects.toThrow('paused')
})

test('a change while it runs is synced afterwards from the start, since the revision may be another server’s', async () => {
  await pushPack(target, { name: fresh(), version: '1.0.0' })
  let changed = false
  gateway.instead = async ({ path: at }) => {
    if (changed || !at.includes('/_packyard/contents')) return false
    changed = true
    const auth = { type: 'basic', username: 'admin', password: PASSWORD } as const
    await changeRegistry(world.admin, id, registryInput(gateway.url, { auth, name: `renamed-${id}` }))
    return false
  }
  await requestSync(world.admin, id)
  await runSync(world.tenantId, id, adapterOf, never)
  const { rows } = await sqlInTenant(world.tenantId).query(
    'SELECT revision, due_at <= now() AS due FROM registry WHERE id = $1',
    [id],
  )
  expect(rows).toEqual([{ revision: null, due: true }])
})

/** Where the server keeps a blob. */
const blobFile = async (digest: string) => {
  const hex = digest.replace('sha256:', '')
  const { readdir } = await import('node:fs/promises')
  const found = (await readdir(server.dir, { recursive: true })).find((one) => path.basename(one) === hex)
  if (!found) throw new Error(`The server has no blob ${digest}`)
  return path.join(server.dir, found)
}

/** The server looks at its file of passwords twice a second. */
const waitForPasswords = () => new Promise((done) => setTimeout(done, 700))

/** Makes the last sign of life of a run older. */
const age = (seconds: number) =>
  sqlInTenant(world.tenantId).query(
    'UPDATE registry SET updated_at = now() - make_interval(secs => $2) WHERE id = $1',
    [id, seconds],
  )
