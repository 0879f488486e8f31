import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

import type pg from 'pg'
import type { Agent } from 'undici'

import { OCI_MANIFEST } from '@/lib/pack-format/media-types'

const AT_ONCE = 16
const BATCH = 200

export interface Stored {
  owner: pg.Client
  tenantId: string
  registryId: string
}

/** Gets one address. @throws unless it answers 200 */
type Get = (path: string, method?: 'GET' | 'HEAD') => Promise<Buffer>
/** Fetches what there is, and hands over each content. */
type Fetch = (get: Get, take: (digest: string, bytes: Buffer) => void) => Promise<void>

/**
 * What a sync cannot be faster than: the same bytes over 16 connections into rows of the same size, written by hand, and
 * nothing looked at.
 */
export async function measureFloor(
  { owner, tenantId, registryId }: Stored,
  url: string,
  authorization: string | null,
  fetchAll: Fetch,
): Promise<{ seconds: number; requests: number }> {
  const { Agent } = await import('undici')
  await owner.query(
    `DROP TABLE IF EXISTS floor_content, floor_version, floor_revision;
     CREATE TABLE floor_content (LIKE content INCLUDING ALL);
     CREATE TABLE floor_version (LIKE pack_version INCLUDING ALL);
     CREATE TABLE floor_revision (LIKE pack_revision INCLUDING ALL)`,
  )
  const began = performance.now()
  const agent: Agent = new Agent({ connections: AT_ONCE })
  const headers = { accept: `${OCI_MANIFEST}, */*`, ...(authorization && { authorization }) }
  let requests = 0
  const get: Get = async (path, method = 'GET') => {
    requests++
    const { body, statusCode } = await agent.request({ origin: url, path, method, headers })
    const bytes = Buffer.from(await body.arrayBuffer())
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode}`)
    return bytes
  }
  let batch: { digest: string; bytes: Buffer }[] = []
  let writing: Promise<unknown> = Promise.resolve()
  const flush = () => {
    const full = batch
    batch = []
    writing = writing.then(() =>
      owner.query(
        'INSERT INTO floor_content SELECT $1, d, b FROM unnest($2::text[], $3::bytea[]) AS new(d, b) ON CONFLICT DO NOTHING',
        [tenantId, full.map((one) => one.digest), full.map((one) => one.bytes)],
      ),
    )
  }
  await fetchAll(get, (digest, bytes) => {
    batch.push({ digest, bytes })
    if (batch.length >= BATCH) flush()
  })
  flush()
  await writing
  await owner.query('INSERT INTO floor_version SELECT * FROM pack_version WHERE registry_id = $1', [
    registryId,
  ])
  await owner.query(
    `INSERT INTO floor_revision SELECT r.* FROM pack_revision r JOIN pack_version v ON v.revision_id = r.id
     WHERE v.registry_id = $1`,
    [registryId],
  )
  const seconds = (performance.now() - began) / 1000
  await agent.close()
  await owner.query('DROP TABLE floor_content, floor_version, floor_revision')
  return { seconds: Number(seconds.toFixed(3)), requests }
}

/** Does something with each of a list, sixteen at a time. */
async function withEach<T>(list: Iterable<T>, work: (one: T) => Promise<void>): Promise<void> {
  const queue = list[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value)
    }),
  )
}

/** Every manifest and, once each, every blob that a registry of ours was read for. @param prefix `/v1` or `/v2` */
export async function blobsOf({ owner, tenantId, registryId }: Stored, prefix: string): Promise<Fetch> {
  const { rows: versions } = await owner.query(
    `SELECT v.name, r.digest, array_remove(ARRAY[r.manifest_digest, r.values_digest, r.readme_digest,
       r.schema_digest, r.presets_digest, r.logo_digest], NULL) AS parts
     FROM pack_version v JOIN pack_revision r ON r.id = v.revision_id
     WHERE v.tenant_id = $1 AND v.registry_id = $2`,
    [tenantId, registryId],
  )
  const seen = new Set<string>()
  const targets: { path: string; digest: string | null }[] = []
  for (const { name, digest, parts } of versions) {
    targets.push({ path: `${prefix}/${name}/manifests/${digest}`, digest: null })
    for (const part of parts)
      if (!seen.has(part) && seen.add(part))
        targets.push({ path: `${prefix}/${name}/blobs/${part}`, digest: part })
  }
  return (get, take) =>
    withEach(targets, async ({ path, digest }) => {
      const bytes = await get(path)
      if (digest) take(digest, bytes)
    })
}

/** The catalog, the tags of each repository, where each points, and then everything. */
export async function walkOf(stored: Stored): Promise<Fetch> {
  const blobs = await blobsOf(stored, '/v2')
  return async (get, take) => {
    await get('/v2/')
    const { repositories } = JSON.parse(String(await get('/v2/_catalog?n=10000')))
    await withEach(repositories as string[], async (name) => {
      const { tags } = JSON.parse(String(await get(`/v2/${name}/tags/list?n=1000`)))
      await withEach(tags as string[], async (tag) => {
        await get(`/v2/${name}/manifests/${tag}`, 'HEAD')
      })
    })
    await blobs(get, take)
  }
}

const unpack = promisify(gunzip)

/** The index and every archive that it names; values and README of each. */
export const archives: Fetch = async (get, take) => {
  const index = String(await get('/index.yaml'))
  await withEach(index.match(/[\w.-]+\.tgz/g) ?? [], async (file) => {
    for (const [name, bytes] of filesOf(await unpack(await get(`/${file}`))))
      if (/^[^/]+\/(?:values\.yaml|README\.md)$/.test(name))
        take(`sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes)
  })
}

/** The files of a tar, as far as small charts need it. */
function* filesOf(tar: Buffer): Iterable<[name: string, bytes: Buffer]> {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8)
    yield [name, tar.subarray(at + 512, at + 512 + size)]
    at += 512 + Math.ceil(size / 512) * 512
  }
}
