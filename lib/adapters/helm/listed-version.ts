/** One version of one chart, as an index lists it. */
export interface ListedVersion {
  name: string
  version: string
  /** Of the archive; as written. */
  digest: string | null
  /** '' where the index does not say. */
  created: string
  urls: string[]
}

/** Takes what is read, in the index's order. */
export interface Sink {
  add(version: ListedVersion): void
}

/** One way to read an index, fed as it comes. */
export interface Reader {
  /** @throws Unusual */
  feed(chunk: Buffer): void
  /** @throws Unusual */
  end(): End
}

/** What tells a whole index from one that was cut. */
export interface End {
  /** Something after the charts was read: they are all there. */
  closed: boolean
  endsWithLine: boolean
  isLastWhole: boolean
}

/** Written in a way that this reader does not follow: the YAML library has to say what it means. */
export class Unusual extends Error {
  override readonly name = 'Unusual'
}

export const isMap = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data)

const asText = (value: unknown) =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

/** @returns null for what is no version of a chart */
export function listedVersion(name: string, data: unknown): ListedVersion | null {
  if (!isMap(data)) return null
  const version = asText(data.version)
  if (version === null) return null
  return {
    name,
    version,
    digest: asText(data.digest),
    created: asText(data.created) ?? '',
    urls: (Array.isArray(data.urls) ? data.urls : []).flatMap((one) => asText(one) ?? []).slice(0, 8),
  }
}
