import { afterAll, beforeAll, expect, test } from 'vitest'

import { addSynced } from '../../tests/support/catalog'
import { newConsole, send, sessionCookie } from '../../tests/support/console'
import { pushPack } from '../../tests/support/packs'
import { startTestRegistry, type TestRegistry } from '../../tests/support/registry'
import { closeDatabase, operatorSql } from '../db/in-tenant'

const MIB = 1024 * 1024
const MANY = 10_000
/** A busy machine takes its time; an answer that grows with what the pack holds takes far more. */
const MOST_MS = 5_000

let registry: TestRegistry
let headers: Record<string, string>
let uid: string

/** Each version with a README of 5 MB and values of 1 MB of its own. */
const LARGE = Array.from({ length: 6 }, (_, i) => `1.${i}.0`)

beforeAll(async () => {
  registry = await startTestRegistry()
  for (const version of LARGE)
    await pushPack(registry, {
      ...{ name: 'large', version, readme: `# ${version}\n${'A line of text.\n'.repeat(325_000)}` },
      values: `pack:\n  version: "${version}"\n${'  # a comment\n'.repeat(75_000)}`,
    })
  await pushPack(registry, { name: 'many', version: '0.0.1' })
  const { admin, tenantId } = await newConsole()
  headers = { ...(await sessionCookie(admin)), 'sec-fetch-site': 'same-origin' }
  uid = await addSynced(admin.actor, registry.url)
  // As many syncs would have written it.
  const sql = operatorSql()
  await sql.query(
    `INSERT INTO pack_version (id, tenant_id, registry_id, name, version, version_key, display_name, layer, cloud_types,
       annotations, state, digest, revision_id)
     SELECT 'a' || lpad(to_hex(i), 23, '0'), tenant_id, registry_id, name, '1.' || i || '.0', '0001' || lpad(i::text, 8, '0'),
       display_name, layer, cloud_types, annotations, state, digest, 'b' || lpad(to_hex(i), 23, '0')
     FROM pack_version, generate_series(1, $2) AS i WHERE tenant_id = $1 AND name = 'many'`,
    [tenantId, MANY],
  )
  await sql.query(
    `INSERT INTO pack_revision (id, tenant_id, pack_version_id, digest, manifest_digest, values_digest, readme_digest, manifest)
     SELECT 'b' || lpad(to_hex(i), 23, '0'), tenant_id, 'a' || lpad(to_hex(i), 23, '0'), digest, manifest_digest,
       values_digest, readme_digest, manifest
     FROM (SELECT r.* FROM pack_revision r JOIN pack_version v ON v.tenant_id = $1 AND v.revision_id = r.id
           WHERE r.tenant_id = $1 AND v.version = '0.0.1') AS first, generate_series(1, $2) AS i`,
    [tenantId, MANY],
  )
}, 120_000)
afterAll(async () => {
  await registry.close()
  await closeDatabase()
})

async function ask(method: string, path: string, body?: unknown) {
  const began = performance.now()
  const answer = await send(method, path, { headers, body })
  const text = await answer.text()
  expect(performance.now() - began).toBeLessThan(MOST_MS)
  expect(answer.status, text.slice(0, 300)).toBe(200)
  return { bytes: text.length, body: JSON.parse(text) }
}

test('a pack with ten thousand versions is listed as one, and read in a few megabytes', async () => {
  const found = await ask('POST', '/v1/packs/search', { filter: { packyard: { text: 'many' } } })
  expect(found.body.items[0].spec).toMatchObject({ name: 'many', packyard: { versions: MANY + 1 } })
  const read = await ask('GET', `/v1/packs/many/registries/${uid}`)
  expect(read.body.tags.length).toBeGreaterThanOrEqual(MANY)
  expect(read.body.packValues).toHaveLength(50)
  expect(read.bytes).toBeLessThan(4 * MIB)
})

test('of large versions an answer holds the newest with its contents, and others as far as it has room', async () => {
  const { bytes, body } = await ask('GET', `/v1/packs/large/registries/${uid}`)
  expect(body.packValues.map((one: { packyard: { version: string } }) => one.packyard.version)).toEqual([
    '1.5.0',
  ])
  expect(new Set(body.tags.map((one: { version: string }) => one.version))).toEqual(new Set(LARGE))
  expect(bytes).toBeLessThan(8 * MIB)
})

test('a flat list of large versions ends early, and goes on where it ended', async () => {
  const seen: string[] = []
  for (let token = ''; ; ) {
    const filters = encodeURIComponent('spec.name=large')
    const { bytes, body } = await ask('GET', `/v1/packs?filters=${filters}&continue=${token}`)
    expect(bytes).toBeLessThan(6 * MIB)
    seen.push(...body.items.map((one: { spec: { version: string } }) => one.spec.version))
    token = body.listmeta.continue
    if (token === '') break
  }
  expect(seen).toEqual([...LARGE].reverse())
})
