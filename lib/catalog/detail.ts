import type { Actor } from '../access/actor'
import { authorize } from '../access/authorize'
import { AppError } from '../errors'
import type { PackState } from './schema'
import {
  countVersions,
  findContents,
  findRevisions,
  findVersion,
  findVersions,
  type RevisionRow,
  sizesOf,
  type VersionRow,
} from './store/versions'

const MAX_VERSIONS = 10_000
/** Of one answer: so many versions come with their contents at most, and so many bytes of them. The first always does. */
const WITH_CONTENTS = { versions: 50, bytes: 4 * 1024 * 1024 }

/** One version with what its newest revision holds. */
export interface PackDetail {
  version: VersionRow
  revision: RevisionRow
  values: string
  readme: string
}

const notThere = () => new AppError('not_found', 'There is no such pack.')

const text = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes).toString('utf8') : '')

/** The first of these versions with their contents, as many as one answer takes. */
async function withContents(
  tenantId: string,
  versions: VersionRow[],
  readmes: boolean,
): Promise<PackDetail[]> {
  const first = versions.slice(0, WITH_CONTENTS.versions)
  const revisions = await findRevisions(
    tenantId,
    first.map((version) => version.revisionId),
  )
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  const found = first.flatMap((version) => {
    const revision = byId.get(version.revisionId)
    return revision ? [{ version, revision }] : []
  })
  const partsOf = ({ valuesDigest, readmeDigest }: RevisionRow) =>
    [valuesDigest, readmes ? readmeDigest : null].filter((digest) => digest !== null)
  const digestsOf = (details: { revision: RevisionRow }[]) => [
    ...new Set(details.flatMap(({ revision }) => partsOf(revision))),
  ]
  const sizes = await sizesOf(tenantId, digestsOf(found))
  let bytes = 0
  // What two versions share stands twice in an answer.
  const taken = found.filter(({ revision }, index) => {
    for (const digest of partsOf(revision)) bytes += sizes.get(digest) ?? 0
    return index === 0 || bytes <= WITH_CONTENTS.bytes
  })
  const contents = await findContents(tenantId, digestsOf(taken))
  return taken.map(({ version, revision }) => ({
    version,
    revision,
    values: text(contents.get(revision.valuesDigest ?? '')),
    readme: readmes ? text(contents.get(revision.readmeDigest ?? '')) : '',
  }))
}

/** One version of a pack by its uid, gone from its registry or not. @throws AppError `not_found` */
export async function readPack(actor: Actor, id: string): Promise<PackDetail> {
  authorize(actor, 'pack.get')
  const version = await findVersion(actor.tenantId, id)
  if (!version) throw notThere()
  const [detail] = await withContents(actor.tenantId, [version], true)
  if (!detail) throw notThere()
  return detail
}

/**
 * Every version of one pack in one registry, newest first; the contents of the newest ones, as many as an answer takes.
 *
 * @param states without: all but disabled and deleted ones
 * @throws AppError `not_found`
 */
export async function readPackInRegistry(
  actor: Actor,
  where: { name: string; registryId: string; states: PackState[]; layer?: string },
): Promise<{ versions: VersionRow[]; details: PackDetail[] }> {
  authorize(actor, 'pack.get')
  const found = await findVersions(
    actor.tenantId,
    {
      name: where.name,
      registryId: where.registryId,
      states: where.states.length > 0 ? where.states : ['active', 'deprecated'],
      gone: true,
    },
    { take: MAX_VERSIONS },
  )
  const versions = found.filter((version) => !where.layer || version.layer === where.layer)
  if (versions.length === 0) throw notThere()
  return { versions, details: await withContents(actor.tenantId, versions, true) }
}

/** Versions as a flat list, for programs: where their values are large, fewer than were asked for. */
export async function listVersions(
  actor: Actor,
  where: { registryId?: string; name?: string; version?: string },
  page: { skip: number; take: number },
): Promise<{ details: PackDetail[]; count: number }> {
  authorize(actor, 'pack.list')
  const [versions, count] = await Promise.all([
    findVersions(actor.tenantId, where, page),
    countVersions(actor.tenantId, where),
  ])
  return { details: await withContents(actor.tenantId, versions, false), count }
}
