import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import { isTrack } from '../pack-format/tag'
import {
  countVersionsOf,
  findSources,
  findTags,
  findVersionPage,
  type ListedVersion,
  type Source,
  type TagRow,
  type VersionsWanted,
} from './store/one-pack'

/** Tracks and labels of one pack that are told. */
const MAX_TAGS = 500

export interface OnePack {
  name: string
  /** The registry with the newest version first. */
  sources: Source[]
  /** `1.33.x`: what each stands for now. */
  tracks: TagRow[]
  /** `stable`, `lts__14.4.3` */
  labels: TagRow[]
}

const notThere = () => new AppError('not_found', 'There is no such pack.')

/** One pack by its name: where it is, and what its tracks stand for. @throws AppError `not_found` */
export async function readPackByName(actor: Actor, name: string): Promise<OnePack> {
  authorize(actor, 'pack.get')
  const [sources, tags] = await Promise.all([
    findSources(actor.tenantId, name),
    findTags(actor.tenantId, name, MAX_TAGS),
  ])
  if (sources.length === 0) throw notThere()
  return {
    name,
    sources,
    tracks: tags.filter((one) => isTrack(one.tag)),
    labels: tags.filter((one) => !isTrack(one.tag)),
  }
}

/**
 * The versions of one pack, newest first, also those that a registry no longer lists.
 *
 * @param after the last one of the page before
 * @throws AppError `not_found`
 */
export async function listVersionsOf(
  actor: Actor,
  where: VersionsWanted,
  page: { after: [key: string, id: string] | null; limit: number },
): Promise<{ versions: ListedVersion[]; count: number; next: [key: string, id: string] | null }> {
  authorize(actor, 'pack.get')
  const [found, count] = await Promise.all([
    findVersionPage(actor.tenantId, where, page.after, page.limit + 1),
    countVersionsOf(actor.tenantId, where),
  ])
  if (count === 0 && where.text === '' && !where.version) throw notThere()
  const versions = found.slice(0, page.limit)
  const last = versions.at(-1)
  return { versions, count, next: found.length > page.limit && last ? [last.versionKey, last.packUid] : null }
}
