import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { recordAudit } from '../audit/record'
import { AppError } from '../errors'
import { findRegistry } from '../registries/store'
import { decideHeld, findHeld, type HeldList } from './store/removals'

const NUMBERS = new Intl.NumberFormat('en')

/**
 * The removals of a registry that wait for a person, and those that a person decided against.
 *
 * @throws AppError `not_found`
 */
export async function readHeld(actor: Actor, id: string) {
  authorize(actor, 'packRegistry.get')
  if (!(await findRegistry(actor.tenantId, id))) throw new AppError('not_found', 'There is no such registry.')
  const [held, kept] = await Promise.all([
    findHeld(actor.tenantId, id, 'held'),
    findHeld(actor.tenantId, id, 'kept'),
  ])
  return { held, kept }
}

/**
 * Marks the versions of a list as gone, as a sync does with fewer of them.
 *
 * @param proposal the list that the person saw
 * @returns the audit event's uid
 * @throws AppError `not_found`; `conflict` where nothing waits, or the list is another one by now
 */
export async function applyHeld(
  actor: Actor,
  id: string,
  { list, proposal }: { list: HeldList; proposal: string | null },
): Promise<string> {
  authorize(actor, 'packRegistry.update')
  return decide(actor, id, list, proposal, 'remove', (versions) => `Removed ${versions} no longer listed`)
}

/**
 * Keeps the versions that wait, for as long as the registry does not list them: they are asked about no more. Listed
 * again, they are like every other one.
 *
 * @param proposal the list that the person saw
 * @returns the audit event's uid
 * @throws AppError `not_found`; `conflict` where nothing waits, or the list is another one by now
 */
export async function discardHeld(actor: Actor, id: string, proposal: string | null): Promise<string> {
  authorize(actor, 'packRegistry.update')
  return decide(actor, id, 'held', proposal, 'keep', (versions) => `Kept ${versions} no longer listed`)
}

async function decide(
  actor: Actor,
  id: string,
  list: HeldList,
  proposal: string | null,
  decision: 'remove' | 'keep',
  message: (versions: string) => string,
): Promise<string> {
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  const count = await decideHeld(actor.tenantId, id, list, proposal, decision)
  if (count === null)
    throw new AppError('conflict', 'The list has changed since it was shown. Look at it again, then decide.')
  if (count === 0) throw new AppError('conflict', 'No removal of this registry waits for a decision.')
  return recordAudit(actor, {
    action: 'action',
    kind: 'registry',
    id,
    name: registry.name,
    message: message(count === 1 ? '1 version' : `${NUMBERS.format(count)} versions`),
  })
}
