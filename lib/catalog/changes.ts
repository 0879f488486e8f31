import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import type { ChangeFilter } from './schema'
import { type ChangeRow, findChanges } from './store/changes'

/**
 * What changed in the catalog, newest first.
 *
 * @param before the id of the last entry of the page before; null for the first page
 * @returns entries, and where the next page begins; null at the end
 */
export async function listChanges(
  actor: Actor,
  filter: ChangeFilter,
  { before, limit }: { before: string | null; limit: number },
): Promise<{ rows: ChangeRow[]; next: string | null }> {
  authorize(actor, 'pack.list')
  const rows = await findChanges(actor.tenantId, filter, { before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
}
