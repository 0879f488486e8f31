import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { PackFilter } from '../registries/schema'
import { findRegistry } from '../registries/store'
import { FILTER_WORDS, type FilterRule, ruleOfList, ruleOfName } from './filter'
import { findTraces, OTHERS_SHOWN, type Traces } from './store/history'
import { findPackTraces, type PackTraces, type RegistryTraces } from './store/traces'

export interface Answer {
  state: 'here' | 'kept' | 'held' | 'failing' | 'filtered' | 'gone' | 'unlisted' | 'unread'
  /** Whether it is in the catalog. */
  isHere: boolean
  /** For people: what is known, and what happens next. */
  message: string
  /** Since when it is so. */
  since: Date | null
  /** Why the registry itself is not read as it should be, where that may be the reason; and since when. */
  trouble: { message: string; since: Date } | null
}

/** What of a registry tells whether it is read. */
export interface Reading {
  lastSyncedAt: Date | null
  lastMessage: string
  readySince: Date
  paused: boolean
  pausedBy: string
  pausedSince: Date
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
  mustBeNamed({ name, version })
  const filter = PackFilter.parse(registry.filter)
  return toAnswer(
    await findTraces(actor.tenantId, id, name, version),
    registry,
    ruleOfList({ name, version }, filter),
  )
}

function mustBeNamed(fields: Record<string, string>): void {
  const [missing] = Object.keys(fields).filter((field) => fields[field] === '')
  if (missing === undefined) return
  const words = Object.keys(fields).length > 1 ? 'Name a pack and a version.' : 'Name a pack.'
  throw new AppError('invalid', words, { fields: { [missing]: 'Missing' } })
}

/** So many registries are answered for; those that know something of the pack come first. */
const REGISTRIES_SHOWN = 100

export interface AnswerOfRegistry extends Answer {
  id: string
  name: string
  kind: string
}

/**
 * Why a pack, or one version of it, is in the catalog of each registry, or is not.
 *
 * @param version empty: any
 * @throws AppError `invalid` without a name
 */
export async function explainPack(
  actor: Actor,
  { name, version }: { name: string; version: string },
): Promise<{ answers: AnswerOfRegistry[]; isMore: boolean }> {
  authorize(actor, 'packRegistry.get')
  mustBeNamed({ name })
  const found = await findPackTraces(actor.tenantId, name, version, REGISTRIES_SHOWN + 1)
  const answers = found.slice(0, REGISTRIES_SHOWN).map((row) => {
    const { id, kind } = row
    return { ...{ id, kind, name: row.registryName }, ...answerOf(row, name, version) }
  })
  return { answers, isMore: found.length > REGISTRIES_SHOWN }
}

function answerOf(row: RegistryTraces, name: string, version: string): Answer {
  const filter = PackFilter.parse(row.filter)
  if (version === '') return toPackAnswer(row.pack, row, ruleOfName(name, filter))
  return toAnswer({ ...row.one, others: row.pack.newest }, row, ruleOfList({ name, version }, filter))
}

/** Why a registry is not read as it should be. */
function troubleOf(registry: Reading): Answer['trouble'] {
  const isUnread = registry.lastSyncedAt === null
  if (registry.paused) {
    const what = registry.pausedBy ? `${registry.pausedBy} paused its syncs` : 'Its syncs are paused'
    return {
      message: isUnread ? `${what}.` : `${what}: what was pushed since is not read.`,
      since: registry.pausedSince,
    }
  }
  if (registry.lastMessage === '') return null
  const what = isUnread
    ? 'Its first sync did not end well'
    : 'Its last sync did not end well, so what was pushed since is not read'
  return { message: `${what}: ${registry.lastMessage}`, since: registry.readySince }
}

const RETRIED = 'It is tried again at each sync.'
const TO_TAKE = 'Change the filter in the settings of the registry to take it.'

