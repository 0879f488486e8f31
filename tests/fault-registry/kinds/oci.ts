import type { Catalog } from '../catalog'
import { answer, json, type Request } from '../http'
import type { Served } from '.'

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const VERSION_HEADER = { 'docker-distribution-api-version': 'registry/2.0' }
/** Where packs lie. */
export const ARCHIVE = 'spectro-packs/archive/'

/**
 * Distribution's API over a catalog.
 *
 * @param base `/v1/` or `/v2/`
 * @param below the path before the names of packs
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export function answerDistribution(
  catalog: Catalog,
  { method, path }: Request,
  base: string,
  below = '',
): Served {
  const missing: Served = { endpoint: 'other', answer: answer(404, '{"errors":[{"code":"NAME_UNKNOWN"}]}') }
  if (!path.startsWith(base)) return missing
  const rest = path.slice(base.length)
  if (rest === '') return { endpoint: 'other', answer: json({}, VERSION_HEADER) }
  if (rest === '_catalog') {
    const repositories = [...new Set(catalog.map((one) => below + one.name))].sort()
    return { endpoint: 'catalog', answer: json({ repositories }) }
  }
  const [, repository = '', what, reference = ''] = /^(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(rest) ?? []
  const name = repository.startsWith(below) ? repository.slice(below.length) : ''
  const items = catalog.filter((one) => one.name === name)
  const [first] = items
  if (!first) return missing
  if (what === 'tags') {
    const tags = items.flatMap((one) => one.tags)
    return { endpoint: 'versions', answer: json({ name: repository, tags }), name }
  }
  if (what === 'manifests') {
    const item = items.find((one) => one.digest === reference || one.tags.includes(reference))
    if (!item) return missing
    const headers = { 'content-type': MANIFEST_TYPE, 'docker-content-digest': item.digest }
    const endpoint = method === 'HEAD' ? 'tag' : 'manifest'
    return { endpoint, answer: answer(200, item.manifest, headers), name, version: item.version }
  }
  const owner = items.find((one) => one.blobs.has(reference))
  const blob = owner?.blobs.get(reference)
  if (!owner || !blob) return missing
  return {
    ...{ endpoint: blob.isLogo ? 'logo' : 'content', name, version: owner.version },
    answer: answer(200, blob.bytes, { 'content-type': 'application/octet-stream' }),
  }
}

export const answerOci = (catalog: Catalog, request: Request): Served =>
  answerDistribution(catalog, request, '/v2/', ARCHIVE)
