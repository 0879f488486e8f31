import { sqlInTenant } from '../../db/in-tenant'
import type { Cell } from '../facet-counts'

/** So many tenants' cells are remembered. */
const REMEMBERED = 100

/** Every set of facets that packs of a tenant have, with how many have it. */
export interface Cells {
  cells: Cell[]
  /** Of all of them. */
  packs: number
  /** How often the tenant's catalog had changed. */
  version: string
}

/** The newest change of a tenant's catalog, as a value of SQL. `$1` is the tenant. */
export const VERSION = '(SELECT COALESCE(sum(changes), 0)::text FROM catalog_version WHERE tenant_id = $1)'

const remembered = new Map<string, Cells>()

/** As the database has them now. What is remembered is read again only where it has changed. */
export async function findCells(tenantId: string): Promise<Cells> {
  const held = remembered.get(tenantId)
  const { rows } = await sqlInTenant(tenantId).query({
    name: 'cells',
    text: `SELECT now.version, CASE WHEN now.version IS DISTINCT FROM $2 THEN (
        SELECT COALESCE(json_agg(json_build_object('facets', c.facets::json, 'packs', c.packs)), '[]')
        FROM pack_cell c WHERE c.tenant_id = $1 AND c.packs > 0) END AS cells
      FROM (SELECT ${VERSION} AS version) AS now`,
    values: [tenantId, held?.version ?? null],
  })
  const [{ version, cells }] = rows as [{ version: string; cells: Cell[] | null }]
  if (held && !cells) return held
  return remember(tenantId, { version, cells: cells ?? [] })
}

function remember(tenantId: string, { version, cells }: Omit<Cells, 'packs'>): Cells {
  const found = { version, cells, packs: cells.reduce((sum, one) => sum + one.packs, 0) }
  remembered.delete(tenantId) // put back last: the map is in order of use
  remembered.set(tenantId, found)
  if (remembered.size > REMEMBERED)
    for (const oldest of [...remembered.keys()].slice(0, 1)) remembered.delete(oldest)
  return found
}

/** As they were when they were last read, which may be long ago: whoever uses them compares the version. */
export const rememberedCells = async (tenantId: string): Promise<Cells> =>
  remembered.get(tenantId) ?? findCells(tenantId)
