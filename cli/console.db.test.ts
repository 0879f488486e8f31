import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { createApiKey } from '@/lib/access/api-keys'
import { closeDatabase } from '@/lib/db/in-tenant'
import { adapterOf } from '@/lib/registries/adapter'
import { runSync } from '@/lib/sync/run'
import { packChart, startChartRepository } from '../tests/support/chart-repository'
import { bundleCli, type CliRun, runCli } from '../tests/support/cli'
import { newConsole, type Person, serveApi } from '../tests/support/console'
import { pushPack } from '../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../tests/support/registry'
import { closedPort } from '../tests/support/servers'

let root: string
let file: string
let server: Awaited<ReturnType<typeof serveApi>>
let registry: TestRegistry
let admin: Person
let viewer: Person
let tenantId: string

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'packyard-cli-console-'))
  file = await bundleCli(root)
  server = await serveApi()
  registry = await startTestRegistry({ users: { admin: 'open-sesame-1' } })
  await pushPack(
    { url: registry.url, user: 'admin', password: 'open-sesame-1' },
    { name: 'one', version: '1.0.0' },
  )
  ;({ admin, viewer, tenantId } = await newConsole())
})
afterAll(async () => {
  await Promise.all([server?.close(), registry?.close(), closeDatabase()])
  await rm(root, { recursive: true, force: true })
})

let homes = 0
const run = (home: string, args: string[], input?: string): Promise<CliRun> =>
  runCli(file, home, ['console', ...args], input)

async function loggedIn(person = admin): Promise<string> {
  const home = path.join(root, `home-${++homes}`)
  const { key } = await createApiKey(person.actor, { name: `cli-${homes}`, expiresAt: null })
  expect(await run(home, ['login', server.url, '--api-key-stdin'], `${key}\n`)).toMatchObject({ code: 0 })
  return home
}
const ADD = ['--username', 'admin', '--password-stdin']

test('a login is proved, kept readable by its owner alone, and a wrong key is not kept', async () => {
  const home = await loggedIn()
  const config = path.join(home, 'config.json')
  expect((await stat(config)).mode & 0o777).toBe(0o600)
  const wrong = path.join(root, 'home-wrong')
  const refused = await run(wrong, ['login', server.url, '--api-key-stdin'], 'pyk_wrong')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain('does not take the API key')
  await expect(stat(path.join(wrong, 'config.json'))).rejects.toThrow()
  expect(await run(home, ['logout'])).toMatchObject({ code: 0 })
  expect(await readFile(config, 'utf8')).not.toContain('"console"')
})

test('a registry is tested, added, synced to its end, listed and deleted', async () => {
  const home = await loggedIn()
  const tested = await run(home, ['registries', 'test', registry.url, ...ADD], 'open-sesame-1')
  expect(tested).toMatchObject({ code: 0, stderr: '' })
  expect(tested.stdout).toMatch(/ok +One pack readable +\d+ ms/)
  expect(await run(home, ['registries', 'add', 'ours', registry.url, ...ADD], 'open-sesame-1')).toMatchObject(
    {
      code: 0,
      stdout: 'Added ours. Its first sync begins now.\n',
    },
  )
  const listed = await run(home, ['registries', 'ls', '--output', 'json'])
  const [one] = JSON.parse(listed.stdout).registries
  expect(one).toMatchObject({ name: 'ours', kind: 'pack', packs: 0 })
  // What the worker does.
  const waiting = run(home, ['registries', 'sync', 'ours', '--wait'])
  await runSync(tenantId, one.uid, adapterOf, new AbortController().signal)
  await new Promise((done) => setTimeout(done, 300))
  await runSync(tenantId, one.uid, adapterOf, new AbortController().signal)
  expect(await waiting).toMatchObject({ code: 0, stdout: expect.stringContaining('Synced ours: ') })
  expect((await run(home, ['registries', 'ls'])).stdout).toMatch(/^ours +pack +\w+ +1 +1 +http/m)
  expect(await run(home, ['registries', 'test', 'ours'])).toMatchObject({ code: 0 })
  expect(await run(home, ['registries', 'rm', 'ours'])).toMatchObject({ code: 0 })
  expect((await run(home, ['registries', 'test', 'ours'])).stderr).toContain('has no registry named ours')
})

