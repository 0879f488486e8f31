import { OCI_INDEX } from '@/lib/pack-format/media-types'

import type { Handler } from '../call'
import { linkToNext, readPage } from '../paging'
import type { Manifest } from '../storage/changes'
import type { Content } from '../storage/content'

/** An answer is ended after so many bytes of descriptors, since clients take no manifest of more than 4 MiB. */
const PAGE_BYTES = 2 * 1024 * 1024

/**
 * What is about a manifest: signatures, SBOMs, whatever names it as its subject. An empty list where there is nothing,
 * and where there is no such repository.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export const getReferrers: Handler<'referrers'> = async ({ route, query, reply, storage }) => {
  const { prefix, repository, digest } = route
  const held = storage.catalog.get(repository)
  const { count, last } = readPage(query)
  const type = query.get('artifactType')
  const manifests: object[] = []
  let bytes = 0
  let shown = ''
  for (const one of held?.referrersOf(digest).after(last, Number.POSITIVE_INFINITY) ?? []) {
    const manifest = held?.manifests.get(one)
    if (!manifest || (type && manifest.referrerType !== type)) continue
    if (manifests.length >= count || bytes > PAGE_BYTES) {
      const next = new URLSearchParams({ n: String(count), last: shown, ...(type && { artifactType: type }) })
      if (count > 0) reply.header('link', linkToNext(`${prefix}/${repository}/referrers/${digest}`, next))
      break
    }
    const descriptor = await toDescriptor(manifest, storage.content)
    bytes += JSON.stringify(descriptor).length
    shown = one
    manifests.push(descriptor)
  }
  if (type) reply.header('oci-filters-applied', 'artifactType')
  // As bytes: a text would be given a character set, and clients compare the type as a whole.
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }))
  return reply.header('content-type', OCI_INDEX).send(index)
}

/** Annotations are as large as whoever pushed them wanted, so they stay on the disk until somebody asks. */
async function toDescriptor({ mediaType, digest, bytes, referrerType }: Manifest, content: Content) {
  const { annotations } = JSON.parse((await content.read(digest)).toString('utf8'))
  return {
    mediaType,
    digest,
    size: bytes,
    ...(referrerType && { artifactType: referrerType }),
    ...(annotations && { annotations }),
  }
}
