import { logoType } from './logo'
import { PackManifest } from './manifest'
import type { PART_FILES } from './media-types'
import { type Preset, parsePresets } from './presets'
import { parseValueSchema, type ValueRule } from './value-schema'

/** What a version's files say of it, as far as a console looks into them. */
export interface PackFacts {
  manifest: PackManifest
  presets: Preset[]
  schema: ValueRule[]
  /** Whether the logo is an image that a picture may be made of. */
  hasLogo: boolean
}

/** What the version's own files hold, by part. */
export type PartTexts = Partial<Record<keyof typeof PART_FILES, Uint8Array>> & { manifest: Uint8Array }

/** A pack that we cannot take; the message is a sentence for people. */
export class UnreadablePack extends Error {
  override readonly name = 'UnreadablePack'
}

/** Of what a pack.json nests, and of what all of it says, in characters of JSON. */
export const FACTS_LIMITS = { depth: 100, length: 4 * 1024 * 1024 } as const

/**
 * Reads the files of one version: pack.json has to be sound; presets or a schema that cannot be read are left out,
 * since an old pack with a slip in them is still of use.
 *
 * @returns PackFacts as JSON, of a text and size that a database takes
 * @throws UnreadablePack
 */
export function readPackFacts(texts: PartTexts): string {
  const facts: PackFacts = {
    manifest: readManifest(texts.manifest),
    presets: lenient(() => parsePresets(decode(texts.presets))),
    schema: lenient(() => parseValueSchema(decode(texts.schema))),
    hasLogo: texts.logo !== undefined && logoType(texts.logo) !== null,
  }
  const json = JSON.stringify(facts)
  // Few bytes of YAML can say much: a text that is written once and meant a hundred times.
  if (json.length > FACTS_LIMITS.length) throw new UnreadablePack('Its presets or its schema say too much.')
  if (NO_TEXT.test(json))
    throw new UnreadablePack('Its files hold characters that are no text (NUL, or half of a pair).')
  return json
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What a database does not take as text, as JSON writes it: an odd number of backslashes, then the code. */
const NO_TEXT = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i

const decode = (bytes: Uint8Array | undefined) => (bytes ? utf8.decode(bytes) : '')

function lenient<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    return []
  }
}

function readManifest(bytes: Uint8Array): PackManifest {
  let data: unknown
  try {
    data = JSON.parse(utf8.decode(bytes))
  } catch (cause) {
    throw new UnreadablePack('pack.json is no JSON.', { cause })
  }
  if (isDeeper(data, FACTS_LIMITS.depth)) throw new UnreadablePack('pack.json is nested too deeply.')
  const parsed = PackManifest.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UnreadablePack(`pack.json: ${issue?.path.join('.') || 'its root'}: ${issue?.message}`)
}

/** Level by level: what is nested a hundred thousand times would exhaust the stack. */
function isDeeper(data: unknown, depth: number): boolean {
  let level = [data]
  for (let i = 0; i < depth; i++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
    if (level.length === 0) return false
  }
  return true
}
