import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, describe, expect, test } from 'vitest'

import type { CatalogEntry } from '@/lib/adapters/adapter'
import { openAdapter } from '@/lib/adapters/kinds'
import type { Connection, RegistryKind } from '@/lib/adapters/schema'
import { readEgressPolicy } from '@/lib/outbound/policy'
import { packChart, startChartRepository } from '../support/chart-repository'
import { startWeb, type TestServer } from '../support/servers'

const policy = readEgressPolicy('')
const DIGEST = `sha256:${'a'.repeat(64)}`
const AT_ONCE = 16
const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

const entries: CatalogEntry[] = Array.from({ length: AT_ONCE }, (_, i) => ({
  ...{ name: `pack-${i}`, version: '1.0.0', digest: DIGEST, tags: ['1.0.0'] },
}))

function open(kind: RegistryKind, { port }: TestServer, auth?: Connection['auth']) {
  const adapter = openAdapter(
    {
      kind,
      endpoint: `http://127.0.0.1:${port}`,
      auth: auth ?? { type: 'basic', username: 'admin', password: 'wrong' },
      tls: { ca: '', insecureSkipVerify: false },
    },
    policy,
  )
  opened.push(adapter)
  return adapter
}

const { signal } = new AbortController()
const askAll = (adapter: ReturnType<typeof open>) =>
  Promise.allSettled(entries.map((entry) => adapter.content(entry, async () => new Set(), signal)))
const reasons = (all: PromiseSettledResult<unknown>[]) =>
  new Set(all.map((one) => (one.status === 'rejected' ? String(one.reason.message) : 'read')))

async function startCounting(answer: (request: IncomingMessage) => [number, Record<string, string>, string]) {
  const seen: string[] = []
  const server = await startWeb(async (request, response) => {
    if (request.headers.authorization) seen.push(`${request.headers.authorization} ${request.url}`)
    await sleep(20)
    const [status, headers, body] = answer(request)
    response.writeHead(status, headers).end(body)
  })
  opened.push(server)
  return { ...server, seen }
}

describe.each(['pack', 'oci', 'helm'] as const)('a registry of the kind %s', (kind) => {
  test.each([401, 403])(
    'that answers %d gets the credentials once, however much there is to read',
    async (status) => {
      const server = await startCounting(() => [status, { 'www-authenticate': 'Basic realm="x"' }, ''])
      const adapter = open(kind, server)
      const [reason, ...others] = reasons(await askAll(adapter))
      expect(reason).toContain(String(status))
      expect(others).toEqual([])
      expect(server.seen).toHaveLength(1)
      await expect(adapter.list(null, signal)).rejects.toMatchObject({ step: 'credentials', next: 'stalled' })
      expect(server.seen).toHaveLength(1)
    },
  )

  test('that refuses a token gets it once', async () => {
    const server = await startCounting(() => [401, { 'www-authenticate': 'Bearer realm="http://x/"' }, ''])
    await askAll(open(kind, server, { type: 'token', token: 'stale' }))
    expect(server.seen).toHaveLength(1)
  })
})

test('a token server that refuses the password gets it once, and the registry behind it tells nothing of it', async () => {
  const server = await startCounting(({ url, headers: { host } }) =>
    url?.startsWith('/token')
      ? [401, {}, '']
      : [401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="x"` }, ''],
  )
  const told = reasons(await askAll(open('oci', server)))
  expect([...told]).toEqual(['The registry refused the credentials (401).'])
  expect(server.seen.filter((one) => one.includes('/token'))).toHaveLength(1)
})

test('a password that is changed in the middle goes out no more after the first refusal was read', async () => {
  const charts = await Promise.all(entries.map(({ name }) => packChart({ name, version: '1.0.0' })))
  const repository = await startChartRepository(charts)
  opened.push(repository)
  repository.user = { name: 'admin', password: 'right' }
  const adapter = open(
    'helm',
    { port: Number(new URL(repository.url).port), close: async () => {} },
    {
      ...{ type: 'basic', username: 'admin', password: 'right' },
    },
  )
  const listing = await adapter.list(null, signal)
  if (listing === 'unchanged') throw new Error('It cannot be unchanged')
  const listed: CatalogEntry[] = []
  for await (const entry of listing.entries) listed.push(entry)
  expect(listed).toHaveLength(AT_ONCE)
  repository.user.password = 'changed'
  const [one, ...rest] = listed as [CatalogEntry, ...CatalogEntry[]]
  const ask = (entry: CatalogEntry) => adapter.content(entry, async () => new Set(), signal)
  await expect(ask(one)).rejects.toThrow('401')
  const before = repository.seen.length
  for (const entry of rest) await expect(ask(entry)).rejects.toThrow('401')
  expect(repository.seen).toHaveLength(before)
})

test('credentials that are taken hold nothing up: what comes after the first goes together', async () => {
  let [running, most] = [0, 0]
  const server = await startWeb(async (_request, response) => {
    most = Math.max(most, ++running)
    await sleep(30)
    running--
    response.writeHead(404).end()
  })
  opened.push(server)
  await askAll(open('oci', server))
  expect(most).toBeGreaterThan(4)
})
