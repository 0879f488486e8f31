import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { PackFilter } from '../registries/schema'
import { findRegistry } from '../registries/store'
import { FILTER_WORDS, type FilterRule, ruleOfList } from './filter'
import { findTraces, OTHERS_SHOWN, type Traces } from './store/history'

export interface Answer {
  state: 'here' | 'kept' | 'held' | 'failing' | 'filtered' | 'gone' | 'unlisted' | 'unread'
  /** Whether it is in the catalog. */
  isHere: boolean
  /** For people: what is known, and what happens next. */
  message: string
  /** Since when it is so. */
  since: Date | null
}

/**
 * Why a version of a pack is in the catalog of a registry, or is not.
 *
 * @throws AppError `not_found` where there is no such registry; `invalid` without a name or version
 */
export async function explainVersion(
  actor: Actor,
  id: string,
  { name, version }: { name: string; version: string },
): Promise<Answer> {
  authorize(actor, 'packRegistry.get')
  const registry = await findRegistry(actor.tenantId, id)
  if (!registry) throw new AppError('not_found', 'There is no such registry.')
  if (name === '' || version === '')
    throw new AppError('invalid', 'Name a pack and a version.', {
      fields: { [name === '' ? 'name' : 'version']: 'Missing' },
    })
  const filter = PackFilter.parse(registry.filter)
  return toAnswer(
    await findTraces(actor.tenantId, id, name, version),
    registry,
    ruleOfList({ name, version }, filter),
  )
}

/** What is known of a version, as an answer. */
export function toAnswer(
  { held, failure, others }: Traces,
  registry: { lastSyncedAt: Date | null; lastMessage: string; paused: boolean },
  /** The rule of its filter by which it would be left out, listed or not. */
  rule?: FilterRule,
): Answer {
  const trouble = registry.paused
    ? ' Syncs are paused, so what was pushed since is not read.'
    : registry.lastMessage === ''
      ? ''
      : ` The last sync did not end well, so what was pushed since is not read: ${registry.lastMessage}`
  const isHere = held !== null && held.goneAt === null
  if (isHere && failure)
    return {
      ...{ state: 'failing', isHere, since: failure.since },
      message: `It is here as it was before. What the registry has by now could not be read: ${failure.reason} It is tried again at each sync.`,
    }
  if (failure)
    return {
      ...{ state: 'failing', isHere, since: failure.since },
      message: `The registry lists it, and it could not be read: ${failure.reason} It is tried again at each sync.`,
    }
  if (isHere && held.keptAt)
    return {
      ...{ state: 'kept', isHere, since: held.keptAt },
      message: 'It is here. The registry no longer lists it, and somebody decided to keep it.',
    }
  if (isHere && held.heldAt)
    return {
      ...{ state: 'held', isHere, since: held.heldAt },
      message:
        'It is here. The registry stopped listing it together with many others, and a person has to decide whether they go.',
    }
  if (isHere) return { state: 'here', isHere, since: held.createdAt, message: 'It is here.' }
  if (held && held.leftOutBy !== '')
    return {
      ...{ state: 'filtered', isHere, since: held.goneAt },
      message: `The registry lists it, and its filter leaves it out: ${FILTER_WORDS[held.leftOutBy as FilterRule]}. Change the filter in the settings of the registry to take it.`,
    }
  if (held)
    return {
      ...{ state: 'gone', isHere, since: held.goneAt },
      message: `The registry stopped listing it. Profiles that hold it keep it. Listed again, it is back after the next sync.${trouble}`,
    }
  if (registry.lastSyncedAt === null)
    return {
      ...{ state: 'unread', isHere, since: null },
      message: `The registry has not been read yet.${registry.lastMessage === '' ? '' : ` ${registry.lastMessage}`}`,
    }
  if (rule)
    return {
      ...{ state: 'filtered', isHere, since: null },
      message: `The filter of the registry leaves it out, whether it is listed or not: ${FILTER_WORDS[rule]}. Change the filter in the settings of the registry to take it.`,
    }
  const rest =
    others.length === 0
      ? 'It lists no pack of this name.'
      : `Of this pack it lists ${others.join(', ')}${others.length < OTHERS_SHOWN ? '' : ' and perhaps more'}.`
  return {
    ...{ state: 'unlisted', isHere, since: registry.lastSyncedAt },
    message: `The registry did not list it when it was last read. ${rest}${trouble}`,
  }
}
