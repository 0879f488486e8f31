import { isDigest, isRepositoryName, isTag } from './names'

export type Prefix = '/v1' | '/v2'

/** A place in the API. Names, tags and digests in it are valid. */
export type Route =
  | { at: 'health' }
  | { at: 'probe'; prefix: Prefix }
  | { at: 'catalog'; prefix: Prefix }
  | { at: 'packs'; prefix: '/v1' }
  | { at: 'contents'; prefix: '/v1' }
  | { at: 'collect'; prefix: '/v1' }
  | { at: 'referrers'; prefix: '/v2'; repository: string; digest: string }
  | { at: 'tags'; prefix: Prefix; repository: string }
  | { at: 'manifest'; prefix: Prefix; repository: string; reference: string }
  | { at: 'blob'; prefix: Prefix; repository: string; digest: string }
  | { at: 'uploads'; prefix: Prefix; repository: string }
  | { at: 'upload'; prefix: Prefix; repository: string; id: string }

export type At = Route['at']

/** Why a path leads nowhere. */
export type NoRoute = { at: 'nowhere'; wrong: 'path' | 'name' | 'tag' | 'digest' }

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Reads a path, without its query. It is decoded once, and then it has to be spelled in the one right way: a double
 * slash, a dot segment, another case or a second encoding leads nowhere, so that what is authorized is what is read.
 */
export function readRoute(path: string): Route | NoRoute {
  const decoded = decode(path)
  if (decoded === '/health') return { at: 'health' }
  const match = /^(\/v[12])(?:\/(.*))?$/s.exec(decoded ?? '')
  if (!match) return nowhere('path')
  const prefix = match[1] as Prefix
  const rest = match[2] ?? ''
  if (rest === '') return { at: 'probe', prefix }
  if (rest === '_catalog') return { at: 'catalog', prefix }
  if (rest === '_packyard/catalog' && prefix === '/v1') return { at: 'packs', prefix }
  if (rest === '_packyard/collect' && prefix === '/v1') return { at: 'collect', prefix }
  if (rest === '_packyard/contents' && prefix === '/v1') return { at: 'contents', prefix }

  const found =
    /^(?<repository>.+)\/(?:(?<tags>tags\/list)|referrers\/(?<subject>[^/]+)|manifests\/(?<reference>[^/]+)|blobs\/uploads\/(?<id>[^/]*)|(?<start>blobs\/uploads)|blobs\/(?<digest>[^/]+))$/s.exec(
      rest,
    )?.groups
  if (!found) return nowhere('path')
  const { repository = '', tags, subject, reference, id, start, digest } = found
  if (!isRepositoryName(repository)) return nowhere('name')
  if (tags) return { at: 'tags', prefix, repository }
  if (subject && prefix === '/v2')
    return isDigest(subject) ? { at: 'referrers', prefix, repository, digest: subject } : nowhere('digest')
  if (subject) return nowhere('path')
  if (start || id === '') return { at: 'uploads', prefix, repository }
  if (id) return UUID.test(id) ? { at: 'upload', prefix, repository, id } : nowhere('path')
  if (digest) return isDigest(digest) ? { at: 'blob', prefix, repository, digest } : nowhere('digest')
  if (!reference) return nowhere('path')
  if (reference.includes(':') && !isDigest(reference)) return nowhere('digest')
  return isDigest(reference) || isTag(reference)
    ? { at: 'manifest', prefix, repository, reference }
    : nowhere('tag')
}

const nowhere = (wrong: NoRoute['wrong']): NoRoute => ({ at: 'nowhere', wrong })

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
