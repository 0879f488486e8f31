import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'

import type { CatalogEntry } from '@/lib/adapters/adapter'
import { openAdapter } from '@/lib/adapters/kinds'
import { readEgressPolicy } from '@/lib/outbound/policy'
import { CATALOG_CHANGES } from '@/lib/pack-format/media-types'
import { toOciPack } from '@/lib/pack-format/oci'
import { parseConfig } from '@/registry/config/load'
import { startRegistry } from '@/registry/start'

import { deletePack, packFiles, push, pushPack } from '../support/packs'
import { startWeb } from '../support/servers'

const policy = readEgressPolicy('')
const never = new AbortController().signal

async function directory() {
  const dir = await mkdtemp(path.join(tmpdir(), 'packyard-changes-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function start(dir: string) {
  const config = parseConfig({
    log: { level: 'silent' },
    storage: { filesystem: { rootdirectory: dir } },
    http: { addr: '127.0.0.1:0' },
    auth: { none: {} },
  })
  const running = await startRegistry(config, pino({ level: 'silent' }))
  onTestFinished(() => running.close())
  return running
}

/** What a console keeps: it reads what changed, or everything, and tells how it was told. */
function follower() {
  let revision: string | null = null
  const held = new Map<string, CatalogEntry>()
  return {
    held,
    /** @param to which server is asked */
    async follow(to: string) {
      const adapter = openAdapter(
        { kind: 'pack', endpoint: to, auth: { type: 'none' }, tls: { ca: '', insecureSkipVerify: false } },
        policy,
      )
      try {
        const listing = await adapter.list(revision, never)
        if (listing === 'unchanged') return { told: 'unchanged', ...adapter.traffic }
        for (const [key, { name }] of held)
          if (!listing.changed || listing.changed.includes(name)) held.delete(key)
        for await (const one of listing.entries) held.set(`${one.name}@${one.version}`, one)
        revision = listing.revision
        return { told: listing.changed ? 'changes' : 'everything', ...adapter.traffic }
      } finally {
        await adapter.close()
      }
    },
  }
}

const sorted = (held: Map<string, CatalogEntry>) => [...held].sort(([a], [b]) => (a < b ? -1 : 1))

async function everything(url: string) {
  const one = follower()
  await one.follow(url)
  return sorted(one.held)
}

/** The same numbers in each run. */
function randomly(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

test('whoever reads only what changed holds what whoever reads everything holds, after pushes, deletions and restarts', async () => {
  const dir = await directory()
  let server = await start(dir)
  const random = randomly(7)
  const one = follower()
  const told: string[] = []
  for (let round = 0; round < 40; round++) {
    const target = { url: server.url, force: true }
    for (let i = random(4); i > 0; i--) {
      const name = `pack-${random(6)}`
      const some = sorted(one.held).filter(([, entry]) => entry.name === name)
      const gone = some[random(some.length)]?.[1]
      const version = `1.${random(3)}.${random(3)}`
      if (gone && random(3) === 0) await deletePack(target, name, gone.digest).catch(() => {})
      else if (random(4) === 0)
        await push(target, name, [version, `lts__${version}`], await toOciPack(packFiles({ name, version })))
      else await pushPack(target, { name, version, values: `a: ${random(3)}\n` })
    }
    if (random(8) === 0) {
      await server.close()
      server = await start(dir)
    }
    told.push((await one.follow(server.url)).told)
    expect(sorted(one.held)).toEqual(await everything(server.url))
  }
  expect([told[0], told.slice(1).includes('everything')]).toEqual(['everything', false])
  expect(told.filter((one) => one === 'changes').length).toBeGreaterThan(20)
})

test('a server that was restored from a copy and went on otherwise tells everything, and what is gone is gone', async () => {
  const dir = await directory()
  let server = await start(dir)
  for (const name of ['stays', 'other']) await pushPack({ url: server.url }, { name, version: '1.0.0' })
  const one = follower()
  await one.follow(server.url)
  await server.close()
  const copy = await directory()
  await cp(dir, copy, { recursive: true })
  server = await start(dir)
  await pushPack({ url: server.url }, { name: 'lost', version: '1.0.0' })
  expect(await one.follow(server.url)).toMatchObject({ told: 'changes' })
  expect([...one.held.keys()]).toContain('lost@1.0.0')
  await server.close()

  server = await start(copy)
  await pushPack({ url: server.url }, { name: 'new', version: '1.0.0' })
  expect(await one.follow(server.url)).toMatchObject({ told: 'everything' })
  expect([...one.held.keys()].sort()).toEqual(['new@1.0.0', 'other@1.0.0', 'stays@1.0.0'])
  const another = await start(await directory())
  expect(await one.follow(another.url)).toMatchObject({ told: 'everything' })
  expect(one.held.size).toBe(0)
})

test('what changed costs one request and bytes by the change, and a client that does not ask for it gets everything', async () => {
  const { url } = await start(await directory())
  for (let i = 0; i < 40; i++) await pushPack({ url }, { name: `pack-${i}`, version: '1.0.0' })
  const one = follower()
  const all = await one.follow(url)
  const revision = (await fetch(`${url}/v1/_packyard/catalog`)).headers.get('etag') ?? ''
  await pushPack({ url }, { name: 'pack-7', version: '1.0.1' })
  const few = await one.follow(url)
  expect(few).toMatchObject({ told: 'changes', requests: 1 })
  expect(few.bytes).toBeLessThan(all.bytes / 10)
  expect(await one.follow(url)).toMatchObject({ told: 'unchanged', requests: 1, bytes: 0 })

  const ask = (accept: string, etag: string) =>
    fetch(`${url}/v1/_packyard/catalog`, { headers: { accept, 'if-none-match': etag } })
  const type = async (answer: Promise<Response>) => (await answer).headers.get('content-type')
  expect(await type(ask('*/*', revision))).toBe('application/x-ndjson')
  expect(await type(ask(CATALOG_CHANGES, `W/${revision}`))).toBe(CATALOG_CHANGES)
  expect(await type(ask(CATALOG_CHANGES, '"of nothing"'))).toBe('application/x-ndjson')
})

test('changes that are not whole, of another time or not in order are not believed: everything is read', async () => {
  const digest = `sha256:${'0'.repeat(64)}`
  const version = (name: string, rest = {}) => ({ name, version: '1', digest, tags: ['1'], ...rest })
  const since = { since: '"1"' }
  const pack = (name: string, versions = 1) => ({ pack: name, versions })
  const end = (count: number) => ({ end: true, count })
  const good = [since, pack('a'), version('a'), pack('b', 0), end(2)]
  const bad: unknown[][] = [
    [],
    good.slice(0, -1),
    good.slice(1),
    [{ since: '"2"' }, ...good.slice(1)],
    [since, pack('a'), version('b'), end(1)],
    [since, pack('a', 2), version('a'), end(1)],
    [since, pack('a', 0), version('a'), end(1)],
    [since, pack('a'), version('a'), end(2)],
    [since, version('a'), end(0)],
    [since, pack('a', 0), pack('a', 0), end(2)],
    [...good, pack('c', 0)],
    [since, pack('a'), version('a', { digest: 'md5:x' }), end(1)],
    [since, pack('../a', 0), end(1)],
    ['x'],
  ]
  for (const lines of [good, ...bad]) {
    const told: string[] = []
    const text = (list: unknown[]) => list.map((line) => `${JSON.stringify(line)}\n`).join('')
    const server = await startWeb(({ headers }, response) => {
      const isFirst = told.length === 0
      told.push(String(headers['if-none-match']))
      if (!isFirst && headers['if-none-match'])
        return response.writeHead(200, { 'content-type': CATALOG_CHANGES, etag: '"2"' }).end(text(lines))
      return response
        .writeHead(200, { 'content-type': 'application/x-ndjson', etag: isFirst ? '"1"' : '"3"' })
        .end(text([version('whole'), end(1)]))
    })
    const url = `http://127.0.0.1:${server.port}`
    try {
      const one = follower()
      await one.follow(url)
      const second = await one.follow(url)
      expect([second.told, [...one.held.keys()]], JSON.stringify(lines)).toEqual(
        lines === good ? ['changes', ['whole@1', 'a@1']] : ['everything', ['whole@1']],
      )
    } finally {
      await server.close()
    }
  }
})