/** What is known of a version, as an answer. */
export function toAnswer(
  { held, failure, others }: Traces,
  registry: Reading,
  /** The rule of its filter by which it would be left out, listed or not. */
  rule?: FilterRule,
): Answer {
  const isHere = held !== null && held.goneAt === null
  const known = { isHere, trouble: null }
  if (isHere && failure)
    return {
      ...{ ...known, state: 'failing', since: failure.since },
      message: `It is here as it was before. What the registry has by now could not be read: ${failure.reason} ${RETRIED}`,
    }
  if (failure)
    return {
      ...{ ...known, state: 'failing', since: failure.since },
      message: `The registry lists it, and it could not be read: ${failure.reason} ${RETRIED}`,
    }
  if (isHere && held.keptAt)
    return {
      ...{ ...known, state: 'kept', since: held.keptAt },
      message: 'It is here. The registry no longer lists it, and somebody decided to keep it.',
    }
  if (isHere && held.heldAt)
    return {
      ...{ ...known, state: 'held', since: held.heldAt },
      message:
        'It is here. The registry stopped listing it together with many others, and a person has to decide whether they go.',
    }
  if (isHere) return { ...known, state: 'here', since: held.createdAt, message: 'It is here.' }
  if (held && held.leftOutBy !== '')
    return {
      ...{ ...known, state: 'filtered', since: held.goneAt },
      message: `The registry lists it, and its filter leaves it out: ${FILTER_WORDS[held.leftOutBy as FilterRule]}. ${TO_TAKE}`,
    }
  if (held)
    return {
      ...{ isHere, state: 'gone', since: held.goneAt, trouble: troubleOf(registry) },
      message:
        'The registry stopped listing it. Profiles that hold it keep it. Listed again, it is back after the next sync.',
    }
  const rest =
    others.length === 0
      ? 'It lists no pack of this name.'
      : `Of this pack it lists ${others.join(', ')}${others.length < OTHERS_SHOWN ? '' : ' and perhaps more'}.`
  return neverListed(registry, rule, rest)
}

/** What was never taken, and of which nothing else is known. */
function neverListed(registry: Reading, rule: FilterRule | undefined, rest: string): Answer {
  const trouble = troubleOf(registry)
  if (registry.lastSyncedAt === null)
    return {
      ...{ state: 'unread', isHere: false, since: null, trouble },
      message: 'The registry has not been read yet.',
    }
  if (rule)
    return {
      ...{ state: 'filtered', isHere: false, since: null, trouble: null },
      message: `The filter of the registry leaves it out, whether it is listed or not: ${FILTER_WORDS[rule]}. ${TO_TAKE}`,
    }
  return {
    ...{ state: 'unlisted', isHere: false, since: registry.lastSyncedAt, trouble },
    message: `The registry did not list it when it was last read. ${rest}`,
  }
}

const versions = (n: number) => (n === 1 ? 'one version' : `${n.toLocaleString('en')} versions`)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What is known of all versions of a pack, as an answer. */
export function toPackAnswer(
  { here, newest, failing, failure, leftOut, rule, gone, goneAt }: PackTraces,
  registry: Reading,
  /** The rule of its filter by which a pack of this name would be left out. */
  ruleOfItsName?: FilterRule,
): Answer {
  const failed = failure ? `${failure.version}: ${failure.reason} ${RETRIED}` : ''
  const left = rule ? FILTER_WORDS[rule] : ''
  if (here > 0) {
    const more = [
      failing > 0
        ? ` ${capital(versions(failing))} could not be read as listed by now, such as ${failed}`
        : '',
      leftOut > 0 ? ` Its filter leaves out ${versions(leftOut)}: ${left}.` : '',
      gone > 0 ? ` It no longer lists ${versions(gone)} that it had.` : '',
    ]
    return {
      ...{
        state: failing > 0 ? 'failing' : 'here',
        isHere: true,
        since: failure?.since ?? null,
        trouble: null,
      },
      message: `${capital(versions(here))} ${here === 1 ? 'is' : 'are'} here${newest[0] ? `, the newest is ${newest[0]}` : ''}.${more.join('')}`,
    }
  }
  const known = { isHere: false, trouble: null }
  if (failure)
    return {
      ...{ ...known, state: 'failing', since: failure.since },
      message: `The registry lists ${versions(failing)}, and none could be read. ${failed}`,
    }
  if (leftOut > 0)
    return {
      ...{ ...known, state: 'filtered', since: goneAt },
      message: `The registry lists it, and its filter leaves out all ${versions(leftOut)}: ${left}. ${TO_TAKE}`,
    }
  if (gone > 0)
    return {
      ...{ isHere: false, state: 'gone', since: goneAt, trouble: troubleOf(registry) },
      message: `The registry stopped listing it: it had ${versions(gone)}. Profiles that hold them keep them. Listed again, it is back after the next sync.`,
    }
  return neverListed(registry, ruleOfItsName, 'It lists no pack of this name.')
}
