import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { createApiKey } from '@/lib/access/api-keys'
import { closeDatabase } from '@/lib/db/in-tenant'
import { addSynced } from '../tests/support/catalog'
import { bundleCli, type CliRun, runCli } from '../tests/support/cli'
import { newConsole, serveApi } from '../tests/support/console'
import { pushPack } from '../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../tests/support/registry'

let root: string
let file: string
let server: Awaited<ReturnType<typeof serveApi>>
let registries: [TestRegistry, TestRegistry]
let env: Record<string, string>
let uids: [string, string]

const values = (replicas: number) => `# how many\nreplicas: ${replicas}\nname:\tdash\n`

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'packyard-cli-packs-'))
  file = await bundleCli(root)
  server = await serveApi()
  registries = [await startTestRegistry(), await startTestRegistry()]
  const dash = (version: string, replicas: number) => ({
    ...{ name: 'dash', version, values: values(replicas), readme: '# Dash\n\nDraws metrics.\n' },
    rest: {
      displayName: 'Dashboard',
      addonType: 'monitoring',
      annotations: { description: 'Draws metrics' },
    },
  })
  await pushPack(registries[0], dash('1.0.0', 1))
  await pushPack(registries[0], dash('1.1.0', 2))
  await pushPack(registries[0], { name: 'calico', version: '3.30.0', layer: 'cni' })
  await pushPack(registries[1], dash('1.0.0', 3))
  const { admin } = await newConsole()
  uids = [await addSynced(admin.actor, registries[0].url), await addSynced(admin.actor, registries[1].url)]
  const { key } = await createApiKey(admin.actor, { name: 'cli', expiresAt: null })
  env = { PACKYARD_CONSOLE_URL: server.url, PACKYARD_API_KEY: key }
}, 60_000)
afterAll(async () => {
  await Promise.all([server?.close(), ...(registries ?? []).map((one) => one.close()), closeDatabase()])
  await rm(root, { recursive: true, force: true })
})

const run = (...args: string[]): Promise<CliRun> =>
  runCli(file, path.join(root, 'home'), ['console', 'packs', ...args], '', env)

test('packs are searched by words and narrowed by options, as a table and as JSON', async () => {
  const all = await run('search')
  expect(all).toMatchObject({ code: 0, stderr: '' })
  expect(all.stdout).toMatch(/^NAME +NEWEST +LAYER/)
  expect(all.stdout).toMatch(/^dash +1\.1\.0 +addon +monitoring +active +3 +/m)
  expect((await run('search', 'metrics', '--layer', 'cni')).stdout).toContain('No pack fits.')
  const json = await run('search', 'metr', '--type', 'monitoring', '--registry', uids[1], '--output', 'json')
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ count: 1, isAlike: false },
    packs: [{ name: 'dash', newestVersion: '1.0.0', registries: [{ uid: uids[1] }] }],
  })
  const cut = await run('search', '--limit', '1', '--layer', 'cni', '--layer', 'addon')
  expect(cut.stdout).toMatch(/^calico .*\nThe first 1 of 2\. --limit shows more\.$/m)
})

test('what cannot be meant is wrong use, and what is not there is not found', async () => {
  for (const args of [
    ['search', '--layer', 'roof'],
    ['search', '--limit', '0'],
    ['show', 'dash@'],
    ['show', 'dash', '--values', '--readme'],
    ['diff', 'dash@1.0.0'],
  ])
    expect(await run(...args), args.join(' ')).toMatchObject({ code: 2, stdout: '' })
  for (const [name, says] of [
    ['nothing', 'No registry carries a pack named nothing.'],
    ['dash@9.9.9', 'No registry has dash in version 9.9.9.'],
  ] as const) {
    const shown = await run('show', name, '--output', 'json')
    expect(shown).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(shown.stderr).error).toMatchObject({ code: 'not_found', message: says })
  }
})

test('a version is shown with its facts, and its values and README as they stand', async () => {
  const facts = await run('show', 'dash')
  expect(facts).toMatchObject({ code: 0, stderr: '' })
  expect(facts.stdout).toMatch(/^Version +1\.1\.0, /m)
  expect(facts.stdout).toMatch(/^Description +Draws metrics$/m)
  expect((await run('show', 'dash@1.0.0', '--registry', uids[1], '--values')).stdout).toBe(values(3))
  expect((await run('show', 'dash@1.0.x', '--registry', uids[0], '--values')).stdout).toBe(values(1))
  expect((await run('show', 'dash', '--files')).stdout).toMatch(/^\d+ bytes +text +values\.yaml$/m)
  expect((await run('show', 'dash', '--readme')).stdout).toBe('# Dash\n\nDraws metrics.\n')
})

test('two versions are compared: what it means, then the lines, and the exit code where it is asked for', async () => {
  const diff = await run('diff', 'dash@1.0.0', 'dash@1.1.0', '--registry', uids[0])
  expect(diff).toMatchObject({ code: 0, stderr: '' })
  expect(diff.stdout).toContain('\n1 default changed.\n')
  expect(diff.stdout).toContain(
    '\n--- 1.0.0/values.yaml\n+++ 1.1.0/values.yaml\n@@ -1,3 +1,3 @@\n # how many\n-replicas: 1\n+replicas: 2\n name:\tdash\n',
  )
  expect((await run('diff', 'dash@1.0.0', 'dash@1.1.0', '--summary')).stdout).not.toContain('@@')
  expect((await run('diff', 'dash@1.0.0', 'dash@1.1.0', '--exit-code')).code).toBe(1)
  expect((await run('diff', 'dash@1.1.0', 'dash', '--exit-code')).code).toBe(0)
})

test('one version in two registries is compared, and the sides are called by them', async () => {
  const [one, other] = uids
  const diff = await run('diff', 'dash@1.0.0', 'dash@1.0.0', '--registry', one, '--registry', other)
  expect(diff.stdout).toContain('-replicas: 1\n+replicas: 3\n')
  const json = await run(
    'diff',
    'dash@1.0.0',
    'dash@1.0.0',
    '--registry',
    one,
    '--registry',
    other,
    '-o',
    'json',
  )
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ left: { registryUid: one }, right: { registryUid: other } },
    values: { changed: 1, changes: [{ path: 'replicas', from: '1', to: '3' }] },
    diffs: [{ path: 'values.yaml' }],
  })
})
