import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Operation } from '@/lib/api/operation'
import { type OperationId, ROUTES } from '@/lib/api/routes'
import { TABLE } from '@/lib/api/table'
import { startEmbedded } from '../../tools/embedded-database.mjs'
import { makeCertificate } from '../support/certificates'
import { type Gateway, startGateway } from '../support/gateway'
import { pushPack } from '../support/packs'
import { startTestRegistry, type TestRegistry } from '../support/registry'
import { startWeb, type TestServer } from '../support/servers'
import { environmentWith, freshSettings, startUp, type Up } from '../support/start-up'

// Real console, worker, registry and database, their logs at the most talkative. Each secret that anybody enters holds
// one word, and the word is looked for wherever anything is written down or said.

const exec = promisify(execFile)
const SLOW_MS = 400_000
const WORD = `canary${randomBytes(8).toString('hex')}`
const SECRETS = {
  admin: `admin-${WORD}`,
  basic: `basic-${WORD}`,
  token: `token-${WORD}`,
  wrong: `wrong-${WORD}`,
}

let dataDir: string
let settings: Record<string, string>
let up: Up
let base: string
let owner: pg.Client
let server: TestRegistry
let gateway: Gateway
let tls: TestServer
/** All that was answered: headers and bodies. */
const answers: { what: string; text: string }[] = []
/** Secrets that we make and tell once: an API key, what signs notifications. */
const told: string[] = []

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'packyard-canary-'))
  settings = {
    ...(await freshSettings(dataDir)),
    PACKYARD_LOG_LEVEL: 'trace',
    PACKYARD_ADMIN_EMAIL: 'ada@example.com',
    PACKYARD_ADMIN_PASSWORD: SECRETS.admin,
  }
  base = `http://127.0.0.1:${settings.PORT}`
  server = await startTestRegistry({ users: { admin: SECRETS.basic, ada: SECRETS.basic } })
  gateway = await startGateway(server.url)
  const own = await makeCertificate('another.example')
  tls = await startWeb((_request, response) => response.end('{}'), own)
  await pushPack(
    { url: server.url, user: 'admin', password: SECRETS.basic },
    { name: 'dex', version: '1.0.0' },
  )
  up = startUp(settings)
  await up.says(/^Console +up at/m)
  const database = await startEmbedded(path.join(dataDir, 'postgres'))
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
}, SLOW_MS)

afterAll(async () => {
  await owner?.end()
  await up?.stop()
  for (const one of [gateway, server, tls]) await one?.close()
  rmSync(dataDir, { recursive: true, force: true })
}, SLOW_MS)

