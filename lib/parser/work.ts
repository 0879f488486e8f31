import { PackError } from '../pack-format/archive'
import { type FoundChangelog, findChangelog } from '../pack-format/changelog'
import { readChart } from '../pack-format/chart'
import { type ChartParts, toChartParts } from '../pack-format/chart-pack'
import { type FoundImage, findImages } from '../pack-format/images'
import { editLines } from '../pack-format/line-edits'
import { type PartTexts, readPackFacts, UnreadablePack } from '../pack-format/pack-facts'
import { type ArchiveForm, type PackFileList, readPackFiles } from '../pack-format/pack-files'
import { type PackParts, readPackedPack } from '../pack-format/packed-pack'
import { findValuesProblem } from '../pack-format/values-problem'
import { findChanges } from '../pack-format/version-changes'
import { parseYaml, YamlError } from '../pack-format/yaml'
import { checkProfile } from '../profiles/rules/check'

export interface Archive {
  /** The archive's name, for the error. */
  file: string
  bytes: Uint8Array
}

/** What can be read of foreign bytes: what goes in, and what comes out. */
export interface Work {
  /** The files of a version: PackFacts as JSON. */
  facts: { input: PartTexts; output: string }
  /** A pack's directory, packed. */
  pack: { input: Archive; output: PackParts }
  /** A packed Helm chart, as the pack that it becomes. */
  chart: { input: Archive; output: ChartParts }
  /**
   * Every file of an archive, the images that a pack needs by them and by its values, and what changed: PackListing as
   * JSON, and what is kept of the files, one after the other.
   */
  files: {
    input: Archive & { form: ArchiveForm; values: Uint8Array; readme: Uint8Array }
    output: { listing: Uint8Array; texts: Uint8Array }
  }
  /** YAML of any kind, as UTF-8: its data as JSON. */
  yaml: { input: { text: Uint8Array }; output: string }
  /** Values of a pack, as UTF-8: what is wrong with them, a ValuesProblem or null, as JSON. */
  values: { input: { text: Uint8Array }; output: string }
  /** Two versions, each VersionFacts as JSON in UTF-8: VersionChanges as JSON. */
  changes: { input: { left: Uint8Array; right: Uint8Array }; output: string }
  /** Two texts as UTF-8: what `editLines` says of them, as JSON. */
  lines: { input: { left: Uint8Array; right: Uint8Array }; output: string }
  /** A profile with its values, a Subject as JSON in UTF-8: its findings, as JSON. */
  profile: { input: { json: Uint8Array }; output: string }
}
export type Kind = keyof Work

export const WORK: {
  [K in Kind]: (input: Work[K]['input']) => Work[K]['output'] | Promise<Work[K]['output']>
} = {
  facts: readPackFacts,
  yaml: ({ text }) => readYaml(decode(text)),
  values: ({ text }) => JSON.stringify(findValuesProblem(decode(text))),
  changes: ({ left, right }) =>
    JSON.stringify(findChanges(JSON.parse(decode(left)), JSON.parse(decode(right)))),
  lines: ({ left, right }) => JSON.stringify(editLines(decode(left), decode(right))),
  profile: ({ json }) => JSON.stringify(checkProfile(JSON.parse(decode(json)))),
  pack: ({ file, bytes }) => readPackedPack(file, bytes),
  files: listFiles,
  chart: async ({ file, bytes }) => toChartParts(file, await readChart(file, bytes)),
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** What is told of the files of a version. */
export interface PackListing extends PackFileList {
  images: FoundImage[]
  changelog: FoundChangelog | null
}

async function listFiles({
  form,
  file,
  bytes,
  values,
  readme,
}: Work['files']['input']): Promise<Work['files']['output']> {
  const { list, texts } = await readPackFiles(form, file, bytes)
  const textOf = (at: number, size: number) => new TextDecoder().decode(texts.subarray(at, at + size))
  const kept = new Map(
    list.files.flatMap(({ path, size, at, kind }) =>
      at === null || kind !== 'text' ? [] : [[path, textOf(at, size)] as const],
    ),
  )
  const listing: PackListing = {
    ...list,
    images: findImages(decode(values), kept),
    changelog: findChangelog(decode(readme), kept),
  }
  return { listing: Buffer.from(JSON.stringify(listing)), texts }
}

/** An alias can mean a text a hundred times. */
const JSON_MAX = 16 * 1024 * 1024

function readYaml(text: string): string {
  let json: string
  try {
    json = JSON.stringify(parseYaml(text))
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new UnreadablePack(error.message)
  }
  if (json.length > JSON_MAX) throw new UnreadablePack('it says too much')
  return json
}

/** How a piece of work ended, in a form that passes from thread to thread. */
export type Answer<Output = unknown> =
  | { output: Output }
  | { refused: { file: string; reason: string } }
  | { unreadable: string }

export async function doWork<K extends Kind>(
  kind: K,
  input: Work[K]['input'],
): Promise<Answer<Work[K]['output']>> {
  try {
    return { output: await WORK[kind](input) }
  } catch (error) {
    if (error instanceof PackError) return { refused: { file: error.file, reason: error.reason } }
    if (error instanceof UnreadablePack) return { unreadable: error.message }
    // Whatever else foreign bytes bring about (a stack that is too small, say) is theirs.
    return { unreadable: `Its files cannot be read (${error instanceof Error ? error.message : 'unknown'}).` }
  }
}

/** The same error as where it was thrown. */
export function outputOf<Output>(answer: Answer<Output>): Output {
  if ('output' in answer) return answer.output
  if ('refused' in answer) throw new PackError(answer.refused.file, answer.refused.reason)
  throw new UnreadablePack(answer.unreadable)
}
