import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type OperationId, ROUTES } from '@/lib/api/routes'
import { closeDatabase } from '@/lib/db/in-tenant'
import { NO_TEXTS, ODD_NAMES, QUERIES, TOO_LONG } from '../hostile-bytes/queries'
import { addSynced } from '../support/catalog'
import { newConsole, send, sessionCookie } from '../support/console'
import { pushPack } from '../support/packs'
import { startTestRegistry, type TestRegistry } from '../support/registry'

/** Of one answer, however odd the question; a busy machine takes its time. */
const MOST_MS = 8_000

let registry: TestRegistry
let headers: Record<string, string>
let strangersHeaders: Record<string, string>
let registryUid: string

/** Packs whose names mean something elsewhere, and whose display names need many bytes. */
const PACKS = [
  ...['constructor', 'tostring', 'null', 'calico'].map((name) => ({ name, displayName: name })),
  ...Array.from({ length: 4 }, (_, i) => ({ name: `long-${i}`, displayName: '網'.repeat(255) + i })),
  { name: 'percent', displayName: '100 % of_it \\ all' },
]

const browser = async (person: Awaited<ReturnType<typeof newConsole>>['admin']) => ({
  ...(await sessionCookie(person)),
  'sec-fetch-site': 'same-origin',
})

beforeAll(async () => {
  registry = await startTestRegistry()
  for (const { name, displayName } of PACKS)
    await pushPack(registry, { name, version: '1.0.0', rest: { displayName } })
  const [own, other] = [await newConsole(), await newConsole()]
  headers = await browser(own.admin)
  strangersHeaders = await browser(other.admin)
  registryUid = await addSynced(own.admin.actor, registry.url)
  await addSynced(other.admin.actor, registry.url)
}, 60_000)
afterAll(async () => {
  await registry.close()
  await closeDatabase()
})

interface Given {
  status: number
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: what is looked at differs from test to test
  body: any
}

/** Asks, and expects what holds for every question: an answer in time that tells nothing of what is inside. */
async function ask(
  id: OperationId,
  {
    path = {},
    query = {},
    body,
    as = headers,
  }: {
    path?: Record<string, string>
    query?: Record<string, string>
    body?: unknown
    as?: Record<string, string>
  } = {},
): Promise<Given> {
  const [method, route] = ROUTES[id]
  const address = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const search = new URLSearchParams(query)
  const began = performance.now()
  const answer = await send(method, `${address}${search.size > 0 ? `?${search}` : ''}`, { headers: as, body })
  const text = await answer.text()
  expect(performance.now() - began).toBeLessThan(MOST_MS)
  expect([200, 400, 404], `${id}: ${text.slice(0, 500)}`).toContain(answer.status)
  if (answer.status !== 200)
    expect(text).not.toMatch(/prisma|postgres|syntax error|SELECT |pack_version|node_modules/i)
  const isJson = answer.headers.get('content-type')?.includes('json')
  return { status: answer.status, text, body: isJson ? JSON.parse(text) : null }
}

const named = (given: Given) => given.body.items.map((one: { spec: { name: string } }) => one.spec.name)
const search = (filter: unknown, rest = {}) => ask('searchPacks', { body: { filter, ...rest } })

