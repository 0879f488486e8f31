import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { closeDatabase, sqlInTenant } from '@/lib/db/in-tenant'
import { createOutbound } from '@/lib/outbound/client'
import { allowPrivate } from '@/lib/outbound/policy'
import { adapterOf } from '@/lib/registries/adapter'
import { openRegistry } from '@/lib/registries/open'
import { runSync } from '@/lib/sync/run'
import { makeCertificate, type TestCertificate } from '../support/certificates'
import { newConsole, send, signIn } from '../support/console'
import { pushPack } from '../support/packs'
import { startTestRegistry, type TestRegistry } from '../support/registry'

// A registry that wants to see who is asking: its own certificate, and the authority whose clients it takes.

let registry: TestRegistry
let server: https.Server
let endpoint: string
let ca: TestCertificate
let client: TestCertificate
let stranger: TestCertificate
let headers: { authorization: string }
let tenantId: string

/** A port that asks for a certificate and hands what comes on to the registry. */
async function startMutual(maxVersion?: 'TLSv1.2') {
  const { cert, key } = await makeCertificate('localhost', { ca })
  const options = { cert, key, ca: [ca.cert], requestCert: true, rejectUnauthorized: true, maxVersion }
  const opened = https.createServer(options, (request, response) => {
    const to = http.request(registry.url + request.url, { method: request.method, headers: request.headers })
    to.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    request.pipe(to)
  })
  await new Promise<void>((done) => opened.listen(0, '127.0.0.1', done))
  return opened
}
const urlOf = (opened: https.Server) => `https://localhost:${(opened.address() as AddressInfo).port}`

beforeAll(async () => {
  registry = await startTestRegistry()
  await pushPack({ url: registry.url }, { name: 'one', version: '1.0.0' })
  ca = await makeCertificate('Authority of both', { isCa: true, names: null })
  client = await makeCertificate('packyard', { ca })
  stranger = await makeCertificate('somebody')
  server = await startMutual()
  endpoint = urlOf(server)
})
afterAll(async () => {
  server.close()
  await Promise.all([registry.close(), closeDatabase()])
})
beforeEach(async () => {
  const world = await newConsole()
  headers = await signIn(world.admin)
  tenantId = world.tenantId
})

const bodyOf = (tls: object, rest: object = {}) => ({
  metadata: { name: 'Mutual' },
  spec: { endpoint, auth: { type: 'noAuth', tls: { ca: ca.cert, ...tls } }, ...rest },
})
const pair = ({ cert, key }: TestCertificate = client) => ({ certificate: cert, key })
async function call(method: string, path: string, body?: object) {
  const answer = await send(method, `/v1/registries/pack${path}`, { headers, ...(body && { body }) })
  const text = await answer.text()
  return { status: answer.status, text, body: text ? JSON.parse(text) : null }
}
const create = async (tls: object = pair()) => call('POST', '', bodyOf(tls))

test.each(['TLSv1.3', 'TLSv1.2'] as const)(
  'without a client certificate, or with one of a stranger, the test fails at the step TLS or says what is missing (%s)',
  async (version) => {
    const opened = version === 'TLSv1.2' ? await startMutual('TLSv1.2') : server
    const check = async (tls: object) => {
      const spec = { endpoint: urlOf(opened), auth: { type: 'noAuth', tls: { ca: ca.cert, ...tls } } }
      const answer = await send('POST', '/v1/packyard/registries/check', {
        headers,
        body: { kind: 'pack', spec },
      })
      const { steps } = await answer.json()
      return steps.find((one: { status: string }) => one.status === 'failed')
    }
    if (version === 'TLSv1.3') {
      expect((await check({})).seen).toMatch(/asks for a client certificate/)
      expect((await check({})).fix).toMatch(/private key/)
    } else expect(await check({})).toBeDefined()
    expect((await check(pair(stranger))).seen).toMatch(
      /does not take the client certificate|client certificate|TLS/,
    )
    expect(await check(pair())).toBeUndefined()
    if (opened !== server) opened.close()
  },
)

