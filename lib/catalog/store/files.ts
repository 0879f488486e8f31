import { sqlInTenant } from '../../db/in-tenant'
import type { PackFile, StoredFiles } from '../files'

/** The files of a revision; null where nobody looked at them yet. */
export async function findFiles(tenantId: string, revisionId: string): Promise<StoredFiles | null> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT listing, read_at AS "readAt" FROM pack_files WHERE tenant_id = $1 AND pack_revision_id = $2`,
    [tenantId, revisionId],
  )
  return rows[0] ? { ...rows[0].listing, readAt: rows[0].readAt } : null
}

/** One file of them, with its bytes where they are kept; null where there is no such file, or nobody looked at them yet. */
export async function findFile(
  tenantId: string,
  revisionId: string,
  path: string,
): Promise<(PackFile & { bytes: Uint8Array | null }) | null> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT file.*, content.bytes FROM pack_files
     CROSS JOIN LATERAL jsonb_to_recordset(listing->'files') AS file(path text, size int, digest text, kind text)
     LEFT JOIN content ON content.tenant_id = $1 AND content.digest = file.digest
     WHERE pack_files.tenant_id = $1 AND pack_revision_id = $2 AND file.path = $3 LIMIT 1`,
    [tenantId, revisionId, path],
  )
  return rows[0] ?? null
}

/** How large contents are, and whether they are there: of those that are not, nothing. */
export async function sizesOf(tenantId: string, digests: string[]): Promise<Map<string, number>> {
  const { rows } = await sqlInTenant(tenantId).query(
    'SELECT digest, octet_length(bytes) AS size FROM content WHERE tenant_id = $1 AND digest = ANY($2)',
    [tenantId, digests],
  )
  return new Map((rows as { digest: string; size: number }[]).map((row) => [row.digest, row.size]))
}

/**
 * Keeps what a revision's files are, in one statement. What somebody else kept meanwhile stays.
 *
 * @param texts one after the other, each with its digest, where it begins (from 0) and how long it is
 */
export async function keepFiles(
  tenantId: string,
  revisionId: string,
  listing: Omit<StoredFiles, 'readAt'>,
  texts: { bytes: Uint8Array; pieces: { digest: string; at: number; size: number }[] },
): Promise<void> {
  await sqlInTenant(tenantId).query(
    `WITH kept AS (
       INSERT INTO content (tenant_id, digest, bytes)
       SELECT $1, d, substring($3::bytea FROM start FOR length)
       FROM unnest($4::text[], $5::int[], $6::int[]) AS new(d, start, length) ON CONFLICT DO NOTHING)
     INSERT INTO pack_files (tenant_id, pack_revision_id, listing)
     SELECT $1, id, $7 FROM pack_revision WHERE tenant_id = $1 AND id = $2 ON CONFLICT DO NOTHING`,
    [
      tenantId,
      revisionId,
      Buffer.from(texts.bytes.buffer, texts.bytes.byteOffset, texts.bytes.length),
      texts.pieces.map((one) => one.digest),
      texts.pieces.map((one) => one.at + 1),
      texts.pieces.map((one) => one.size),
      JSON.stringify(listing),
    ],
  )
}
