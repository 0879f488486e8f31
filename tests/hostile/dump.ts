import { sqlInTenant } from '../../lib/db/in-tenant'

type Row = Record<string, unknown>

/**
 * Everything that a registry's catalog is, as sorted lines without ids and dates: two that are equal are equal byte
 * for byte. A content says its size, and whether its bytes are those of its digest.
 */
export async function dumpCatalog(tenantId: string, registryId: string): Promise<string[]> {
  const sql = sqlInTenant(tenantId)
  const part = (name: string) =>
    `(SELECT jsonb_build_array(c.digest, length(c.bytes), 'sha256:' || encode(sha256(c.bytes), 'hex') = c.digest)
      FROM content c WHERE c.tenant_id = $1 AND c.digest = r.${name}_digest) AS ${name}`
  const versions = await sql.query(
    `SELECT v.name, v.version, v.version_key, v.display_name, v.layer, v.addon_type, v.addon_sub_type, v.cloud_types,
       v.pack_group, v.eol, v.annotations, v.state, v.digest, v.logo_digest, v.gone_at IS NOT NULL AS gone,
       r.digest AS revision, r.manifest AS facts, r.presets AS rules, r.schema AS checks,
       r.values_digest, r.readme_digest, r.schema_digest, r.presets_digest,
       ${['manifest', 'values', 'readme', 'schema', 'presets', 'logo'].map(part).join(', ')}
     FROM pack_version v LEFT JOIN pack_revision r ON r.tenant_id = $1 AND r.id = v.revision_id
     WHERE v.tenant_id = $1 AND v.registry_id = $2`,
    [tenantId, registryId],
  )
  const tags = await sql.query(
    `SELECT t.name, t.tag, v.version FROM pack_tag t
     LEFT JOIN pack_version v ON v.tenant_id = $1 AND v.id = t.pack_version_id
     WHERE t.tenant_id = $1 AND t.registry_id = $2`,
    [tenantId, registryId],
  )
  const lines = [
    ...(versions.rows as Row[]).map((row) => `version ${row.name} ${row.version} ${JSON.stringify(row)}`),
    ...(tags.rows as Row[]).map((row) => `tag ${row.name} ${row.tag} ${row.version}`),
  ]
  return lines.sort()
}

export interface Version {
  name: string
  version: string
}
const isOf = (line: string, { name, version }: Version) =>
  line.startsWith(`version ${name} ${version} `) || line.startsWith(`tag ${name} ${version} `)

/** Without what belongs to one version. */
export const without = (lines: readonly string[], one: Version) => lines.filter((line) => !isOf(line, one))

/** What belongs to one version. */
export const only = (lines: readonly string[], one: Version) => lines.filter((line) => isOf(line, one))