test('with one the registry is added and synced; the key is sealed, and in no answer', async () => {
  const made = await create()
  expect(made.status).toBe(201)
  const { uid } = made.body
  await runSync(tenantId, uid, adapterOf, new AbortController().signal)
  const read = await call('GET', `/${uid}`)
  expect(read.body.status.packyard).toMatchObject({ state: 'healthy', versions: 1 })
  expect(read.body.spec.auth.tls).toMatchObject({ certificate: client.cert, key: '********' })
  const lines = client.key.split('\n').filter((line) => line.length > 40)
  const { rows } = await sqlInTenant(tenantId).query('SELECT r::text AS row FROM registry r WHERE id = $1', [
    uid,
  ])
  expect(lines).not.toHaveLength(0)
  for (const line of lines)
    for (const text of [made.text, read.text, rows[0].row]) expect(text).not.toContain(line)
})

test('a key stays where it is masked, and has to be given again for another certificate, address or TLS setting', async () => {
  const { uid } = (await create()).body
  const put = (tls: object, rest: object = {}) => call('PUT', `/${uid}`, bodyOf(tls, rest))
  const masked = { certificate: client.cert, key: '********' }
  expect((await put(masked, { packyard: { syncEveryMinutes: 30 } })).status).toBe(204)
  expect((await openRegistry(tenantId, uid)).tls.client).toEqual({
    certificate: client.cert,
    key: client.key,
  })
  const elsewhere = await startMutual()
  const another = await makeCertificate('packyard', { ca })
  for (const refused of [
    await put(masked, { endpoint: urlOf(elsewhere) }),
    await put({ ...masked, certificate: another.cert }),
    await put({ ...masked, insecureSkipVerify: true }),
  ])
    expect(refused).toMatchObject({
      status: 400,
      body: { details: { fields: { 'spec.auth.tls.key': expect.stringMatching(/again/) } } },
    })
  expect((await put(pair(another))).status).toBe(204)
  expect((await put({}, { packyard: { paused: true } })).status).toBe(204)
  expect((await openRegistry(tenantId, uid)).tls.client).toBeUndefined()
  elsewhere.close()
})

test('a certificate without its key, a key of another, and plain HTTP are refused at their fields', async () => {
  const fieldsOf = async (tls: object, rest: object = {}) => {
    const { status, body } = await call('POST', '', bodyOf(tls, rest))
    return [status, Object.keys(body.details.fields ?? {})]
  }
  expect(await fieldsOf({ certificate: client.cert, key: '********' })).toEqual([400, ['spec.auth.tls.key']])
  expect(await fieldsOf({ certificate: client.cert, key: stranger.key })).toEqual([
    400,
    ['spec.auth.tls.key'],
  ])
  expect(await fieldsOf({ certificate: 'no certificate', key: client.key })).toEqual([
    400,
    ['spec.auth.tls.certificate'],
  ])
  expect(await fieldsOf(pair(), { endpoint: registry.url })).toEqual([400, ['spec.auth.tls.certificate']])
})

test('it is shown to the origin alone: where that leads, nobody sees it', async () => {
  const seen: string[] = []
  const { cert, key } = await makeCertificate('localhost', { ca })
  const open = async (answer: (response: http.ServerResponse) => void) => {
    const options = { cert, key, ca: [ca.cert], requestCert: true, rejectUnauthorized: false }
    const opened = https.createServer(options, (request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN?.toString() ?? 'nobody')
      answer(response)
    })
    await new Promise<void>((done) => opened.listen(0, '127.0.0.1', done))
    return opened
  }
  const second = await open((response) => response.end('there'))
  const first = await open((response) =>
    response.writeHead(307, { location: `${urlOf(second)}/there` }).end(),
  )
  const outbound = createOutbound({
    ...{ origin: urlOf(first), auth: { type: 'none' }, policy: allowPrivate },
    tls: { ca: ca.cert, insecureSkipVerify: false, client: { certificate: client.cert, key: client.key } },
  })
  try {
    expect(await (await outbound.request('GET', `${urlOf(first)}/here`)).text()).toBe('there')
    expect(seen).toEqual(['packyard', 'nobody'])
  } finally {
    await outbound.close()
    first.close()
    second.close()
  }
})
