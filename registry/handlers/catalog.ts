import type { Handler } from '../call'
import { RegistryError } from '../errors'
import { page } from '../paging'

/** The names of all repositories; under /v1 of those that hold packs. */
export const getCatalog: Handler<'catalog'> = ({
  route: { prefix },
  query,
  reply,
  storage: { catalog },
}) => ({
  repositories: page(
    prefix === '/v1' ? catalog.packNames : catalog.names,
    query,
    `${prefix}/_catalog`,
    reply,
  ),
})

export const getTags: Handler<'tags'> = ({ route: { prefix, repository }, query, reply, storage }) => {
  const found = storage.catalog.get(repository)
  if (!found || found.manifests.size === 0)
    throw new RegistryError('NAME_UNKNOWN', `There is no repository ${repository}`)
  return { name: repository, tags: page(found.tagNames, query, `${prefix}/${repository}/tags/list`, reply) }
}
