import { sqlInTenant } from '../../db/in-tenant'
import type { ChangeFilter, ChangeKind } from '../schema'

/** One entry of what changed in the catalog. */
export interface ChangeRow {
  /** Grows with time. */
  id: string
  kind: ChangeKind
  at: Date
  /** Empty where no sync run found it. */
  runId: string
  registryId: string
  registryName: string
  /** Empty where it stands for many versions. */
  name: string
  version: string
  displayName: string
  /** The version as the catalog has it. */
  packUid: string | null
  was: string
  became: string
  versions: number
  packs: number
}

/** @param before the id of the last entry of the page before; null for the first page */
export async function findChanges(
  tenantId: string,
  filter: ChangeFilter,
  { before, limit }: { before: string | null; limit: number },
): Promise<ChangeRow[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT e.id::text, e.kind, e.at, e.run_id AS "runId", e.registry_id AS "registryId", r.name AS "registryName",
       e.name, e.version, COALESCE(v.display_name, e.name) AS "displayName", v.id AS "packUid", e.was, e.became,
       e.versions, e.packs
     FROM (
       SELECT * FROM catalog_event WHERE tenant_id = $1
         AND ($2::bigint IS NULL OR id < $2) AND ($3::text[] IS NULL OR registry_id = ANY($3))
         AND ($4::text IS NULL OR name = $4) AND ($5::text[] IS NULL OR kind = ANY($5))
         AND ($6::text IS NULL OR run_id = $6) AND ($7::timestamptz IS NULL OR at >= $7)
         AND ($8::timestamptz IS NULL OR at < $8)
       ORDER BY id DESC LIMIT $9) AS e
     JOIN registry r ON r.tenant_id = $1 AND r.id = e.registry_id
     LEFT JOIN pack_version v ON v.tenant_id = $1 AND v.registry_id = e.registry_id AND v.name = e.name
       AND v.version = e.version
     ORDER BY e.id DESC`,
    [
      ...[tenantId, before, filter.registryIds ?? null, filter.name ?? null, filter.kinds ?? null],
      ...[filter.runId ?? null, filter.since ?? null, filter.until ?? null, limit],
    ],
  )
  return rows
}

/** When the last change of each kind happened to one version, and what it was. */
export async function findLastChanges(
  tenantId: string,
  { registryId, name, version }: { registryId: string; name: string; version: string },
): Promise<Map<ChangeKind, Pick<ChangeRow, 'at' | 'was' | 'became'>>> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT DISTINCT ON (kind) kind, at, was, became FROM catalog_event
     WHERE tenant_id = $1 AND registry_id = $2 AND name = $3 AND version = $4 ORDER BY kind, id DESC`,
    [tenantId, registryId, name, version],
  )
  return new Map((rows as ChangeRow[]).map(({ kind, at, was, became }) => [kind, { at, was, became }]))
}
