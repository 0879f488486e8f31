import { sqlInTenant } from '../../db/in-tenant'
import { newUid } from '../../uid'
import { type Held, keyOf } from '../diff'
import type { Fetched } from '../read-pack'
import { noteArrival, noteMoved, noteWritten } from './events'
import { small, whileOurs } from './fence'

/** What we hold of a registry, by `name@version`. @param names of some packs; of all, without them */
export async function heldVersions(
  tenantId: string,
  registryId: string,
  names: readonly string[] | null = null,
): Promise<Map<string, Held>> {
  const { rows } = await sqlInTenant(tenantId).query({
    text: `SELECT id, name, version, digest, gone_at IS NOT NULL AS gone, left_out_by AS "leftOutBy", layer,
       addon_type AS "addonType" FROM pack_version
     WHERE tenant_id = $1 AND registry_id = $2 AND ($3::text[] IS NULL OR name = ANY($3))`,
    // It may take its time: there may be a million.
    values: [tenantId, registryId, names],
  })
  return new Map((rows as (Held & { name: string; version: string })[]).map((row) => [keyOf(row), row]))
}

/** How many versions of a registry are there. */
export async function countVersions(tenantId: string, registryId: string): Promise<number> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT count(*)::int AS count FROM pack_version
     WHERE tenant_id = $1 AND registry_id = $2 AND gone_at IS NULL`,
    [tenantId, registryId],
  )
  return rows[0].count
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
         JOIN pack_version v ON v.tenant_id = $1 AND v.registry_id = $2 AND v.name = new.name
           AND v.version = new.version
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

export interface Failure {
  name: string
  version: string
  digest: string
  tags: string[]
  reason: string
}

/** Everything that a run found besides contents, in one transaction. @returns rows written @throws RunLost */
export async function settleCatalog(
  tenantId: string,
  registryId: string,
  runId: string,
  found: {
    /** What is not listed and goes now: no version that a person keeps. */
    removed: string[]
    /** What is not listed and waits for a person, of how many versions. */
    held: string[]
    of: number
    /** All that is not listed: what waited and is listed again waits no more. Of what changed, where only that is known. */
    missing: string[]
    returned: string[]
    /** What is listed and left out by the filter from now on, and by which rule; what is not listed any more, by none. */
    leftOut: ReadonlyMap<string, string>
    /** What could not be read in this run; what failed earlier and was not tried stays. */
    failures: Failure[]
    /** The packs that the listing is about; null: all. */
    changed: readonly string[] | null
    /** What the filter leaves out, where its tags are to be remembered. */
    leftOutTags?: readonly { name: string; digest: string; tags: string[] }[] | null
    /** Every version that is offered of them, and any other whose tags are to be written. */
    offered: readonly { name: string; version: string; tags: string[] }[]
  },
): Promise<number> {
  return whileOurs(tenantId, registryId, runId, async (query) => {
    let rows = 0
    const count = async (sql: string, values: unknown[]) => {
      rows += (await query(sql, values)).rowCount ?? 0
    }
    const note = async (kind: Parameters<typeof noteMoved>[2], ids: string[], rules?: string[]) => {
      rows += await noteMoved(query, [tenantId, registryId, runId], kind, ids, rules)
    }
    await note('gone', found.removed)
    if (found.removed.length > 0)
      await count(
        `UPDATE pack_version v SET gone_at = now(), updated_at = now()
         WHERE tenant_id = $1 AND id = ANY($2) AND NOT EXISTS (
           SELECT FROM held_removal h WHERE h.tenant_id = $1 AND h.registry_id = $3 AND h.pack_version_id = v.id
             AND h.kept_at IS NOT NULL)`,
        [tenantId, found.removed, registryId],
      )
    await note('leftOut', [...found.leftOut.keys()], [...found.leftOut.values()])
    if (found.leftOut.size > 0)
      await count(
        `UPDATE pack_version v SET gone_at = COALESCE(v.gone_at, now()), left_out_by = new.rule, updated_at = now()
         FROM unnest($2::text[], $3::text[]) AS new(id, rule) WHERE v.tenant_id = $1 AND v.id = new.id`,
        [tenantId, [...found.leftOut.keys()], [...found.leftOut.values()]],
      )
    for (const kind of ['returned', 'takenIn'] as const) await note(kind, found.returned)
    if (found.returned.length > 0)
      await count(
        "UPDATE pack_version SET gone_at = NULL, left_out_by = '', updated_at = now() WHERE tenant_id = $1 AND id = ANY($2)",
        [tenantId, found.returned],
      )
    if (found.failures.length > 0)
      await count(
        `INSERT INTO sync_failure (tenant_id, registry_id, name, version, digest, tags, reason)
         SELECT $1, $2, name, version, digest, tags, reason
         FROM jsonb_to_recordset($3::jsonb) AS new(name text, version text, digest text, tags text[], reason text)
         ON CONFLICT (tenant_id, registry_id, name, version) DO UPDATE
           SET digest = excluded.digest, tags = excluded.tags, reason = excluded.reason, last_failed_at = now()`,
        [tenantId, registryId, JSON.stringify(found.failures)],
      )
    const { offered, changed } = found
    if (offered.length > 0 || changed?.length !== 0) {
      await count(
        `DELETE FROM held_removal h USING pack_version v
         WHERE h.tenant_id = $1 AND h.registry_id = $2 AND v.tenant_id = $1 AND v.id = h.pack_version_id
           AND ($4::text[] IS NULL OR v.name = ANY($4)) AND (v.gone_at IS NOT NULL OR NOT EXISTS (
             SELECT FROM unnest($3::text[]) AS missing(id) WHERE missing.id = v.id))`,
        [tenantId, registryId, found.missing, changed],
      )
      // What a person decided while the run went on stays decided.
      if (found.held.length > 0)
        await count(
          `INSERT INTO held_removal (tenant_id, registry_id, pack_version_id, of_versions)
           SELECT $1, $2, v.id, $4 FROM unnest($3::text[]) AS held(id)
           JOIN pack_version v ON v.tenant_id = $1 AND v.id = held.id AND v.gone_at IS NULL
           ON CONFLICT DO NOTHING`,
          [tenantId, registryId, found.held, found.of],
        )
      // As arrays, whose length the planner knows: by it a join is chosen that does not grow with the square.
      await count(
        `DELETE FROM sync_failure f WHERE f.tenant_id = $1 AND f.registry_id = $2
         AND ($5::text[] IS NULL OR f.name = ANY($5)) AND NOT EXISTS (
           SELECT FROM unnest($3::text[], $4::text[]) AS new(name, version)
           WHERE new.name = f.name AND new.version = f.version)`,
        [tenantId, registryId, offered.map((one) => one.name), offered.map((one) => one.version), changed],
      )
      const tagged = offered.flatMap(({ name, version, tags }) => tags.map((tag) => ({ name, tag, version })))
      const [names, tags] = [tagged.map((one) => one.name), tagged.map((one) => one.tag)]
      // Tags of what is not listed and stays, stay too.
      await count(
        `DELETE FROM pack_tag p WHERE p.tenant_id = $1 AND p.registry_id = $2
         AND ($5::text[] IS NULL OR p.name = ANY($5)) AND NOT EXISTS (
           SELECT FROM unnest($3::text[], $4::text[]) AS new(name, tag)
           WHERE new.name = p.name AND new.tag = p.tag)
         AND NOT EXISTS (SELECT FROM held_removal h
           WHERE h.tenant_id = $1 AND h.registry_id = $2 AND h.pack_version_id = p.pack_version_id)`,
        [tenantId, registryId, names, tags, changed],
      )
      // What points where it should is left alone: a conflict would lock its row.
      await count(
        `INSERT INTO pack_tag (tenant_id, registry_id, name, tag, pack_version_id)
         SELECT DISTINCT ON (new.name, new.tag) $1, $2, new.name, new.tag, v.id
         FROM unnest($3::text[], $4::text[], $5::text[]) AS new(name, tag, version)
         JOIN pack_version v ON v.tenant_id = $1 AND v.registry_id = $2 AND v.name = new.name
           AND v.version = new.version
         LEFT JOIN pack_tag p ON p.tenant_id = $1 AND p.registry_id = $2 AND p.name = new.name AND p.tag = new.tag
         WHERE p.pack_version_id IS DISTINCT FROM v.id
         ORDER BY new.name, new.tag
         ON CONFLICT (tenant_id, registry_id, name, tag) DO UPDATE SET pack_version_id = excluded.pack_version_id`,
        [tenantId, registryId, names, tags, tagged.map((one) => one.version)],
      )
    }
    if (changed === null) rows += await noteArrival(query, [tenantId, registryId, runId])
    if (found.leftOutTags) {
      const left = found.leftOutTags.flatMap(({ name, digest, tags }) =>
        tags.map((tag) => ({ name, tag, digest })),
      )
      await count(...forgetLeftOut(tenantId, registryId, left))
      await count(...rememberLeftOut(tenantId, registryId, left))
    }
    return rows
  })
}

interface LeftOut {
  name: string
  tag: string
  digest: string
}

/** Takes away the tags that a filter leaves out no more. */
const forgetLeftOut = (tenantId: string, registryId: string, left: LeftOut[]): [string, unknown[]] => [
  `DELETE FROM left_out_tag l WHERE l.tenant_id = $1 AND l.registry_id = $2 AND NOT EXISTS (
     SELECT FROM unnest($3::text[], $4::text[]) AS new(name, tag) WHERE new.name = l.name AND new.tag = l.tag)`,
  [tenantId, registryId, left.map((one) => one.name), left.map((one) => one.tag)],
]

/** Keeps those that are new, or point elsewhere. */
const rememberLeftOut = (tenantId: string, registryId: string, left: LeftOut[]): [string, unknown[]] => [
  `INSERT INTO left_out_tag (tenant_id, registry_id, name, tag, digest)
   SELECT DISTINCT ON (new.name, new.tag) $1, $2, new.name, new.tag, new.digest
   FROM unnest($3::text[], $4::text[], $5::text[]) AS new(name, tag, digest)
   LEFT JOIN left_out_tag l ON l.tenant_id = $1 AND l.registry_id = $2 AND l.name = new.name AND l.tag = new.tag
   WHERE l.digest IS DISTINCT FROM new.digest
   ORDER BY new.name, new.tag
   ON CONFLICT (tenant_id, registry_id, name, tag) DO UPDATE SET digest = excluded.digest`,
  [
    tenantId,
    registryId,
    left.map((one) => one.name),
    left.map((one) => one.tag),
    left.map((one) => one.digest),
  ],
]
