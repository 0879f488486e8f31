import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { newConsole, ORIGIN, type Person, send, sessionCookie, signIn } from '../../tests/support/console'
import { startTestRegistry } from '../../tests/support/registry'
import { newTenant } from '../../tests/support/tenant'
import { createApiKey } from '../access/api-keys'
import { findProjects, setPassword } from '../access/store'
import { closeDatabase } from '../db/in-tenant'
import { log } from '../log'
import { newUid } from '../uid'
import { handlers } from './handlers'
import { mount } from './mount'

const app = mount(handlers)
let world: Awaited<ReturnType<typeof newConsole>>
let token: { authorization: string }
let cookie: { cookie: string }

beforeAll(async () => {
  world = await newConsole()
  token = await signIn(world.admin)
  cookie = await sessionCookie(world.admin)
})
afterAll(closeDatabase)

const errorOf = async (response: Response) => ({ status: response.status, ...(await response.json()) })
const me = async (headers: Record<string, string>) => {
  const response = await send('GET', '/v1/users/info', { headers })
  return response.status === 200 ? (await response.json()).userUid : response.status
}
const keyOf = async ({ actor }: Person, name = newUid()) =>
  (await createApiKey(actor, { name, expiresAt: null })).key

test('an API key, a raw token, a token after "Bearer" and a session each say who asks', async () => {
  const { id } = world.admin
  expect(await me({ ApiKey: await keyOf(world.admin) })).toBe(id)
  expect(await me(token)).toBe(id)
  expect(await me({ authorization: `Bearer ${token.authorization}` })).toBe(id)
  expect(await me(cookie)).toBe(id)
})

test('without one of them, or with one that is not ours, the answer is 401', async () => {
  expect(await me({})).toBe(401)
  expect(await me({ ApiKey: 'pyk_made-up' })).toBe(401)
  expect(await me({ authorization: 'Basic YTpi' })).toBe(401)
  expect(await me({ authorization: `${token.authorization}x` })).toBe(401)
  expect(await me({ cookie: 'next-auth.session-token=made-up' })).toBe(401)
})

test('a wrong key is not helped by a good session beside it', async () => {
  expect(await me({ ...cookie, ApiKey: 'pyk_made-up' })).toBe(401)
})

