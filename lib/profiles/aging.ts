import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { END_NEAR_DAYS } from '../pack-format/end-near'
import { mustFind } from './find'
import { type AgingPack, findAgingPacks } from './store'

const SHOWN = 50

/**
 * The packs of profiles that need a person: deprecated, disabled, deleted, gone from their registry, at or near the end
 * of their life, or pushed again with other content. 50 at most, those first that are worst.
 *
 * @param profileId of one profile version alone
 * @throws AppError `not_found`
 */
export async function listAgingPacks(actor: Actor, profileId?: string): Promise<AgingPack[]> {
  authorize(actor, 'clusterProfile.list')
  if (profileId !== undefined) await mustFind(actor, profileId)
  return findAgingPacks(actor.tenantId, actor.projectId, { profileId, nearDays: END_NEAR_DAYS, limit: SHOWN })
}