async function call(method: string, at: string, headers: Record<string, string>, body?: unknown) {
  const response = await fetch(`${base}${at}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  answers.push({
    what: `${method} ${at}: ${response.status}`,
    text: `${JSON.stringify([...response.headers])} ${text}`,
  })
  const json = () => JSON.parse(text)
  return { status: response.status, text, json }
}

async function signIn(emailId: string): Promise<Record<string, string>> {
  const { json } = await call('POST', '/v1/auth/authenticate', {}, { emailId, password: SECRETS.admin })
  const { Authorization } = json()
  expect(Authorization).toEqual(expect.any(String))
  told.push(Authorization)
  return { authorization: Authorization }
}

const basic = (password: string) => ({ type: 'basic', username: 'ada', password })
const ended = async (uid: string) => {
  const state = async () =>
    (await owner.query('SELECT run_id, requested_by, due_at FROM registry WHERE id = $1', [uid])).rows[0]
  await expect
    .poll(
      async () => {
        const row = await state()
        return row.run_id === null && row.requested_by === ''
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(true)
}
async function sync(uid: string, admin: Record<string, string>) {
  expect((await call('POST', `/v1/packyard/registries/${uid}/sync`, admin)).status).toBe(202)
  await ended(uid)
}

/** Bodies with which an operation gets somewhere; others get an empty one. */
const bodiesOf = (uid: string): Partial<Record<OperationId, unknown>> => {
  const spec = { endpoint: gateway.url, auth: basic(SECRETS.basic) }
  const wrong = { endpoint: gateway.url, auth: basic(SECRETS.wrong) }
  const metadata = { name: `crawled ${randomBytes(4).toString('hex')}` }
  return {
    authenticate: { emailId: 'nobody@example.com', password: SECRETS.wrong },
    createPackRegistry: { metadata, spec: wrong },
    updatePackRegistry: { metadata, spec },
    validatePackRegistry: wrong,
    createHelmRegistry: { metadata, spec: wrong },
    updateHelmRegistry: { metadata, spec },
    validateHelmRegistry: wrong,
    createOciRegistry: { metadata, spec: { ...wrong, providerType: 'pack' } },
    updateOciRegistry: { metadata, spec: { ...spec, providerType: 'pack' } },
    validateOciRegistry: { ...wrong, providerType: 'helm' },
    checkRegistry: { registryUid: uid },
    createProfile: { metadata, spec: { template: { type: 'cluster', packs: [{ name: 'none' }] } } },
    searchPacks: {},
    countPackFacets: {},
    listProfiles: {},
  }
}

/** Every operation of the table as one role, those that take things away last. */
async function crawl(headers: Record<string, string>, uids: Record<string, string>) {
  const bodies = bodiesOf(uids.uid ?? '')
  const all = (Object.entries(ROUTES) as [OperationId, readonly [string, string]][]).toSorted(
    ([, [one]], [, [other]]) => Number(one === 'DELETE') - Number(other === 'DELETE'),
  )
  for (const [id, [method, pattern]] of all) {
    const at = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => uids[name] ?? uids.uid ?? '')
    const takes = (TABLE[id] as Operation).body !== undefined || method === 'POST' || method === 'PUT'
    const { status, json } = await call(method, at, headers, takes ? (bodies[id] ?? {}) : undefined)
    expect([id, status]).not.toEqual([id, 500])
    // What is told once, to whoever made it.
    if ((id === 'makeHook' || id === 'createApiKey') && status === 201) {
      told.push(json().secret ?? json().apiKey)
      answers.pop()
    }
  }
}

/** Every form in which the word could stand somewhere. */
const FORMS = [
  WORD,
  ...['hex', 'base64', 'base64url'].flatMap((encoding) =>
    // In the midst of a longer text the letters of base64 depend on what stands before.
    ['', 'x', 'xy', 'ada:basic-', 'ada:wrong-', 'basic-', 'token-'].map((before) => {
      const skip = encoding === 'hex' ? before.length * 2 : Math.ceil((before.length * 4) / 3)
      return Buffer.from(before + WORD)
        .toString(encoding as BufferEncoding)
        .slice(skip, -4)
    }),
  ),
  encodeURIComponent(`:${WORD}`),
  [...WORD].reverse().join(''),
]

function look(where: string, text: string) {
  for (const form of FORMS)
    if (text.toLowerCase().includes(form.toLowerCase())) {
      const at = text.toLowerCase().indexOf(form.toLowerCase())
      throw new Error(`The secret stands in ${where}: …${text.slice(Math.max(0, at - 200), at + 80)}…`)
    }
}

/** Each row of each table as text, as a dump has it; what is sealed or packed also as its bytes. */
async function dump(): Promise<[string, string][]> {
  const { rows: tables } = await owner.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  expect(tables.map((one) => one.name)).toEqual(
    expect.arrayContaining(['public.registry', 'public.audit_event', 'jobs.job']),
  )
  const all: [string, string][] = []
  for (const { name } of tables) {
    const { rows } = await owner.query(`SELECT t::text AS row FROM ${name} t`)
    const text = rows.map((one) => one.row).join('\n')
    all.push([`the table ${name}`, text])
    for (const [, body = ''] of text.matchAll(/v\d\.[a-z0-9-]+\.([\w-]{20,})/g))
      all.push([`the sealed bytes of ${name}`, Buffer.from(body, 'base64url').toString('latin1')])
    for (const [hex] of text.matchAll(/(?<=\\\\x)[0-9a-f]{20,}/g))
      all.push([`the bytes of ${name}`, Buffer.from(hex, 'hex').toString('latin1')])
  }
  return all
}

test(
  'no secret that anybody entered is in an answer, a log, a row, a job or a process list, whatever fails',
  async () => {
    const admin = await signIn('ada@example.com')
    const { tenant_id: tenantId, password_hash: hash } = (await owner.query('SELECT * FROM app_user')).rows[0]
    await owner.query(
      `INSERT INTO app_user (id, tenant_id, email, name, password_hash, role)
     VALUES ($1, $2, 'vic@example.com', 'Vic', $3, 'tenant-viewer')`,
      ['d'.repeat(24), tenantId, hash],
    )
    const viewer = await signIn('vic@example.com')

    // Registries of every kind and way to sign in, that work and that fail in each way.
    const add = async (kind: string, name: string, spec: object, query = '') => {
      const body = { metadata: { name }, spec }
      return call('POST', `/v1/registries/${kind}${query}`, admin, body)
    }
    const live = await add('pack', 'Live', { endpoint: gateway.url, auth: basic(SECRETS.basic) })
    expect(live.status).toBe(201)
    const { uid } = live.json()
    await ended(uid)
    const paused = '?skipPackSync=true'
    const token = { type: 'token', token: SECRETS.token }
    const { uid: oci } = (
      await add('oci/basic', 'Oci', { endpoint: gateway.url, providerType: 'pack', auth: token }, paused)
    ).json()
    const skip = { createOption: { skipSync: true } }
    const { uid: helm } = (
      await add('helm', 'Helm', { endpoint: gateway.url, auth: basic(SECRETS.basic), ...skip })
    ).json()
    for (const endpoint of [
      `https://ada:${SECRETS.basic}@127.0.0.1/`,
      `http://127.0.0.1/?token=${SECRETS.token}`,
      `${SECRETS.wrong}@127.0.0.1`,
      `https://127.0.0.1:${tls.port}`,
      'http://127.0.0.1:1',
      'http://169.254.169.254',
      'https://nowhere.invalid',
      `http://127.0.0.1:${settings.PACKYARD_REGISTRY_PORT}`,
    ]) {
      for (const kind of ['pack', 'helm', 'oci/basic'])
        expect(
          (await add(kind, 'Fails', { endpoint, auth: basic(SECRETS.wrong) })).status,
        ).toBeGreaterThanOrEqual(400)
    }
    for (const body of [
      `{"password":"${SECRETS.wrong}`,
      `"${SECRETS.wrong}"`,
      { emailId: SECRETS.wrong, password: [SECRETS.wrong] },
    ])
      expect((await call('POST', '/v1/auth/authenticate', {}, body)).status).toBeLessThan(500)
    await call('POST', '/v1/auth/authenticate', {}, { emailId: 'ada@example.com', password: SECRETS.wrong })

    // The live one fails in each way, some of them with our own words thrown back at us.
    const throwBack = (status: number, location?: string) => {
      gateway.instead = ({ headers }, response) => {
        response.writeHead(status, {
          ...{ 'content-type': 'application/json', 'x-echo': String(headers.authorization) },
          ...(location && { location }),
          'www-authenticate': `Bearer realm="http://127.0.0.1:1/?x=${SECRETS.basic}"`,
        })
        response.end(
          `${JSON.stringify(headers)} ${Buffer.from(String(headers.authorization).slice(6), 'base64')}`,
        )
        return true
      }
    }
    const after = async () => {
      await sync(uid, admin)
      await call('POST', '/v1/packyard/registries/check', admin, { registryUid: uid })
      for (const at of ['', '/runs', '/failures'])
        await call('GET', `/v1/packyard/registries/${uid}${at}`, admin)
    }
    for (const status of [200, 401, 403, 500]) {
      throwBack(status)
      await after()
    }
    for (const location of [
      `https://127.0.0.1:${tls.port}/`,
      `http://ada:${SECRETS.basic}@127.0.0.1:1/`,
      `/?${SECRETS.token}`,
    ]) {
      throwBack(302, location)
      await after()
    }
    gateway.instead = (_request, response) => {
      response.destroy()
      return true
    }
    await after()
    gateway.instead = () => false
    await sync(uid, admin)

    // A token or key in the address opens nothing.
    const bearer = admin.authorization ?? ''
    for (const name of ['apikey', 'ApiKey', 'token', 'access_token', 'authorization', 'Authorization'])
      expect((await call('GET', `/v1/users/info?${name}=${encodeURIComponent(bearer)}`, {})).status).toBe(401)
    answers.splice(-6)
    // The pages' image optimiser fetches nothing from elsewhere.
    gateway.seen.length = 0
    for (const url of [`${gateway.url}/x.png`, `//127.0.0.1/x.png`, 'http://169.254.169.254/'])
      expect((await call('GET', `/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`, admin)).status).toBe(
        400,
      )
    expect(gateway.seen).toEqual([])

    for (const at of [
      '/metrics',
      '/livez',
      '/readyz',
      '/login',
      '/',
      '/api/auth/providers',
      '/api/auth/session',
      '/v1/openapi.json',
    ])
      await call('GET', at, admin)
    const pack = (await owner.query('SELECT id FROM pack_version LIMIT 1')).rows[0]?.id ?? uid
    const run = (await owner.query('SELECT id FROM sync_run LIMIT 1')).rows[0]?.id ?? uid
    const more = { token: 'x', packName: 'dex', registryUid: uid, runUid: run }
    for (const headers of [{}, { authorization: SECRETS.wrong }, { apikey: SECRETS.wrong }, viewer])
      for (const one of [uid, oci, helm, pack]) await crawl(headers, { ...more, uid: one })
    const before = answers.length
    for (const one of [pack, helm, oci, uid]) await crawl(admin, { ...more, uid: one })
    // It got somewhere, and was not turned away at every door.
    expect(answers.slice(before).filter(({ what }) => /: 20\d$/.test(what)).length).toBeGreaterThan(60)

    for (const { what, text } of answers) look(`the answer to ${what}`, text)
    const logs = readdirSync(path.join(dataDir, 'logs'))
    expect(logs).toEqual(expect.arrayContaining(['console.log', 'worker.log', 'registry.log']))
    for (const name of logs) look(`the log ${name}`, readFileSync(path.join(dataDir, 'logs', name), 'utf8'))
    look('what the launcher printed', up.printed())
    for (const [where, text] of await dump()) look(where, text)
    const { parts } = JSON.parse(readFileSync(path.join(dataDir, 'running.json'), 'utf8')) as {
      parts: { pid: number }[]
    }
    expect(parts.length).toBeGreaterThan(3)
    for (const { pid } of parts)
      if (process.platform === 'linux')
        look('the list of processes', readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    // Nor what we made ourselves and told once.
    expect(told.length).toBeGreaterThan(3)
    const everywhere = [
      ...answers.filter(({ what }) => !/authenticate|refresh/.test(what)).map(({ text }) => text),
      ...logs.map((name) => readFileSync(path.join(dataDir, 'logs', name), 'utf8')),
      ...(await dump()).map(([, text]) => text),
    ].join('\n')
    for (const secret of told) expect(everywhere.includes(secret)).toBe(false)
  },
  SLOW_MS,
)

