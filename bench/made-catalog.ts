import type pg from 'pg'

const WORDS =
  'agent storage network monitoring ingress gateway proxy database operator controller metrics logging security backup ' +
  'policy mesh cache queue vault registry dashboard scheduler driver plugin autoscaler'
const PARTS = WORDS.split(' ')
const TYPES = ['monitoring', 'logging', 'security', 'ingress', 'system app', 'registry', 'authentication']
const CLOUDS = [['all'], ['aws', 'edge'], ['vsphere'], ['azure', 'gcp', 'aws']]
/** Packs written in one statement. */
const BATCH = 50

/** A word that few packs have. */
export const rareWord = (pack: number) => `x${((pack * 7919) % 1_000_003).toString(36)}`
export const partOf = (pack: number) => PARTS[pack % PARTS.length] ?? ''
export const nameOf = (pack: number) =>
  `${partOf(pack)}-${PARTS[(pack * 7 + 3) % PARTS.length]}-${rareWord(pack)}`

/** @param kind one or two hex digits */
export const uidOf = (kind: string, n: number) => kind + n.toString(16).padStart(24 - kind.length, '0')

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
  // What the server does by itself some time after so many writes.
  await owner.query('VACUUM ANALYZE pack')
  await owner.query('VACUUM ANALYZE pack_cell')
  await owner.query('VACUUM ANALYZE pack_version')
}