test('a sync that no worker takes up is waited for as long as was asked, and ends with a code of its own', async () => {
  const home = await loggedIn()
  await run(home, ['registries', 'add', 'unworked', registry.url, ...ADD], 'open-sesame-1')
  const late = await run(home, ['registries', 'sync', 'unworked', '--wait', '--timeout', '0.02'])
  expect(late).toMatchObject({ code: 124, stdout: '' })
  expect(late.stderr).toContain('The sync of unworked has not begun in 1 s.')
  expect(late.stderr).toContain('Check that a worker runs')
  const wrong = async (...args: string[]) =>
    (await run(home, ['registries', 'sync', 'unworked', ...args])).code
  expect(await wrong('--wait', '--timeout', 'soon')).toBe(2)
  expect(await wrong('--wait', '--timeout', '0')).toBe(2)
  expect(await wrong('--timeout', '1')).toBe(2)
  await run(home, ['registries', 'rm', 'unworked'])
})

test('a version that cannot be read is named with its reason, and the list says that something is missing', async () => {
  const home = await loggedIn()
  const [good, lost] = [
    await packChart({ name: 'good', version: '1.0.0' }),
    await packChart({ name: 'lost', version: '2.0.0' }),
  ]
  const charts = await startChartRepository([good, lost])
  charts.files.delete(lost.file)
  try {
    const added = await run(home, [
      ...['registries', 'add', 'charts', charts.url, '--kind', 'helm', '--output', 'json'],
    ])
    const { uid } = JSON.parse(added.stdout)
    const waiting = run(home, ['registries', 'sync', 'charts', '--wait'])
    let isOver = false
    void waiting.finally(() => {
      isOver = true
    })
    while (!isOver) {
      await runSync(tenantId, uid, adapterOf, new AbortController().signal)
      await new Promise((done) => setTimeout(done, 300))
    }
    expect((await waiting).stdout).toMatch(/ 1 failed\.\nlost 2\.0\.0: .*404/)
    expect((await run(home, ['registries', 'ls'])).stdout).toMatch(/^charts: 1 version could not be read\./m)
    await run(home, ['registries', 'rm', 'charts'])
  } finally {
    await charts.close()
  }
})

test('a step that fails is named with what was seen and what to do, in text and in JSON, and nothing is saved', async () => {
  const home = await loggedIn()
  const nobody = `http://127.0.0.1:${await closedPort()}`
  const text = await run(home, ['registries', 'test', nobody])
  expect(text).toMatchObject({ code: 1, stdout: '' })
  expect(text.stderr).toMatch(/FAILED +TCP connection/)
  expect(text.stderr).toMatch(/-+ +Catalog readable/)
  const json = await run(home, ['registries', 'add', 'nobody', nobody, '--output', 'json'])
  expect(json.code).toBe(1)
  const { error } = JSON.parse(json.stderr)
  expect(error).toMatchObject({
    code: 'check_failed',
    message: expect.stringContaining('Nothing was saved.'),
  })
  expect(error.steps.find((step: { status: string }) => step.status === 'failed')).toMatchObject({
    step: 'connection',
  })
  expect((await run(home, ['registries', 'ls'])).stdout).not.toContain('nobody')
})

test('who may only look may list, and is told why they may not add', async () => {
  const home = await loggedIn(viewer)
  expect(await run(home, ['registries', 'ls'])).toMatchObject({ code: 0 })
  const refused = await run(home, ['registries', 'add', 'mine', registry.url])
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stderr).toContain('Ask an admin of the tenant.')
})

test('a key goes to no console but the one that it was kept for', async () => {
  const home = await loggedIn()
  const other = await serveApi()
  try {
    const run = await runCli(file, home, ['console', 'registries', 'ls'], '', {
      PACKYARD_CONSOLE_URL: other.url,
    })
    expect(run).toMatchObject({ code: 2 })
    expect(run.stderr).toContain(`There is no API key for ${other.url}`)
  } finally {
    await other.close()
  }
})
