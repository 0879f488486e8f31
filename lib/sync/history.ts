import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { RunItemKind } from '../registries/schema'
import { findRegistry } from '../registries/store'
import { inOrder } from './run-log'
import { findFailures, findRun, findRuns } from './store/history'

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

/** One run with what it did to which version. @throws AppError `not_found` */
export async function readRun(actor: Actor, registryId: string, id: string) {
  await mustSee(actor, registryId)
  const found = await findRun(actor.tenantId, registryId, id)
  if (!found) throw new AppError('not_found', 'There is no such sync run. Old ones are forgotten.')
  const { items, ...run } = found
  const more = Object.fromEntries(
    RunItemKind.options.map((kind) => [
      kind,
      Math.max(0, run[kind] - items.filter((one) => one.kind === kind).length),
    ]),
  ) as Record<RunItemKind, number>
  return { run, items: inOrder(items), more }
}
