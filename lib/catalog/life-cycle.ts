import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import type { PackState } from './schema'
import { findLastChanges } from './store/changes'
import { findVersion } from './store/versions'

/** Where a version stands in its life, and since when. What was so when its registry was added has no date. */
export interface LifeCycle {
  state: PackState
  stateSince: Date | null
  eol: string
  eolSince: Date | null
  goneAt: Date | null
  leftOutBy: string
  /** The last time that the registry had other content under the same version. */
  rePushed: { at: Date; was: string; became: string } | null
}

/** @throws AppError `not_found` */
export async function readLifeCycle(actor: Actor, id: string): Promise<LifeCycle> {
  authorize(actor, 'pack.get')
  const version = await findVersion(actor.tenantId, id)
  if (!version) throw new AppError('not_found', 'There is no such pack.')
  const last = await findLastChanges(actor.tenantId, version)
  const state = version.state as PackState
  return {
    ...{ state, eol: version.eol, goneAt: version.goneAt, leftOutBy: version.leftOutBy },
    stateSince: last.get(state === 'active' ? 'reinstated' : state)?.at ?? null,
    eolSince: last.get('eolSet')?.at ?? null,
    rePushed: last.get('repushed') ?? null,
  }
}
