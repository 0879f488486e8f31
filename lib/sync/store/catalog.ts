import { sqlInTenant } from '../../db/in-tenant'
import { newUid } from '../../uid'
import { keyOf } from '../filter'
import type { Fetched } from '../read-pack'
import { noteWritten } from './events'
import { small, whileOurs } from './fence'

/** What we hold of one version. */
export interface Held {
  digest: string
  gone: boolean
  layer: string
  addonType: string
}

/** What we hold of a registry, by `name@version`: all of it in memory. */
export async function heldVersions(tenantId: string, registryId: string): Promise<Map<string, Held>> {
  const { rows } = await sqlInTenant(tenantId).query({
    text: `SELECT name, version, digest, gone_at IS NOT NULL AS gone, layer, addon_type AS "addonType"
     FROM pack_version WHERE tenant_id = $1 AND registry_id = $2`,
    // It may take its time: there may be a million.
    values: [tenantId, registryId],
  })
  return new Map((rows as (Held & { name: string; version: string })[]).map((row) => [keyOf(row), row]))
}

/**
 * What the tags of a pack pointed at when they were looked at last; none of a version that a profile uses, so that a
 * change of those is seen at once.
 */
export async function knownTags(
  tenantId: string,
  registryId: string,
  name: string,
): Promise<Map<string, string>> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT t.tag, v.digest FROM pack_tag t
     JOIN pack_version v ON v.tenant_id = $1 AND v.id = t.pack_version_id
     WHERE t.tenant_id = $1 AND t.registry_id = $2 AND t.name = $3 AND v.gone_at IS NULL AND NOT EXISTS (
       SELECT FROM pack_revision r JOIN profile_layer l ON l.tenant_id = $1 AND l.pack_revision_id = r.id
       WHERE r.tenant_id = $1 AND r.pack_version_id = v.id)
     UNION ALL
     SELECT tag, digest FROM left_out_tag WHERE tenant_id = $1 AND registry_id = $2 AND name = $3`,
    [tenantId, registryId, name],
  )
  return new Map((rows as { tag: string; digest: string }[]).map((row) => [row.tag, row.digest]))
}

/** Which of these contents the tenant has, from whatever registry. */
export async function heldContents(tenantId: string, digests: string[]): Promise<Set<string>> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT digest FROM content WHERE tenant_id = $1 AND digest = ANY($2)',
    [tenantId, digests],
  )
  return new Set((rows as { digest: string }[]).map((row) => row.digest))
}

/**
 * Writes a batch of versions that were read, in sets: contents, versions, revisions; and takes back what failed of
 * them earlier.
 *
 * @returns rows written
 * @throws RunLost
 */
export async function writeVersions(
  tenantId: string,
  registryId: string,
  runId: string,
  batch: Fetched[],
): Promise<number> {
  if (batch.length === 0) return 0
  const contents = new Map(
    batch.flatMap((one) => one.contents.map((part) => [part.digest, part.bytes] as const)),
  )
  const versions = batch.map(({ entry, facts, parts, leftOutBy }) => ({
    id: newUid(),
    revision_id: newUid(),
    name: entry.name,
    version: entry.version,
    digest: entry.digest,
    ...facts.columns,
    logo_digest: facts.hasLogo ? (parts.logo ?? null) : null,
    left_out_by: leftOutBy,
  }))
  const revisions = batch.map(({ entry: { name, version, digest }, facts, parts }, i) => ({
    ...{ id: versions[i]?.revision_id, name, version, digest, logo_digest: versions[i]?.logo_digest },
    ...{ manifest: facts.manifest, presets: facts.presets, schema: facts.schema },
    manifest_digest: parts.manifest,
    values_digest: parts.values ?? null,
    readme_digest: parts.readme ?? null,
    schema_digest: parts.schema ?? null,
    presets_digest: parts.presets ?? null,
  }))
  return whileOurs(tenantId, registryId, runId, async (query) => {
    let rows = 0
    const count = async (sql: string, values: unknown[]) => {
      rows += (await query(small(sql, values))).rowCount ?? 0
    }
    // One parameter of bytes that travels as it is: as an array each would be written out in hex.
    for (const { digests, bytes, starts, lengths } of inPieces(contents))
      await count(
        `INSERT INTO content (tenant_id, digest, bytes)
         SELECT $1, d, substring($3::bytea FROM start FOR length)
         FROM unnest($2::text[], $4::int[], $5::int[]) AS new(d, start, length) ON CONFLICT DO NOTHING`,
        [tenantId, digests, bytes, starts, lengths],
      )
    rows += await noteWritten(query, [tenantId, registryId, runId], batch)
    await count(
      `INSERT INTO pack_version (id, tenant_id, registry_id, name, version, version_key, display_name, layer,
         addon_type, addon_sub_type, cloud_types, pack_group, eol, annotations, state, digest, revision_id, logo_digest,
         left_out_by, gone_at)
       SELECT id, $1, $2, name, version, version_key, display_name, layer, addon_type, addon_sub_type, cloud_types,
         pack_group, eol, annotations, state, digest, revision_id, logo_digest, left_out_by,
         CASE WHEN left_out_by <> '' THEN now() END
       FROM jsonb_to_recordset($3::jsonb) AS new(id text, revision_id text, name text, version text, digest text,
         version_key text, display_name text, layer text, addon_type text, addon_sub_type text, cloud_types text[],
         pack_group text, eol text, annotations jsonb, state text, logo_digest text, left_out_by text)
       ON CONFLICT (tenant_id, registry_id, name, version) DO UPDATE SET
         version_key = excluded.version_key, display_name = excluded.display_name, layer = excluded.layer,
         addon_type = excluded.addon_type, addon_sub_type = excluded.addon_sub_type,
         cloud_types = excluded.cloud_types, pack_group = excluded.pack_group, eol = excluded.eol,
         annotations = excluded.annotations, state = excluded.state, digest = excluded.digest,
         revision_id = excluded.revision_id, logo_digest = excluded.logo_digest,
         left_out_by = excluded.left_out_by, gone_at = excluded.gone_at, updated_at = now()`,
      [tenantId, registryId, JSON.stringify(versions)],
    )
    // A digest that this version had before keeps its revision: the version points back at it.
    await count(
      `WITH revision AS (
         INSERT INTO pack_revision (id, tenant_id, pack_version_id, digest, manifest_digest, values_digest,
           readme_digest, schema_digest, presets_digest, logo_digest, manifest, presets, schema)
         SELECT new.id, $1, v.id, new.digest, new.manifest_digest, new.values_digest, new.readme_digest,
           new.schema_digest, new.presets_digest, new.logo_digest, new.manifest, new.presets, new.schema
         FROM jsonb_to_recordset($3::jsonb) AS new(id text, name text, version text, digest text, manifest jsonb,
           presets jsonb, schema jsonb, manifest_digest text, values_digest text, readme_digest text,
           schema_digest text, presets_digest text, logo_digest text)
         CROSS JOIN LATERAL (SELECT v.id FROM pack_version v WHERE v.tenant_id = $1 AND v.registry_id = $2
           AND v.name = new.name AND v.version = new.version OFFSET 0) AS v
         ON CONFLICT (tenant_id, pack_version_id, digest) DO UPDATE SET digest = excluded.digest
         RETURNING id, pack_version_id)
       UPDATE pack_version v SET revision_id = revision.id FROM revision
       WHERE v.tenant_id = $1 AND v.id = revision.pack_version_id AND v.revision_id <> revision.id`,
      [tenantId, registryId, JSON.stringify(revisions)],
    )
    rows += versions.length // the revisions
    await count(
      `DELETE FROM sync_failure f USING unnest($3::text[], $4::text[]) AS new(name, version)
       WHERE f.tenant_id = $1 AND f.registry_id = $2 AND f.name = new.name AND f.version = new.version`,
      [tenantId, registryId, versions.map((one) => one.name), versions.map((one) => one.version)],
    )
    return rows
  })
}

/** How many bytes of contents go into one statement: the connection makes copies of each. */
const PIECE_BYTES = 512 * 1024

interface Piece {
  digests: string[]
  bytes: Buffer
  /** Where each content begins in `bytes`, from 1, and how long it is. */
  starts: number[]
  lengths: number[]
}

/** Contents put together, one piece in memory at a time. A content that is larger than a piece is one by itself. */
function* inPieces(contents: ReadonlyMap<string, Uint8Array>): Iterable<Piece> {
  let open: [digest: string, bytes: Uint8Array][] = []
  let size = 0
  const close = (): Piece => {
    const bytes = open.map(([, one]) => one)
    const lengths = bytes.map((one) => one.length)
    const starts: number[] = []
    let start = 1
    for (const length of lengths) {
      starts.push(start)
      start += length
    }
    return { digests: open.map(([digest]) => digest), bytes: Buffer.concat(bytes, size), starts, lengths }
  }
  for (const one of contents) {
    if (open.length > 0 && size + one[1].length > PIECE_BYTES) {
      yield close()
      open = []
      size = 0
    }
    open.push(one)
    size += one[1].length
  }
  if (open.length > 0) yield close()
}