describe('a search for', () => {
  test.each(Object.entries(QUERIES))(
    '%s is answered by every door, and in no more than it found',
    async (_, text) => {
      const all = PACKS.length
      for (const filter of [
        { packyard: { text } },
        { packyard: { text, newestFirst: true } },
        { name: { contains: text } },
        { displayName: { beginsWith: text, ignoreCase: false } },
        { name: { eq: text } },
      ]) {
        const found = await search(filter)
        expect(found.status).toBe(200)
        expect(found.body.listmeta.count).toBe(found.body.items.length)
        const counted = await ask('countPackFacets', { body: { filter } })
        expect(counted.status).toBe(200)
        expect((await ask('exportPacks', { body: { filter }, query: { format: 'json' } })).status).toBe(200)
        // Wildcards and signs stand for themselves: what is written nowhere is found nowhere.
        if (text.trim() !== '' && !/[a-z0-9\p{L}]/iu.test(text) && 'packyard' in filter)
          expect(found.body.items).toEqual([])
        expect(found.body.items.length).toBeLessThanOrEqual(all)
      }
      await search({
        addOnType: [text],
        registryUid: [text],
        environment: [text],
        state: [text],
        source: [text],
      })
      await ask('listPackVersions', { query: { filters: `spec.name=${text}` } })
      await ask('readPackInRegistry', {
        path: { packName: text || 'x', registryUid },
        query: { states: text, layer: text.slice(0, 32) },
      })
      await ask('listChanges', { query: { name: text } })
    },
  )

  test.each(Object.entries(NO_TEXTS))('%s is refused as no text', async (_, text) => {
    for (const filter of [{ packyard: { text } }, { name: { contains: text } }, { state: [text] }])
      for (const id of ['searchPacks', 'countPackFacets', 'exportPacks'] as const)
        expect(await ask(id, { body: { filter } })).toMatchObject({
          status: 400,
          body: { message: expect.stringContaining('no text') },
        })
    // An address holds whole characters only: halves arrive as the sign for what was lost.
    expect((await ask('listPackVersions', { query: { filters: `spec.name=${text}` } })).status).toBe(
      text.includes('\0') ? 400 : 200,
    )
  })

  test.each(Object.entries(TOO_LONG))('%s is refused, with the place where it stands', async (_, text) => {
    for (const [field, filter] of Object.entries({
      'filter.packyard.text': { packyard: { text } },
      'filter.name.contains': { name: { contains: text } },
      'filter.state.0': { state: [text] },
    }))
      expect(await search(filter)).toMatchObject({
        status: 400,
        body: { details: { fields: { [field]: expect.any(String) } } },
      })
  })

  test('a wildcard finds itself alone', async () => {
    for (const text of ['100 %', 'of_it', '\\ all', '%'])
      expect(named(await search({ displayName: { contains: text } }))).toEqual(['percent'])
    expect(named(await search({ displayName: { contains: '_____' } }))).toEqual([])
  })
})

describe('only fields that are listed pass:', () => {
  test.each([
    ...['tenant', 'tenantId', 'registry', 'content', 'auth', 'secret', 'sealedSecret', 'OR', 'NOT', 'where'],
    ...ODD_NAMES.filter((name) => name !== ''),
  ])('a filter by %s is refused by its name', async (field) => {
    // As text: in a literal __proto__ is no field.
    for (const body of [
      `{"filter":{${JSON.stringify(field)}:{"contains":"a"}}}`,
      `{"filter":{"name":{${JSON.stringify(field)}:"a"}}}`,
      `{"filter":{"packyard":{${JSON.stringify(field)}:"a"}}}`,
    ])
      for (const id of ['searchPacks', 'countPackFacets', 'exportPacks'] as const) {
        const given = await ask(id, { body })
        expect([given.status, given.body.message], body).toEqual([400, expect.stringContaining(field)])
      }
    const listed = await ask('listPackVersions', { query: { filters: `${field}=a` } })
    expect([listed.status, listed.body.message]).toEqual([400, expect.stringContaining(field)])
    const sorted = await search({}, { sort: [{ field, order: 'asc' }] })
    expect([sorted.status, sorted.body.message]).toEqual([400, expect.stringContaining('sort.0.field')])
  })

  test('a filter that is no filter is refused', async () => {
    for (const filter of [
      [],
      'name',
      1,
      true,
      { name: 'a' },
      { name: { contains: { not: 'a' } } },
      { layer: 'addon' },
      { state: Array(101).fill('a') },
      { layer: [{ in: ['addon'] }] },
    ])
      expect((await search(filter)).status, JSON.stringify(filter)).toBe(400)
    expect(
      (await ask('searchPacks', { body: `{"filter":${'{"name":'.repeat(50_000)}1${'}'.repeat(50_000)}}` }))
        .status,
    ).toBe(400)
    expect((await ask('searchPacks', { body: '{"filter":{}' })).status).toBe(400)
  })
})

