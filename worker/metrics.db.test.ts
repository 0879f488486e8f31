import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { closeDatabase, operatorSql } from '../lib/db/in-tenant'
import { answerMetrics } from '../lib/metrics'
import { adapterOf } from '../lib/registries/adapter'
import { addRegistry } from '../lib/registries/add'
import { stateOf } from '../lib/registries/state'
import { runSync } from '../lib/sync/run'
import { countRegistries } from '../lib/sync/store/figures'
import { newConsole, send, signIn } from '../tests/support/console'
import { pushPack } from '../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../tests/support/registry'
import { closedPort } from '../tests/support/servers'
import { registryInput } from '../tests/support/tenant'
import { serveMetrics } from './metrics'

const TOKEN = 'a token of an operator'
process.env.PACKYARD_METRICS_TOKEN = TOKEN

let registry: TestRegistry
let world: Awaited<ReturnType<typeof newConsole>>
let url: string
let end: () => void

beforeAll(async () => {
  registry = await startTestRegistry({ users: { admin: 'open-sesame-1' } })
  await pushPack(
    { url: registry.url, user: 'admin', password: 'open-sesame-1' },
    { name: 'one', version: '1.0.0' },
  )
  world = await newConsole()
  const port = await closedPort()
  end = await serveMetrics(`127.0.0.1:${port}`)
  url = `http://127.0.0.1:${port}`
})
afterAll(async () => {
  end()
  await registry.close()
  await closeDatabase()
})

const read = async (path = '/metrics', token = TOKEN) => {
  const answer = await fetch(url + path, { headers: token ? { authorization: `Bearer ${token}` } : {} })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}
const numberOf = (text: string, series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1] ?? 0,
  )

test('only whoever brings the token reads the metrics, and nothing else is served', async () => {
  expect((await read('/metrics', '')).status).toBe(401)
  expect((await read('/metrics', 'a token of somebody')).status).toBe(401)
  expect((await read('/')).status).toBe(404)
  const { status, type, text } = await read()
  expect([status, type]).toEqual([200, expect.stringMatching(/^text\/plain; version=0\.0\.4/)])
  for (const name of ['process_cpu_seconds_total', 'process_open_fds', 'nodejs_eventloop_lag_seconds'])
    expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'))
  expect((await answerMetrics(null)).status).toBe(401)
})

test('requests are counted by operation and status, those to no operation together', async () => {
  const before = (await read()).text
  const token = await signIn(world.admin)
  await send('GET', '/v1/users/info', { headers: token })
  await send('GET', '/v1/users/info')
  await send('GET', '/v1/nobody/knows/this')
  const { text } = await read()
  const grown = (series: string) => numberOf(text, series) - numberOf(before, series)
  expect(grown('packyard_http_requests_total{operation="whoAmI",status="200"}')).toBe(1)
  expect(grown('packyard_http_requests_total{operation="whoAmI",status="401"}')).toBe(1)
  expect(grown('packyard_http_requests_total{operation="none",status="404"}')).toBe(1)
  expect(grown('packyard_http_request_duration_seconds_count{operation="whoAmI"}')).toBe(2)
})

test('syncs are counted by how they ended, with their time, and nobody is named', async () => {
  const before = (await read()).text
  const auth = { type: 'basic' as const, username: 'admin', password: 'open-sesame-1' }
  const { id } = await addRegistry(
    world.admin.actor,
    registryInput(registry.url, { name: 'Of a tenant', auth }),
  )
  const sync = async () => {
    await runSync(world.tenantId, id, adapterOf, new AbortController().signal)
    await operatorSql().query('UPDATE registry SET due_at = now() WHERE id = $1', [id])
  }
  await sync()
  await sync()
  await registry.close()
  await sync()
  const { text } = await read()
  const grown = (series: string) => numberOf(text, series) - numberOf(before, series)
  for (const outcome of ['completed', 'unchanged', 'failed']) {
    expect(grown(`packyard_syncs_total{outcome="${outcome}"}`), outcome).toBe(1)
    expect(grown(`packyard_sync_duration_seconds_count{outcome="${outcome}"}`), outcome).toBe(1)
  }
  for (const secret of ['Of a tenant', 'open-sesame-1', TOKEN, world.tenantId, id, registry.url])
    expect(text).not.toContain(secret)
})

test('registries are counted by the state that people see, with those that are due and for how long', async () => {
  // Other tests change registries of the same database meanwhile.
  await vi.waitFor(async () => {
    const figures = await countRegistries()
    const { rows } = await operatorSql().query(
      `SELECT paused, run_id AS "runId", requested_by AS "requestedBy", last_outcome AS "lastOutcome", due_at AS "dueAt",
         (SELECT count(*)::int FROM sync_failure f WHERE f.registry_id = r.id) AS failing, holding::int AS held
       FROM registry r`,
    )
    const states = rows.map((row) => stateOf(row))
    for (const [state, number] of Object.entries(figures.states))
      expect(number, state).toBe(states.filter((one) => one === state).length)
    expect(figures.states.failing).toBeGreaterThan(0)
    expect(figures.due).toBeGreaterThan(0)
    expect(figures.lagSeconds).toBeGreaterThan(0)
    const { text } = await read()
    expect(numberOf(text, 'packyard_registries{state="failing"}')).toBe(figures.states.failing)
    expect(numberOf(text, 'packyard_registries_due')).toBe(figures.due)
  }, 20_000)
})