test('anybody may read what the API is', async () => {
  const answer = await send('GET', '/v1/openapi.json')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(await answer.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Packyard' } })
})

test('a key or token in the address is not taken', async () => {
  const path = `/v1/users/info?ApiKey=${await keyOf(world.admin)}&Authorization=${token.authorization}`
  expect((await send('GET', path)).status).toBe(401)
})

test('a new password ends the sessions and tokens from before', async () => {
  const { viewer } = await newConsole()
  const before = [await signIn(viewer), await sessionCookie(viewer)]
  for (const one of before) expect(await me(one)).toBe(viewer.id)
  await setPassword(viewer.id, 'another hash')
  for (const one of before) expect(await me(one)).toBe(401)
})

test('a session changes something only for a page of our own', async () => {
  const post = async (headers: Record<string, string>) =>
    (await send('POST', '/v1/dashboard/clusterprofiles', { headers: { ...cookie, ...headers }, body: {} }))
      .status
  expect(await post({ 'sec-fetch-site': 'same-origin', origin: ORIGIN })).toBe(200)
  expect(await post({ origin: ORIGIN })).toBe(200)
  expect(await post({ origin: ORIGIN, 'content-length': '2' })).toBe(200)
  expect(await post({ origin: ORIGIN, host: 'behind-a-proxy:8080' })).toBe(200)
  expect(await post({})).toBe(403)
  expect(await post({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).toBe(403)
  expect(await post({ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:4000' })).toBe(403)
  expect(await post({ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' })).toBe(403)
  expect(await post({ origin: 'null' })).toBe(403)
})

test('a key works wherever the request comes from', async () => {
  const headers = { ApiKey: await keyOf(world.admin), 'sec-fetch-site': 'cross-site' }
  expect((await send('POST', '/v1/dashboard/clusterprofiles', { headers, body: {} })).status).toBe(200)
})

test('a request keeps its id, or gets one, and an error carries it', async () => {
  const own = await send('GET', '/v1/users/info', { headers: { 'x-request-id': 'build-42.a' } })
  expect(own.headers.get('x-request-id')).toBe('build-42.a')
  expect(await errorOf(own)).toMatchObject({ ref: 'build-42.a' })
  const bad = await send('GET', '/v1/users/info', { headers: { 'x-request-id': 'a b<script>' } })
  expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('answers are not kept by browsers and proxies', async () => {
  const response = await send('GET', '/v1/users/info', { headers: token })
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('what is wrong with a request is said at its field, with 400', async () => {
  const body = { metadata: { name: ' ' }, spec: { version: '2.2.2.develop', template: { packs: [{}] } } }
  const error = await errorOf(await send('POST', '/v1/clusterprofiles', { headers: token, body }))
  expect(error).toMatchObject({ status: 400, code: 'InvalidRequest' })
  expect(Object.keys(error.details.fields).sort()).toEqual([
    'metadata.name',
    'spec.template.packs.0.name',
    'spec.version',
  ])
})

test('more labels than anybody needs are a 400', async () => {
  const labels = Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`label-${n}`, '']))
  const body = {
    metadata: { name: 'Labels', labels },
    spec: { endpoint: 'http://127.0.0.1:1', auth: { type: 'noAuth' } },
  }
  const add = () => send('POST', '/v1/registries/pack?skipPackSync=true', { headers: token, body })
  const error = await errorOf(await add())
  expect(error).toMatchObject({ status: 400, details: { fields: { 'metadata.labels': 'Use at most 256' } } })
  delete labels['label-0']
  expect((await add()).status).toBe(201)
})

test('a body that is no JSON, or of another type, is a 400', async () => {
  for (const [body, type] of [
    ['{', 'application/json'],
    ['{"filter":"\\u0000"}', 'application/json'],
    ['{"\\ud800":1}', 'application/json'],
    ['a: 1', 'application/yaml'],
  ] as const) {
    const headers = { ...token, 'content-type': type }
    const error = await errorOf(await send('POST', '/v1/packs/search', { headers, body }))
    expect(error).toMatchObject({ status: 400, code: 'InvalidRequest' })
  }
})

test('null stands for what is left out', async () => {
  const body = { filter: null, sort: null }
  expect((await send('POST', '/v1/packs/search', { headers: token, body })).status).toBe(200)
})

test('a NUL in the address is a 400', async () => {
  expect((await send('GET', '/v1/packs?filters=spec.name%3D%00', { headers: token })).status).toBe(400)
})

test('a body over the limit is a 413, whether it says its length or not', async () => {
  const body = JSON.stringify({ filter: { name: { eq: 'x'.repeat(1024 * 1024) } } })
  for (const headers of [token, { ...token, 'content-length': String(body.length) }])
    expect(await errorOf(await send('POST', '/v1/packs/search', { headers, body }))).toMatchObject({
      status: 413,
      code: 'RequestTooLarge',
    })
})

test("another tenant's things are a 404, as things that are not there", async () => {
  const other = await newConsole()
  const headers = await signIn(other.admin)
  const key = await createApiKey(world.admin.actor, { name: newUid(), expiresAt: null })
  for (const uid of [key.id, newUid()])
    expect(await errorOf(await send('GET', `/v1/apiKeys/${uid}`, { headers }))).toMatchObject({
      status: 404,
      code: 'ResourceNotFound',
    })
})

test("a project that is not the tenant's is a 404, before anything else is looked at", async () => {
  const [theirs] = await findProjects((await newTenant()).tenantId)
  const status = async (projectuid: string) =>
    (await send('POST', '/v1/dashboard/clusterprofiles', { headers: { ...token, projectuid }, body: {} }))
      .status
  expect(await status(theirs?.id ?? '')).toBe(404)
  expect(await status('no-uid')).toBe(400)
  expect(await status(world.projectId)).toBe(200)
})

test('a viewer is told which right is missing, with 403, whatever else is wrong', async () => {
  const headers = await signIn(world.viewer)
  const error = await errorOf(await send('POST', '/v1/registries/pack', { headers, body: { spec: 1 } }))
  expect(error).toMatchObject({ status: 403, code: 'OperationForbidden' })
  expect(error.message).toContain('packRegistry.create')
})

test('a name that is taken is a 409', async () => {
  const body = { metadata: { name: newUid() }, spec: {} }
  expect((await send('POST', '/v1/apiKeys', { headers: token, body })).status).toBe(201)
  const error = await errorOf(await send('POST', '/v1/apiKeys', { headers: token, body }))
  expect(error).toMatchObject({ status: 409, code: 'ResourceConflict' })
  expect(error.details.fields).toEqual({ 'metadata.name': 'Already taken' })
})

test('an API key is not renamed to a name that is taken', async () => {
  const name = newUid()
  await keyOf(world.admin, name)
  const { id } = await createApiKey(world.admin.actor, { name: newUid(), expiresAt: null })
  const path = `/v1/apiKeys/${id}`
  expect((await send('PUT', path, { headers: token, body: { metadata: { name } } })).status).toBe(409)
})

test('an API key that was switched off opens nothing until it is switched on again', async () => {
  const { id, key } = await createApiKey(world.admin.actor, { name: newUid(), expiresAt: null })
  const set = (isActive: boolean) =>
    send('PATCH', `/v1/apiKeys/${id}`, { headers: token, body: { isActive } })
  await set(false)
  expect(await me({ ApiKey: key })).toBe(401)
  await set(true)
  expect(await me({ ApiKey: key })).toBe(world.admin.id)
})

test('a registry that fails its test is a 422 with the steps, and is not saved', async () => {
  const server = await startTestRegistry({ users: { admin: 'right' } })
  const body = {
    metadata: { name: newUid() },
    spec: { endpoint: server.url, auth: { type: 'basic', username: 'admin', password: 'wrong' } },
  }
  const response = await send('POST', '/v1/registries/pack', { headers: token, body })
  const text = await response.text()
  await server.close()
  expect(text).not.toContain('wrong')
  const error = JSON.parse(text)
  expect([response.status, error.code]).toEqual([422, 'ConnectionCheckFailed'])
  const failed = error.details.steps.find((one: { status: string }) => one.status === 'failed')
  expect(failed).toMatchObject({ step: 'credentials', seen: error.message, fix: expect.any(String) })
  const list = await send('GET', '/v1/registries/pack', { headers: token })
  expect(
    (await list.json()).items.map((one: { metadata: { name: string } }) => one.metadata.name),
  ).not.toContain(body.metadata.name)
})

test('too many failed sign-ins are a 429 that says when to try again', async () => {
  const body = { emailId: `${newUid()}@example.com`, password: 'wrong' }
  let response = await send('POST', '/v1/auth/authenticate', { body })
  for (let i = 0; i < 20 && response.status === 401; i++)
    response = await send('POST', '/v1/auth/authenticate', { body })
  expect(response.status).toBe(429)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await errorOf(response)).toMatchObject({ code: 'TooManyRequests' })
})

test('an operation that is not there is a 404 in the same shape', async () => {
  expect(await errorOf(await send('GET', '/v1/nothing', { headers: token }))).toMatchObject({
    status: 404,
    code: 'ResourceNotFound',
    message: 'There is no such operation.',
  })
})

test('a request that its sender broke off is no error of ours, and a lost connection of our own is', async () => {
  const errors = vi.spyOn(log, 'error')
  const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
  const sent = (error: Error) =>
    app.fetch(
      new Request(`${ORIGIN}/v1/auth/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new ReadableStream({ pull: (body) => body.error(error) }),
        duplex: 'half',
      } as RequestInit),
    )
  expect(await errorOf(await sent(aborted))).toMatchObject({ status: 400, code: 'RequestAborted' })
  expect(errors).not.toHaveBeenCalled()
  const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  expect(await errorOf(await sent(lost))).toMatchObject({ status: 500, code: 'InternalError' })
  expect(errors).toHaveBeenCalledOnce()
  errors.mockRestore()
})
