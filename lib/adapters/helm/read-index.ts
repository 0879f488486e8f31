import { YAML_LIMITS } from '../../pack-format/yaml'
import { openParser } from '../../parser/parser'
import { RemoteError } from '../adapter'
import { jsonIndexReader } from './json-index'
import {
  type End,
  isMap,
  type ListedVersion,
  listedVersion,
  type Reader,
  type Sink,
  Unusual,
} from './listed-version'
import { yamlIndexReader } from './yaml-index'

/**
 * Reads an index.yaml (or JSON) as it comes, and gives what it lists a few at a time: the usual form in one pass with
 * little memory; other forms by the YAML library, up to 2 MiB.
 *
 * @param framed whether the transfer tells its own end, so that it cannot have been cut unnoticed
 * @returns which of the two read it
 * @throws RemoteError where it is no index, or may have been cut: what it gave before is not to be believed
 * @see https://helm.sh/docs/topics/chart_repository/#the-index-file
 */
export async function* readIndex(
  source: AsyncIterable<Uint8Array>,
  framed: boolean,
): AsyncGenerator<ListedVersion[], 'stream' | 'library'> {
  let found: ListedVersion[] = []
  const sink = { add: (one: ListedVersion) => void found.push(one) }
  let reader: Reader | undefined
  let head: Buffer = Buffer.alloc(0)
  let kept: Buffer[] | null = []
  let keptBytes = 0
  let unusual: Unusual | undefined
  const tooUnusual = (where: Unusual) =>
    new RemoteError(
      'catalog',
      'stalled',
      `The index is written in a form of YAML that is read up to ${YAML_LIMITS.bytes / 1024 / 1024} MiB only (${where.message}).`,
      'Write it with "helm repo index".',
    )

  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    keptBytes += bytes.length
    if (keptBytes > YAML_LIMITS.bytes) kept = null
    kept?.push(bytes)
    if (unusual) {
      if (!kept) throw tooUnusual(unusual)
      continue
    }
    try {
      if (reader) reader.feed(bytes)
      else {
        head = Buffer.concat([head, bytes])
        reader = readerFor(head, sink)
        reader?.feed(withoutMark(head))
      }
    } catch (error) {
      if (!(error instanceof Unusual)) throw error
      unusual = error
      if (!kept) throw tooUnusual(unusual)
    }
    // Until then it may turn out to be unusual, and is read anew.
    if (kept || found.length === 0) continue
    yield found
    found = []
  }

  let end: End | undefined
  if (!unusual) {
    try {
      end = reader?.end()
    } catch (error) {
      if (!(error instanceof Unusual)) throw error
      unusual = error
    }
  }
  if (end) {
    if (!isWhole(end, framed)) throw cut()
    yield found
    return 'stream'
  }
  if (!kept) throw unusual ? tooUnusual(unusual) : notAnIndex('something without charts')
  found = []
  await readByLibrary(Buffer.concat(kept), sink, framed)
  yield found
  return 'library'
}

const HEAD_MAX = 4096
const BOM = Buffer.from([0xef, 0xbb, 0xbf])
const withoutMark = (bytes: Buffer) => (bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes)

/** @returns undefined where its beginning does not tell yet */
function readerFor(head: Buffer, sink: Sink): Reader | undefined {
  const first = /^\ufeff?\s*([^\s\ufeff])/.exec(head.toString('utf8', 0, HEAD_MAX))?.[1]
  if ((first === undefined && head.length < HEAD_MAX) || head.length <= BOM.length) return undefined
  if (first === '<') throw notAnIndex('a web page')
  return first === '{' ? jsonIndexReader(sink) : yamlIndexReader(sink)
}

/**
 * An index that was cut at the end of a line is mostly sound YAML: what is missing would look like removed. So it is
 * believed only where its end shows.
 */
const isWhole = ({ closed, endsWithLine, isLastWhole }: End, framed: boolean) =>
  closed || (framed && endsWithLine && isLastWhole)

export const cut = (cause?: unknown) =>
  new RemoteError(
    'catalog',
    'generic',
    'The index of the charts ended too early.',
    'It is tried again by itself.',
    {
      cause,
    },
  )

export const notAnIndex = (saw: string, cause?: unknown) =>
  new RemoteError(
    'catalog',
    'stalled',
    `This is not a chart repository: it answered with ${saw}.`,
    'Check the address: that of the folder which holds index.yaml.',
    { cause, isOtherThing: true },
  )

/** In a thread: the library may be busy with two megabytes for seconds. */
async function readByLibrary(bytes: Buffer, sink: Sink, framed: boolean): Promise<void> {
  const text = withoutMark(bytes).toString('utf8')
  const endsWithLine = text.endsWith('\n')
  // What lost its end in the middle of a line means nothing, or something else.
  const refuse = (saw: string, cause?: unknown) =>
    !endsWithLine && /^["']?entries["']?:/m.test(text) ? cut(cause) : notAnIndex(saw, cause)
  let data: unknown
  try {
    data = JSON.parse(await openParser().read('yaml', { text: Buffer.from(text) }))
  } catch (cause) {
    throw refuse('something that is no YAML', cause)
  }
  const entries = isMap(data) ? data.entries : undefined
  if (!isMap(data) || (entries !== null && !isMap(entries))) throw refuse('something without charts')
  let isLastWhole = true
  for (const [name, versions] of Object.entries(entries ?? {}))
    for (const one of Array.isArray(versions) ? versions : []) {
      const version = listedVersion(name, one)
      isLastWhole = version !== null
      if (version) sink.add(version)
    }
  const isFlow = /^\s*\{/.test(text)
  const closed = isFlow || Object.keys(entries ?? {}).length === 0 || Object.keys(data).at(-1) !== 'entries'
  if (!isWhole({ closed, endsWithLine, isLastWhole }, framed)) throw cut()
}
