import { createHash } from 'node:crypto'
import type pg from 'pg'

const WORDS =
  'agent storage network monitoring ingress gateway proxy database operator controller metrics logging security backup ' +
  'policy mesh cache queue vault registry dashboard scheduler driver plugin autoscaler'
const PARTS = WORDS.split(' ')
const TYPES = ['monitoring', 'logging', 'security', 'ingress', 'system app', 'registry', 'authentication']
const CLOUDS = [['all'], ['aws', 'edge'], ['vsphere'], ['azure', 'gcp', 'aws']]
/** Packs written in one statement. */
const BATCH = 200
/** So many packs have values and a README that can be read. */
const WITH_CONTENTS = 1000
const VALUES_LINES = 60
const README_LINES = 120

/** A word that few packs have. */
export const rareWord = (pack: number) => `x${((pack * 7919) % 1_000_003).toString(36)}`
export const partOf = (pack: number) => PARTS[pack % PARTS.length] ?? ''
export const nameOf = (pack: number) =>
  `${partOf(pack)}-${PARTS[(pack * 7 + 3) % PARTS.length]}-${rareWord(pack)}`

/** @param kind one or two hex digits */
export const uidOf = (kind: string, n: number) => kind + n.toString(16).padStart(24 - kind.length, '0')

/** The uid of the newest version of one of the packs that have contents. */
export const detailedOf = (digit: string, n: number, packs: number, versions: number) =>
  uidOf(`d${digit}`, (n % Math.min(packs, WITH_CONTENTS)) * versions + versions - 1)

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** Writes a catalog of so many packs into the tables that a sync writes to. Every pack's description has "kubernetes". */
export async function writeCatalog(
  owner: pg.Client,
  tenantId: string,
  packs: number,
  versions: number,
  /** One hex digit, so that catalogs of several tenants share no uid. */
  digit: string,
): Promise<void> {
  for (let first = 0; first < packs; first += BATCH) {
    const rows = []
    for (let pack = first; pack < Math.min(packs, first + BATCH); pack++) {
      const layer = pack % 20 === 0 ? 'csi' : pack % 20 === 1 ? 'cni' : pack % 200 === 2 ? 'os' : 'addon'
      for (let version = 0; version < versions; version++)
        rows.push({
          id: uidOf(`d${digit}`, pack * versions + version),
          revision_id: uidOf(`e${digit}`, pack * versions + version),
          name: nameOf(pack),
          version: `1.${version}.0`,
          version_key: `0001${String(version).padStart(4, '0')}`,
          display_name: `${partOf(pack)} ${pack}`,
          layer,
          addon_type: layer === 'addon' ? TYPES[pack % TYPES.length] : '',
          cloud_types: CLOUDS[pack % CLOUDS.length],
          annotations: {
            source: pack % 10 ? 'community' : 'spectrocloud',
            description: `The ${partOf(pack * 3)} for ${partOf(pack * 11)} with kubernetes, number ${pack}`,
          },
          state: pack % 15 === 0 ? 'deprecated' : 'active',
        })
    }
    await owner.query(
      `INSERT INTO pack_version (id, tenant_id, registry_id, name, version, version_key, display_name, layer, addon_type,
         cloud_types, annotations, state, digest, revision_id)
       SELECT id, $1, $2, name, version, version_key, display_name, layer, addon_type, cloud_types, annotations, state,
         'sha256:' || repeat('0', 64), revision_id
       FROM jsonb_to_recordset($3::jsonb) AS new(id text, revision_id text, name text, version text, version_key text,
         display_name text, layer text, addon_type text, cloud_types text[], annotations jsonb, state text)`,
      [tenantId, uidOf(`c${digit}`, (first / BATCH) % 3), JSON.stringify(rows)],
    )
  }
  for (let pack = 0; pack < Math.min(packs, WITH_CONTENTS); pack++)
    await writeContents(owner, tenantId, pack, versions, digit)
  // What the server does by itself some time after so many writes.
  for (const table of ['pack', 'pack_cell', 'pack_version', 'pack_revision', 'content'])
    await owner.query(`VACUUM ANALYZE ${table}`)
}

/** Values and a README of a usual length, shared by all versions of the pack. */
async function writeContents(
  owner: pg.Client,
  tenantId: string,
  pack: number,
  versions: number,
  digit: string,
): Promise<void> {
  const lines = (count: number, line: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => line(n)).join('\n')
  const values = lines(
    VALUES_LINES,
    (n) => `# What ${partOf(n)} needs\n${partOf(n)}${n}: "${nameOf(pack + n)}"`,
  )
  const readme = lines(
    README_LINES,
    (n) => `## ${partOf(n)} ${n}\n\nThe ${partOf(n * 3)} of ${nameOf(pack)}.\n`,
  )
  await owner.query(
    `INSERT INTO content (tenant_id, digest, bytes)
     SELECT $1, digest, convert_to(text, 'UTF8') FROM unnest($2::text[], $3::text[]) AS new(digest, text)
     ON CONFLICT DO NOTHING`,
    [tenantId, [values, readme].map(digestOf), [values, readme]],
  )
  const ids = Array.from({ length: versions }, (_, version) => pack * versions + version)
  await owner.query(
    `INSERT INTO pack_revision (id, tenant_id, pack_version_id, digest, manifest_digest, values_digest, readme_digest, manifest)
     SELECT id, $1, version_id, 'sha256:' || repeat('0', 64), 'sha256:' || repeat('0', 64), $4, $5, $6
     FROM unnest($2::text[], $3::text[]) AS new(id, version_id)`,
    [
      ...[tenantId, ids.map((id) => uidOf(`e${digit}`, id)), ids.map((id) => uidOf(`d${digit}`, id))],
      ...[digestOf(values), digestOf(readme), { name: nameOf(pack), version: '1.0.0', layer: 'addon' }],
    ],
  )
}
