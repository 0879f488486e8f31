/**
 * `npm run bench:search -- [--sizes 1000,10000,100000] [--requests 200]`
 *
 * Measures searches of the catalog over HTTP, with everything real: an embedded PostgreSQL and the built console, each a
 * process of its own. Sizes are versions, five to a pack. Prints one JSON object: for each size and kind of search the
 * median and the 99th percentile over HTTP, and the same of the bare statement that finds the packs.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import pg from 'pg'
import { Agent, request } from 'undici'

import { build } from '../tools/build.mjs'
import { ensureRoles } from '../tools/database-roles.mjs'
import { startEmbedded } from '../tools/embedded-database.mjs'
import { migrate } from '../tools/migrate.mjs'
import { uidOf, writeCatalog } from './made-catalog'
import { kinds, VERSIONS } from './search-kinds'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    requests: { type: 'string', default: '200' },
  },
})
const DIR = path.resolve('.cache/bench-search')
const REQUESTS = Number(options.requests)
const WARM_UP = 20
const START_MS = 60_000
/** p99 in milliseconds over HTTP, at most, by the size in versions and the first of these that names the kind. */
const GOALS: Record<number, [kind: RegExp, p99: number][]> = {
  100000: [
    [/^(?:rare word|exact name)$/, 10],
    [/^(?:all packs|one layer|deep page|facets of (?:all|a choice))$/, 8],
    [/^pack with README$/, 3],
    [/./, 25],
  ],
  1000000: [
    [/^(?:rare word|exact name)$/, 20],
    [/^typo$/, 60],
    [/^(?:all packs|one layer|deep page|facets of (?:all|a choice))$/, 15],
    [/^pack with README$/, 3],
    [/./, 50],
  ],
}
/** A size whose goals have to be met: the others are told. */
const GATED = 100_000

const say = (text: string) => process.stderr.write(`${text}\n`)
const round = (value: number) => Number(value.toFixed(2))

const percentiles = (times: number[]) => {
  times.sort((a, b) => a - b)
  const at = (part: number) => round(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0)
  return { p50: at(0.5), p99: at(0.99) }
}

async function measure(work: (i: number) => Promise<unknown>) {
  const times: number[] = []
  for (let i = -WARM_UP; i < REQUESTS; i++) {
    const began = performance.now()
    await work(i + WARM_UP)
    if (i >= 0) times.push(performance.now() - began)
  }
  return percentiles(times)
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

async function startConsole(env: Record<string, string>, url: string): Promise<ChildProcess> {
  const { port } = new URL(url)
  const child = spawn(process.execPath, ['dist/console/server.js'], {
    env: { ...process.env, ...env, PORT: port, HOSTNAME: '127.0.0.1' } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (const end = Date.now() + START_MS; ; await new Promise((done) => setTimeout(done, 100))) {
    if (child.exitCode !== null || Date.now() > end) throw new Error('The console does not start')
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return child
  }
}

interface World {
  url: string
  owner: pg.Client
  app: pg.Client
}

/** A tenant of its own in the one database, as many live side by side. */
async function measureSize({ url, owner, app }: World, size: number, digit: string) {
  const { newTenant } = await import('../tests/support/tenant')
  const { createApiKey } = await import('@/lib/access/api-keys')
  const { insertUser } = await import('@/lib/access/store')
  const { packsBy } = await import('@/lib/api/handlers/packs')
  const { pageTokenOf } = await import('@/lib/api/wire/list')
  const packs = Math.ceil(size / VERSIONS)
  const { tenantId, admin: actor } = await newTenant()
  const email = `${actor.id}@bench.example`
  await insertUser({ id: actor.id, tenantId, email, name: 'bench', passwordHash: '', role: 'tenant-admin' })
  const { key } = await createApiKey(actor, { name: 'bench', expiresAt: null })
  for (let i = 0; i < 3; i++)
    await owner.query(
      `INSERT INTO registry (id, tenant_id, name, kind, endpoint, auth_type)
       VALUES ($1, $2, $3, 'pack', 'http://bench.example', 'none')`,
      [uidOf(`c${digit}`, i), tenantId, `registry-${i}`],
    )
  const began = performance.now()
  await writeCatalog(owner, tenantId, packs, VERSIONS, digit)
  const writeSeconds = round((performance.now() - began) / 1000)
  say(`${size} versions written in ${writeSeconds} s`)

  await app.query(`SET packyard.tenant_id = '${tenantId}'`)
  const agent = new Agent({ connections: 1 })
  const byName = packsBy(tenantId, [{ field: 'name', descending: false }])
  const results: Record<string, object> = {}
  let isMet = true
  for (const [kind, askedOf] of Object.entries(
    kinds(packs, digit, (name) => pageTokenOf({ after: [name, name] }, byName)),
  )) {
    const http = await measure(async (i) => {
      const { method, path: at, body } = askedOf(i)
      const response = await request(url + at, {
        ...{ method, dispatcher: agent },
        headers: { apikey: key, ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body),
      })
      const text = await response.body.text()
      if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${text.slice(0, 500)}`)
    })
    const bare = askedOf(0).text
      ? await measure((i) =>
          app.query(
            'SELECT * FROM packyard_find_packs($1, NULL, NULL, NULL, NULL, NULL, $2, $2, $3, $3, 1001)',
            [askedOf(i).text, ['s:active', 's:deprecated'], packs],
          ),
        )
      : null
    const [, goalP99 = null] = GOALS[size]?.find(([of]) => of.test(kind)) ?? []
    if (goalP99 !== null && http.p99 > goalP99) isMet = false
    results[kind] = { ...http, goalP99, ...(bare && { bareP50: bare.p50, bareP99: bare.p99 }) }
    say(`${size} ${kind}: ${JSON.stringify(results[kind])}`)
  }

  await agent.close()
  return { versions: size, packs, writeSeconds, isMet, results }
}

await build(say)
rmSync(DIR, { recursive: true, force: true })
const database = await startEmbedded(DIR, { database: 'bench' })
let child: ChildProcess | undefined
try {
  const url = `http://127.0.0.1:${await freePort()}`
  await migrate(database.url)
  const env: Record<string, string> = {
    ...(await ensureRoles(database.url, DIR)),
    PACKYARD_SECRET_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    NEXTAUTH_SECRET: randomBytes(32).toString('hex'),
    NEXTAUTH_URL: url,
    PACKYARD_URL: url,
    PACKYARD_LOG_LEVEL: 'error',
  }
  Object.assign(process.env, env)
  const owner = new pg.Client({ connectionString: database.url })
  const app = new pg.Client({ connectionString: env.DATABASE_APP_URL })
  await Promise.all([owner.connect(), app.connect()])
  child = await startConsole(env, url)
  const sizes = []
  for (const [i, size] of options.sizes.split(',').filter(Boolean).map(Number).entries())
    sizes.push(await measureSize({ url, owner, app }, size, i.toString(16)))
  const { closeDatabase } = await import('@/lib/db/in-tenant')
  await Promise.all([owner.end(), app.end(), closeDatabase()])
  const [cpu] = os.cpus()
  const machine = {
    cpu: cpu?.model,
    cpus: os.cpus().length,
    node: process.version,
    load: os.loadavg().map(round),
  }
  process.stdout.write(`${JSON.stringify({ machine, sizes }, null, 2)}\n`)
  if (sizes.some(({ versions, isMet }) => versions === GATED && !isMet)) process.exitCode = 1
} finally {
  if (child?.kill('SIGTERM')) await once(child, 'exit')
  await database.stop()
}
