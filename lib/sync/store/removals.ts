import { sqlInTenant } from '../../db/in-tenant'
import { noteMovedOf } from './events'
import { inTransaction } from './fence'

/** In a statement on `registry` whose first parameters are tenant and registry: whether removals wait for a person. */
export const IS_HOLDING = `EXISTS (
  SELECT FROM held_removal h WHERE h.tenant_id = $1 AND h.registry_id = $2 AND h.kept_at IS NULL)`

/** Removals that wait for a person, or those that a person decided against. */
export type HeldList = 'held' | 'kept'

export interface HeldSummary {
  count: number
  /** Names this very list: another list has another one. */
  proposal: string
  of: number
  since: Date | null
}

const SUMMARY = `SELECT count(*)::int AS count, md5(COALESCE(string_agg(pack_version_id, ',' ORDER BY pack_version_id), ''))
    AS proposal, COALESCE(min(of_versions), 0) AS of, min(held_at) AS since
  FROM held_removal WHERE tenant_id = $1 AND registry_id = $2 AND (kept_at IS NOT NULL) = ($3 = 'kept')`

const HELD_SHOWN = 1000

/** One of the lists: how long it is, and its first 1,000. */
export async function findHeld(tenantId: string, registryId: string, list: HeldList) {
  const [summary, versions] = await Promise.all([
    sqlInTenant(tenantId).query(SUMMARY, [tenantId, registryId, list]),
    sqlInTenant(tenantId).query(
      `SELECT v.name, v.version, h.held_at AS "heldAt" FROM held_removal h
       JOIN pack_version v ON v.tenant_id = $1 AND v.id = h.pack_version_id
       WHERE h.tenant_id = $1 AND h.registry_id = $2 AND (h.kept_at IS NOT NULL) = ($3 = 'kept')
       ORDER BY v.name, v.version_key DESC, v.version LIMIT ${HELD_SHOWN}`,
      [tenantId, registryId, list],
    ),
  ])
  return {
    ...(summary.rows[0] as HeldSummary),
    versions: versions.rows as { name: string; version: string; heldAt: Date }[],
  }
}

/**
 * Decides about a list of removals: marks its versions as gone, or keeps them.
 *
 * @param proposal the list that the person saw; null: whatever it holds by now
 * @returns how many versions; null when the list is another one by now
 */
export const decideHeld = (
  tenantId: string,
  registryId: string,
  list: HeldList,
  proposal: string | null,
  decision: 'remove' | 'keep',
): Promise<number | null> =>
  inTransaction(tenantId, async (query) => {
    const these = [tenantId, registryId]
    // A run that settles locks it too.
    await query('SELECT FROM registry WHERE tenant_id = $1 AND id = $2 FOR UPDATE', these)
    const { rows } = await query(SUMMARY, [...these, list])
    const { count, proposal: now } = rows[0] as HeldSummary
    if (proposal !== null && proposal !== now) return null
    const settled = () =>
      query(`UPDATE registry SET holding = ${IS_HOLDING} WHERE tenant_id = $1 AND id = $2`, these)
    const isListed = `h.tenant_id = $1 AND h.registry_id = $2 AND (h.kept_at IS NOT NULL) = ($3 = 'kept')`
    if (decision === 'keep') {
      await query(`UPDATE held_removal h SET kept_at = now() WHERE ${isListed}`, [...these, list])
      await settled()
      return count
    }
    const going = `SELECT h.pack_version_id AS id, '' AS rule FROM held_removal h
      WHERE h.tenant_id = $1 AND h.registry_id = $2 AND (h.kept_at IS NOT NULL) = ($5 = 'kept')`
    await noteMovedOf(query, [tenantId, registryId, ''], 'removed', going, [list])
    await query(
      `UPDATE pack_version v SET gone_at = now(), updated_at = now() FROM held_removal h
       WHERE ${isListed} AND v.tenant_id = $1 AND v.id = h.pack_version_id AND v.gone_at IS NULL`,
      [...these, list],
    )
    await query(
      `DELETE FROM pack_tag p USING held_removal h
       WHERE ${isListed} AND p.tenant_id = $1 AND p.registry_id = $2 AND p.pack_version_id = h.pack_version_id`,
      [...these, list],
    )
    await query(`DELETE FROM held_removal h WHERE ${isListed}`, [...these, list])
    await settled()
    return count
  })
