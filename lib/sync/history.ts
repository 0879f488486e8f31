import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { findRegistry } from '../registries/store'
import { findFailures, findRuns } from './store/history'

const RUNS_SHOWN = 50

async function mustSee(actor: Actor, registryId: string) {
  authorize(actor, 'packRegistry.get')
  if (!(await findRegistry(actor.tenantId, registryId)))
    throw new AppError('not_found', 'There is no such registry.')
}

/** The last runs of a registry, newest first. @throws AppError `not_found` */
export async function readRuns(actor: Actor, registryId: string) {
  await mustSee(actor, registryId)
  return findRuns(actor.tenantId, registryId, RUNS_SHOWN)
}

/** The versions that a registry lists and that could not be read. @throws AppError `not_found` */
export async function readFailures(actor: Actor, registryId: string) {
  await mustSee(actor, registryId)
  return findFailures(actor.tenantId, registryId)
}
