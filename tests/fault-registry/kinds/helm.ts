import { stringify } from 'yaml'

import { digestOf } from '../../../lib/pack-format/oci'
import type { Catalog } from '../catalog'
import { answer, type Request } from '../http'
import type { Served } from '.'

/** An index as `helm repo index` writes it. */
export function indexOf(catalog: Catalog): string {
  const entries: Record<string, unknown[]> = {}
  for (const { name, version, digest, entry } of catalog) {
    const urls = [`${name}-${version}.tgz`]
    const one = {
      apiVersion: 'v2',
      created: '2026-03-04T05:06:07Z',
      digest: digest.slice(7),
      name,
      urls,
      version,
    }
    entries[name] = [...(entries[name] ?? []), { ...one, ...entry }]
  }
  return stringify(
    { apiVersion: 'v1', entries, generated: '2026-03-04T05:06:07Z' },
    { indentSeq: false, sortMapEntries: true, aliasDuplicateObjects: false },
  )
}

/** A chart repository: its index, and the archives beside it. */
export function answerChart(catalog: Catalog, { path, headers }: Request): Served {
  if (path === '/index.yaml') {
    const body = indexOf(catalog)
    const etag = `"${digestOf(Buffer.from(body)).slice(7, 23)}"`
    const isSame = headers['if-none-match'] === etag
    return {
      endpoint: 'catalog',
      answer: isSame
        ? answer(304, '', { etag })
        : answer(200, body, { etag, 'content-type': 'application/yaml' }),
    }
  }
  const item = catalog.find((one) => path === `/${one.name}-${one.version}.tgz`)
  const [blob] = item?.blobs.values() ?? []
  if (!item || !blob) return { endpoint: 'other', answer: answer(404, 'Not there\n') }
  const { name, version } = item
  return {
    endpoint: 'content',
    answer: answer(200, blob.bytes, { 'content-type': 'application/gzip' }),
    name,
    version,
  }
}
