import { sqlInTenant } from '../../db/in-tenant'
import type { PackState } from '../schema'

/** One pack in one registry, with the version that stands for it. */
export interface Source {
  registryId: string
  registryName: string
  registryKind: string
  /** Listed ones. */
  versions: number
  /** The newest that is listed and of use, else the newest of all. */
  packUid: string
  version: string
  digest: string
  state: PackState
  goneAt: Date | null
  logoDigest: string | null
  displayName: string
  layer: string
  addonType: string
  addonSubType: string
  cloudTypes: string[]
  annotations: Record<string, string>
}

/** Where a pack is, the registry with the newest version first. What a filter leaves out is nowhere. */
export async function findSources(tenantId: string, name: string): Promise<Source[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH versions AS (
       SELECT * FROM pack_version WHERE tenant_id = $1 AND name = $2 AND left_out_by = ''),
     newest AS (
       SELECT DISTINCT ON (registry_id) * FROM versions
       ORDER BY registry_id, gone_at IS NOT NULL, state IN ('disabled', 'deleted'), version_key DESC, id),
     counted AS (
       SELECT registry_id, count(*) FILTER (WHERE gone_at IS NULL)::int AS versions FROM versions GROUP BY registry_id)
     SELECT r.id AS "registryId", r.name AS "registryName", r.kind AS "registryKind", c.versions, v.id AS "packUid",
       v.version, v.digest, v.state, v.gone_at AS "goneAt", v.logo_digest AS "logoDigest",
       v.display_name AS "displayName", v.layer, v.addon_type AS "addonType", v.addon_sub_type AS "addonSubType",
       v.cloud_types AS "cloudTypes", v.annotations
     FROM newest v JOIN counted c USING (registry_id) JOIN registry r ON r.tenant_id = $1 AND r.id = v.registry_id
     ORDER BY v.gone_at IS NOT NULL, v.state IN ('disabled', 'deleted'), v.version_key DESC, r.name`,
    [tenantId, name],
  )
  return rows
}

export interface TagRow {
  registryId: string
  tag: string
  packUid: string
  version: string
}

/** What a pack's tags stand for that are not the version itself: tracks and labels, in each registry. */
export async function findTags(tenantId: string, name: string, limit: number): Promise<TagRow[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT t.registry_id AS "registryId", t.tag, v.id AS "packUid", v.version
     FROM pack_tag t JOIN pack_version v ON v.tenant_id = $1 AND v.id = t.pack_version_id
     WHERE t.tenant_id = $1 AND t.name = $2 AND t.tag <> v.version AND v.gone_at IS NULL
     ORDER BY v.version_key DESC, length(t.tag) DESC, t.tag LIMIT $3`,
    [tenantId, name, limit],
  )
  return rows
}

export interface ListedVersion {
  packUid: string
  version: string
  versionKey: string
  registryId: string
  registryName: string
  digest: string
  /** Other digests that it had. */
  repushes: number
  repushedAt: Date | null
  tags: string[]
  state: PackState
  eol: string
  goneAt: Date | null
  addedAt: Date
}

export interface VersionsWanted {
  name: string
  /** Empty: of all registries. */
  registryId: string
  /** A part of the version; empty: all. */
  text: string
  /** This one alone. */
  version?: string
}

/** A page of a pack's versions, newest first, those of all registries or of one. */
export async function findVersionPage(
  tenantId: string,
  where: VersionsWanted,
  after: [key: string, id: string] | null,
  limit: number,
): Promise<ListedVersion[]> {
  const { rows } = await sqlInTenant(tenantId).query(
    `WITH page AS (
       SELECT * FROM pack_version v
       WHERE tenant_id = $1 AND name = $2 AND left_out_by = '' AND ($3 = '' OR registry_id = $3)
         AND ($4 = '' OR strpos(version, $4) > 0) AND ($8 = '' OR version = $8)
         AND ($5::text IS NULL OR version_key < $5 OR (version_key = $5 AND id > $6))
       ORDER BY version_key DESC, id LIMIT $7)
     SELECT v.id AS "packUid", v.version, v.version_key AS "versionKey", v.registry_id AS "registryId",
       r.name AS "registryName", v.digest, v.state, v.eol, v.gone_at AS "goneAt", v.created_at AS "addedAt",
       (SELECT count(*)::int - 1 FROM pack_revision p WHERE p.tenant_id = $1 AND p.pack_version_id = v.id) AS repushes,
       (SELECT max(p.created_at) FROM pack_revision p WHERE p.tenant_id = $1 AND p.pack_version_id = v.id
          HAVING count(*) > 1) AS "repushedAt",
       ARRAY(SELECT t.tag FROM pack_tag t WHERE t.tenant_id = $1 AND t.pack_version_id = v.id AND t.tag <> v.version
         ORDER BY length(t.tag) DESC, t.tag LIMIT 20) AS tags
     FROM page v JOIN registry r ON r.tenant_id = $1 AND r.id = v.registry_id
     ORDER BY v.version_key DESC, v.id`,
    [
      ...[tenantId, where.name, where.registryId, where.text, after?.[0] ?? null, after?.[1] ?? null, limit],
      where.version ?? '',
    ],
  )
  return rows
}

/** How many versions such a list has, those that are gone included. */
export async function countVersionsOf(tenantId: string, where: VersionsWanted): Promise<number> {
  const { rows } = await sqlInTenant(tenantId).query(
    `SELECT count(*)::int AS count FROM pack_version
     WHERE tenant_id = $1 AND name = $2 AND left_out_by = '' AND ($3 = '' OR registry_id = $3)
       AND ($4 = '' OR strpos(version, $4) > 0) AND ($5 = '' OR version = $5)`,
    [tenantId, where.name, where.registryId, where.text, where.version ?? ''],
  )
  return rows[0].count
}
