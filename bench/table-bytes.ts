import type pg from 'pg'

const TABLES = ['content', 'pack_version', 'pack_revision', 'pack_tag']

/** Bytes of the tables that a sync writes versions to, with their indexes. */
export async function takeTableBytes(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query(
    'SELECT sum(pg_total_relation_size(one::regclass))::float AS bytes FROM unnest($1::text[]) AS one',
    [TABLES],
  )
  return rows[0].bytes
}

/**
 * Bytes of the same versions where each has its own copy of what it shares, as Kubeapps' asset-syncer writes them: a row
 * of what is listed, a row with README and values, and the logo with the chart.
 */
export async function measureCopies(owner: pg.Client, registryId: string): Promise<number> {
  await owner.query(
    `CREATE TABLE copy_chart (id text PRIMARY KEY, info jsonb, icon bytea);
     CREATE TABLE copy_files (id text PRIMARY KEY, info jsonb)`,
  )
  await owner.query(
    `INSERT INTO copy_chart SELECT DISTINCT ON (v.name) v.name, to_jsonb(v) || r.manifest, logo.bytes
     FROM pack_version v JOIN pack_revision r ON r.id = v.revision_id
     LEFT JOIN content logo ON logo.tenant_id = v.tenant_id AND logo.digest = r.logo_digest WHERE v.registry_id = $1`,
    [registryId],
  )
  await owner.query(
    `INSERT INTO copy_files SELECT v.name || '-' || v.version, jsonb_build_object('name', v.name, 'version', v.version,
       'readme', convert_from(readme.bytes, 'UTF8'), 'values', convert_from(its.bytes, 'UTF8'))
     FROM pack_version v JOIN pack_revision r ON r.id = v.revision_id
     LEFT JOIN content readme ON readme.tenant_id = v.tenant_id AND readme.digest = r.readme_digest
     LEFT JOIN content its ON its.tenant_id = v.tenant_id AND its.digest = r.values_digest WHERE v.registry_id = $1`,
    [registryId],
  )
  const { rows } = await owner.query(
    `SELECT (pg_total_relation_size('copy_chart') + pg_total_relation_size('copy_files'))::float AS bytes`,
  )
  await owner.query('DROP TABLE copy_chart, copy_files')
  return rows[0].bytes
}
