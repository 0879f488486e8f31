import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { type Gateway, startGateway } from '../../tests/support/gateway'
import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import { createApiKey } from '../access/api-keys'
import { insertUser } from '../access/store'
import { handlers } from '../api/handlers'
import { mount } from '../api/mount'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { runSync } from '../sync/run'
import { adapterOf } from './adapter'
import { openRegistry } from './open'

/** The log at its most talkative, caught where it leaves the process. */
const logged = vi.hoisted(() => {
  process.env.PACKYARD_LOG_LEVEL = 'trace'
  const lines: string[] = []
  process.stdout.write = ((data: string) => lines.push(data) > 0) as typeof process.stdout.write
  return lines
})

const CANARY = `canary-${randomBytes(12).toString('hex')}`
const WRONG = `wrong-${CANARY}`

const owner = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL })
const app = mount(handlers)
const answers: string[] = []
let server: TestRegistry
let gateway: Gateway
let call: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: string }>
let tenantId: string

beforeAll(async () => {
  await owner.connect()
  server = await startTestRegistry({ users: { admin: CANARY } })
  gateway = await startGateway(server.url)
  await pushPack({ url: server.url, user: 'admin', password: CANARY }, { name: 'dex', version: '1.0.0' })
  const { admin } = await newTenant()
  tenantId = admin.tenantId
  const user = { name: 'Ada', passwordHash: '', role: 'tenant-admin' }
  await insertUser({ ...user, id: admin.id, tenantId, email: `${admin.id}@example.com` })
  const { key } = await createApiKey(admin, { name: 'test', expiresAt: null })
  call = async (method, path, body) => {
    const response = await app.request(path, {
      method,
      headers: { apikey: key, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    answers.push(JSON.stringify([...response.headers]), text)
    return { status: response.status, body: text }
  }
})
afterAll(async () => {
  await gateway.close()
  await server.close()
  await owner.end()
  await closeDatabase()
})

const spec = (endpoint: string, auth: Record<string, unknown>) => ({
  metadata: { name: 'Canary' },
  spec: { endpoint, auth: { type: 'basic', username: 'admin', ...auth } },
})
const sync = async (id: string) => {
  expect((await call('POST', `/v1/registries/pack/${id}/sync`)).status).toBe(202)
  expect(await runSync(tenantId, id, adapterOf, new AbortController().signal)).toBe(true)
}

/** Each row of each table as text, as a dump would have it. */
async function dump(): Promise<string> {
  const { rows: tables } = await owner.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'jobs')`,
  )
  expect(tables.length).toBeGreaterThan(15)
  const all: string[] = []
  for (const { name } of tables) {
    const { rows } = await owner.query(`SELECT t::text AS row FROM ${name} t`)
    all.push(...rows.map((one) => one.row))
  }
  return all.join('\n')
}

test('a password is in no answer, no log line, no audit event and no row but sealed, whatever happens to its registry', async () => {
  const created = await call('POST', '/v1/registries/pack', spec(gateway.url, { password: CANARY }))
  expect(created.status).toBe(201)
  const id = JSON.parse(created.body).uid as string
  const at = `/v1/registries/pack/${id}`
  expect((await call('POST', '/v1/registries/pack', spec(gateway.url, { password: WRONG }))).status).toBe(422)
  await sync(id)
  for (const path of [at, '/v1/registries/pack', '/v1/registries/pack/summary', `${at}/sync/status`])
    expect((await call('GET', path)).status).toBe(200)
  expect((await call('GET', at)).body).toContain('********')
  const validate = spec(gateway.url, { password: CANARY }).spec
  expect((await call('POST', '/v1/registries/pack/validate', validate)).status).toBe(204)
  const check = await call('POST', '/v1/packyard/registries/check', { registryUid: id })
  expect(JSON.parse(check.body)).toMatchObject({ passed: true })
  const elsewhere = await call('PUT', at, spec(server.url.replace('127.0.0.1', 'localhost'), {}))
  expect(elsewhere.status).toBe(400)
  expect((await call('PUT', at, spec(gateway.url, { password: '********' }))).status).toBe(204)

  // The registry fails in each way that it can, some of them with our own words thrown back at us.
  const throwBack = (status: number) => {
    gateway.instead = ({ headers }, response) => {
      response.writeHead(status, { 'content-type': 'text/plain', 'x-echo': String(headers.authorization) })
      response.end(`${JSON.stringify(headers)} ${CANARY}`)
      return true
    }
  }
  for (const status of [200, 400, 401, 403, 404, 418, 500]) {
    throwBack(status)
    await sync(id)
    await call('GET', at)
    await call('GET', `${at}/sync/status`)
    await call('POST', '/v1/packyard/registries/check', { registryUid: id })
  }
  gateway.instead = (_request, response) => {
    response.destroy()
    return true
  }
  await sync(id)
  await call('GET', at)
  for (const path of ['runs', 'failures']) await call('GET', `/v1/packyard/registries/${id}/${path}`)

  expect(await openRegistry(tenantId, id)).toMatchObject({ auth: { password: CANARY } })
  const { rows } = await sqlInTenant(tenantId).query('SELECT sealed_secret FROM registry WHERE id = $1', [id])
  expect(rows[0].sealed_secret).toMatch(/^v2\./)
  const told = logged.join('')
  expect(told).toContain('Synced a registry')
  expect(told).toContain('A sync failed')
  const basic = (password: string) => Buffer.from(`admin:${password}`).toString('base64')
  for (const form of [CANARY, basic(CANARY), basic(WRONG), Buffer.from(CANARY).toString('hex')])
    for (const [where, text] of Object.entries({ answers: answers.join('\n'), told, rows: await dump() }))
      expect([where, text.includes(form)]).toEqual([where, false])
})

test('a password goes to its own registry only, also when that one sends us elsewhere', async () => {
  const heard: http.IncomingHttpHeaders[] = []
  const stranger = http.createServer((request, response) => {
    heard.push(request.headers)
    response.writeHead(404).end()
  })
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done))
  const { port } = stranger.address() as AddressInfo
  const { body } = await call('GET', '/v1/registries/pack')
  const [{ metadata }] = JSON.parse(body).items
  gateway.seen.length = 0
  gateway.instead = ({ path }, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${port}${path}` }).end()
    return true
  }
  await sync(metadata.uid)
  stranger.close()
  expect(gateway.seen.some((one) => one.headers.authorization)).toBe(true)
  expect(heard.length).toBeGreaterThan(0)
  for (const headers of heard) expect(headers.authorization).toBeUndefined()
})

test('the connection test shows the credentials to nothing but a registry', async () => {
  const page = http.createServer((request, response) => {
    heard.push(request.headers)
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A router</title>')
  })
  const heard: http.IncomingHttpHeaders[] = []
  await new Promise<void>((done) => page.listen(0, '127.0.0.1', done))
  const { port } = page.address() as AddressInfo
  const input = spec(`http://127.0.0.1:${port}`, { password: CANARY })
  const { status, body } = await call('POST', '/v1/registries/pack', input)
  page.close()
  expect(status).toBe(422)
  expect(JSON.parse(body).details.steps).toContainEqual(
    expect.objectContaining({ step: 'registry', status: 'failed' }),
  )
  expect(heard.length).toBeGreaterThan(0)
  for (const headers of heard) expect(headers.authorization).toBeUndefined()
})
