import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSynced } from '../../tests/support/catalog'
import { newConsole, send, sessionCookie } from '../../tests/support/console'
import { PNG, pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import type { Actor } from '../access/actor'
import { closeDatabase, sqlInTenant } from '../db/in-tenant'
import { digestOf } from '../pack-format/oci'
import { listVersions } from './detail'
import { readLogo } from './logo'
import { searchCatalog } from './search'

const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>',
)
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const READMES = '# A text, and no logo\n'

let registry: TestRegistry
let admin: Actor
let headers: Record<string, string>

beforeAll(async () => {
  registry = await startTestRegistry()
  await pushPack(registry, { name: 'drawn', version: '1.0.0', logo: PNG, readme: READMES })
  await pushPack(registry, { name: 'drawn', version: '1.1.0', logo: PNG })
  await pushPack(registry, { name: 'lines', version: '1.0.0', logo: SVG })
  await pushPack(registry, { name: 'dot', version: '1.0.0', logo: DOT })
  const people = await newConsole()
  admin = people.admin.actor
  headers = await sessionCookie(people.admin)
  await addSynced(admin, registry.url)
})
afterAll(async () => {
  await registry.close()
  await closeDatabase()
})

const logoUrls = async () => {
  const answer = await send('POST', '/v1/packs/search', {
    headers: { ...headers, 'sec-fetch-site': 'same-origin' },
    body: {},
  })
  const { items } = (await answer.json()) as {
    items: { spec: { name: string; registries: { logoUrl: string }[] } }[]
  }
  return Object.fromEntries(items.map(({ spec }) => [spec.name, spec.registries[0]?.logoUrl ?? '']))
}
const kept = async (digest: string) => {
  const { rows } = await sqlInTenant(admin.tenantId).query(
    'SELECT refused FROM logo_picture WHERE tenant_id = $1 AND digest = $2',
    [admin.tenantId, digest],
  )
  return rows
}

test('a logo is drawn when it is first asked for, once for all who ask meanwhile, and kept', async () => {
  const digest = digestOf(PNG)
  expect(await kept(digest)).toEqual([])
  const [first, second, small] = await Promise.all([
    readLogo(admin, digest, 'large'),
    readLogo(admin, digest, 'large'),
    readLogo(admin, digest, 'small'),
  ])
  expect(second).toBe(first)
  expect(Buffer.from(small).subarray(8, 12).toString()).toBe('WEBP')
  expect(await kept(digest)).toEqual([{ refused: '' }])
  expect(Buffer.from(await readLogo(admin, digest, 'large')).equals(Buffer.from(first))).toBe(true)
})

test('its address names its content alone, and browsers keep what it answers for ever', async () => {
  const url = (await logoUrls()).drawn ?? ''
  expect(url).toBe(`/v1/packyard/logos/${digestOf(PNG)}`)
  const answer = await send('GET', `${url}?size=64`, { headers })
  expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
    200,
    {
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    },
  ])
  const etag = answer.headers.get('etag') ?? ''
  expect(
    (await send('GET', `${url}?size=64`, { headers: { ...headers, 'if-none-match': etag } })).status,
  ).toBe(304)
  expect((await send('GET', `${url}?size=128`, { headers })).headers.get('etag')).not.toBe(etag)
  expect((await send('GET', url)).status).toBe(401)
})

test('an SVG is shown as the picture that it draws, and never as it came', async () => {
  const answer = await send('GET', (await logoUrls()).lines ?? '', { headers })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp'])
  expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).not.toContain('script')
})

test('a figure of a README is drawn anew too: no file of a pack reaches a browser as an image of its own', async () => {
  const { details } = await listVersions(admin, { name: 'lines' }, { skip: 0, take: 1 })
  const at = `/v1/packyard/packs/${details[0]?.version.id}/files/picture`
  const svg = await send('GET', `${at}?path=logo.png`, { headers })
  expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/webp'])
  expect(Buffer.from(await svg.arrayBuffer()).toString('latin1')).not.toContain('script')
  for (let i = 0; i < 2; i++)
    expect((await send('GET', `${at}?path=README.md`, { headers })).status).toBe(404)
})

test('of a logo that no picture can be made of it is said so once, and then nobody asks for it', async () => {
  const url = (await logoUrls()).dot ?? ''
  expect((await send('GET', url, { headers })).status).toBe(404)
  expect((await send('GET', url, { headers })).status).toBe(404)
  expect(await kept(digestOf(DOT))).toEqual([{ refused: 'It is too small.' }])
  expect((await logoUrls()).dot).toBe('')
})

test.each([
  ['a digest of another kind', 'sha512:00', 400],
  ['a path', '..%2f..%2fsecrets', 400],
  ['a digest of nothing', `sha256:${'0'.repeat(64)}`, 404],
  ['a text that is no image', digestOf(Buffer.from(READMES)), 404],
  ['another size', `${digestOf(PNG)}?size=4096`, 400],
  ['a size that is no number', `${digestOf(PNG)}?size=__proto__`, 400],
])('asked for %s, the address of logos gives a clear answer and no bytes', async (_, rest, status) => {
  const answer = await send('GET', `/v1/packyard/logos/${rest}`, { headers })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ message: expect.any(String) })
})

test("another tenant's logo is not there, drawn or not", async () => {
  const { admin: stranger } = await newConsole()
  for (const bytes of [PNG, SVG])
    await expect(readLogo(stranger.actor, digestOf(bytes), 'large')).rejects.toMatchObject({
      code: 'not_found',
    })
  expect((await searchCatalog(stranger.actor, {}, [], { from: { offset: 0 }, limit: 1 })).count).toBe(0)
})