describe('the token of a next page', () => {
  const ORDERS = {
    name: [{ field: 'name', order: 'asc' }],
    nameDown: [{ field: 'name', order: 'desc' }],
    displayName: [{ field: 'displayName', order: 'asc' }],
    layer: [{ field: 'layer', order: 'asc' }],
    addOnType: [{ field: 'addOnType', order: 'asc' }],
  }
  const page = (sort: unknown, query: Record<string, string>, filter = {}, as = headers) =>
    ask('searchPacks', { query: { limit: '2', ...query }, body: { sort, filter }, as })
  const tokens = async () =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(ORDERS).map(
          async ([name, sort]) => [name, (await page(sort, {})).body.listmeta.continue] as const,
        ),
      ),
    )

  test('leads through the whole list, however many bytes its keys have', async () => {
    for (const sort of [...Object.values(ORDERS), [...ORDERS.layer, ...ORDERS.name]]) {
      const seen: string[] = []
      for (let token = ''; ; ) {
        const { status, body } = await page(sort, { continue: token })
        expect(status).toBe(200)
        seen.push(...body.items.map((one: { spec: { name: string } }) => one.spec.name))
        token = body.listmeta.continue
        if (token === '') break
      }
      expect(seen.sort()).toEqual(PACKS.map(({ name }) => name).sort())
    }
  })

  test('of another order or another tenant is refused', async () => {
    const all = await tokens()
    for (const [of, token] of Object.entries(all))
      for (const [name, sort] of Object.entries(ORDERS))
        expect([of, name, (await page(sort, { continue: token })).status]).toEqual([
          of,
          name,
          of === name ? 200 : 400,
        ])
    const newest = await page([], { continue: all.name ?? '' }, { packyard: { newestFirst: true } })
    expect([newest.status, newest.body.details.fields]).toEqual([400, { continue: expect.any(String) }])
    expect((await page(ORDERS.name, { continue: all.name ?? '' }, {}, strangersHeaders)).status).toBe(400)
  })

  test('that was cut, changed or made up is refused', async () => {
    const { name: token = '' } = await tokens()
    const made = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url')
    const forged = [
      ...Array.from({ length: token.length - 1 }, (_, i) => token.slice(0, i + 1)),
      ...[`${token}AAAA`, `A${token}`, token.toUpperCase(), '!', '.', '..', 'null', '%00', 'a\ud800'],
      ...[null, [], {}, 1, 'a', { offset: -1 }, { offset: 1e9 }, { offset: '1' }, { offset: 1.5 }].map(made),
      ...[['a', 'a'], ['', ''], ['a\0', 'a'], ['\ud800', 'a'], [{ not: 1 }, 'a'], ['a']].map((after) =>
        made({ after }),
      ),
    ]
    for (const one of forged) {
      const given = await page(ORDERS.name, { continue: one })
      expect([one, given.status, given.body.details?.fields]).toEqual([
        one,
        400,
        { continue: expect.any(String) },
      ])
    }
    expect((await page(ORDERS.name, { continue: 'a'.repeat(5_000) })).status).toBe(400)
  })

  test.each(['-1', '1e9', '1.5', 'NaN', '0x10', '__proto__', '[]', '99999999999999999999'])(
    'or an offset or limit of %s is no reason for an error of our own',
    async (number) => {
      await page(ORDERS.name, { offset: number })
      await page(ORDERS.name, { limit: number })
      await ask('listPackVersions', { query: { offset: number, limit: number, continue: number } })
      await ask('listChanges', { query: { limit: number, continue: number } })
    },
  )
})

describe('an address that names', () => {
  test.each([
    ...ODD_NAMES,
    'a'.repeat(10_000),
    ...Object.values(QUERIES),
    '../../v1/registries',
    '%00',
    '\0',
  ])('%j as a pack, a uid or a digest is answered clearly', async (name) => {
    const path = { packName: name, registryUid, uid: name, digest: name }
    for (const id of [
      'readPackInRegistry',
      'readPack',
      'readPackReadme',
      'readPackLogo',
      'readLogo',
      'listPackFiles',
      'listPackImages',
    ] as const) {
      const given = await ask(id, { path })
      // `constructor` is a pack of ours, and an empty part makes the address another one.
      if (name !== '' && name !== 'constructor' && name !== 'null') expect([400, 404]).toContain(given.status)
    }
    await ask('readPackInRegistry', { path: { packName: 'calico', registryUid: name } })
    await ask('comparePacks', { query: { left: name, right: name } })
    await ask('comparePackFile', { query: { left: name, right: name, path: name } })
  })

  test('constructor as a pack leads to that pack', async () => {
    for (const name of ['constructor', 'null']) {
      expect(named(await search({ name: { eq: name, ignoreCase: false } }))).toEqual([name])
      expect((await ask('readPackByName', { path: { packName: name } })).body).toMatchObject({
        ...{ name, sources: [{ version: '1.0.0' }] },
      })
      const read = await ask('readPackInRegistry', { path: { packName: name, registryUid } })
      expect(read.body).toMatchObject({ name, packValues: [{ packyard: { version: '1.0.0' } }] })
    }
  })
})
