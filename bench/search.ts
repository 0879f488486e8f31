/**
 * `npm run bench:search -- [--sizes 1000,10000,100000] [--requests 200]`
 *
 * Measures searches of the catalog over HTTP, with everything real: an embedded PostgreSQL and the built console, each a
 * process of its own. Sizes are versions, five to a pack. Prints one JSON object: for each size and kind of search the
 * median and the 99th percentile over HTTP, and the same of the bare statement that finds the packs.
 */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

import { Agent, Pool, request } from 'undici'

import { build } from '../tools/build.mjs'
import { kinds, VERSIONS } from './search-kinds'
import { inWorld, machine, newBenchTenant, percentile, round, say, type World } from './world'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    requests: { type: 'string', default: '200' },
  },
})
const REQUESTS = Number(options.requests)
const WARM_UP = 20
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
/** Of a server that only answers: the part of its requests a second that a list is answered at least. */
const THROUGHPUT_GOAL = 0.25
const CLIENTS = 16
const THROUGHPUT_MS = 4_000

async function measure(work: (i: number) => Promise<unknown>) {
  const times: number[] = []
  for (let i = -WARM_UP; i < REQUESTS; i++) {
    const began = performance.now()
    await work(i + WARM_UP)
    if (i >= 0) times.push(performance.now() - began)
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

async function measureSize(world: World, size: number, digit: string) {
  const { packsBy } = await import('@/lib/api/handlers/packs')
  const { pageTokenOf } = await import('@/lib/api/wire/list')
  const { url, app } = world
  const packs = Math.ceil(size / VERSIONS)
  const { tenantId, key, writeSeconds } = await newBenchTenant(world, packs, VERSIONS, digit)
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
  const throughput = await measureThroughput(url, key)
  say(`${size} throughput: ${JSON.stringify(throughput)}`)
  return { versions: size, packs, writeSeconds, isMet, results, throughput }
}

/** Requests a second of one list by several clients, beside those of a server that only answers as many bytes. */
async function measureThroughput(url: string, key: string) {
  const ask = { path: '/v1/packs/search?limit=10', method: 'POST', body: '{"filter":{}}' } as const
  const headers = { apikey: key, 'content-type': 'application/json' }
  const first = await request(url + ask.path, { ...ask, headers })
  const answer = Buffer.from(await first.body.arrayBuffer())
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => outgoing.end(answer))
  })
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const perSecond = async (origin: string) => {
    const pool = new Pool(origin, { connections: CLIENTS })
    const end = performance.now() + THROUGHPUT_MS
    let done = 0
    const client = async () => {
      for (; performance.now() < end; done++) await (await pool.request({ ...ask, headers })).body.dump()
    }
    await Promise.all(Array.from({ length: CLIENTS }, client))
    await pool.close()
    return round(done / (THROUGHPUT_MS / 1000))
  }
  try {
    const [list, bare] = [await perSecond(url), await perSecond(`http://127.0.0.1:${port}`)]
    return { list, bare, ratio: round(list / bare), goalRatio: THROUGHPUT_GOAL }
  } finally {
    server.close()
  }
}

await build(say)
const sizes = await inWorld('bench-search', async (world) => {
  const measured = []
  for (const [i, size] of options.sizes.split(',').filter(Boolean).map(Number).entries())
    measured.push(await measureSize(world, size, i.toString(16)))
  return measured
})
process.stdout.write(`${JSON.stringify({ machine: machine(), sizes }, null, 2)}\n`)
if (sizes.some(({ versions, isMet }) => versions === GATED && !isMet)) process.exitCode = 1