test(
  'the key that seals is replaced while console and worker run',
  async () => {
    const admin = await signIn('ada@example.com')
    const body = {
      metadata: { name: `Sealed ${Date.now()}` },
      spec: { endpoint: gateway.url, auth: basic(SECRETS.basic) },
    }
    const { uid } = (await call('POST', '/v1/registries/pack', admin, body)).json()
    await ended(uid)
    const keys = async (...args: string[]) =>
      (
        await exec(process.execPath, ['tools/keys.mjs', ...args], {
          env: environmentWith(settings),
        }).catch(({ message, code, signal, stdout, stderr }) => {
          throw new Error(`${message} (${signal ?? code}): ${stdout}${stderr}`)
        })
      ).stdout
    const { keys: before } = JSON.parse(await keys('list', '--json'))
    expect(before).toMatchObject([{ seals: true, isInRing: true }])
    await keys('add', '--id', 'fresh')
    await sync(uid, admin)
    expect(await keys('reseal')).toMatch(/^Sealed \d+ secrets? anew with "fresh"/)
    await keys('retire', before[0].id)
    expect(await keys('list')).toMatch(/^fresh +[1-9]\d* +seals and opens$/m)
    await sync(uid, admin)
    const { status } = (await call('GET', `/v1/registries/pack/${uid}`, admin)).json()
    expect(status.packSyncStatus.status).toBe('Completed')
    const again = await call('PUT', `/v1/registries/pack/${uid}`, admin, {
      ...body,
      spec: { endpoint: gateway.url, auth: basic('') },
    })
    expect(again.status).toBe(204)
    expect(
      (await owner.query('SELECT sealed_secret FROM registry WHERE id = $1', [uid])).rows[0].sealed_secret,
    ).toMatch(/^v2\.fresh\./)
  },
  SLOW_MS,
)
