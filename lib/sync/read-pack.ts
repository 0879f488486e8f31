import type { CatalogEntry, PackContent, PartName } from '../adapters/adapter'
import { PACK_STATES, type PackState } from '../catalog/schema'
import { versionKey } from '../catalog/version-key'
import { logoType } from '../pack-format/logo'
import { PackManifest } from '../pack-format/manifest'
import { type Preset, parsePresets } from '../pack-format/presets'
import { parseValueSchema, type ValueRule } from '../pack-format/value-schema'

/** What the database keeps of one version, besides its contents. */
export interface Facts {
  columns: {
    version_key: string
    display_name: string
    layer: string
    addon_type: string
    addon_sub_type: string
    cloud_types: string[]
    pack_group: string
    eol: string
    annotations: Record<string, string>
    state: PackState
  }
  manifest: PackManifest
  presets: Preset[]
  schema: ValueRule[]
  /** Whether the logo is an image that a browser may be given. */
  hasLogo: boolean
}

/** One version, read and ready to be written. */
export interface Fetched {
  entry: CatalogEntry
  facts: Facts
  parts: Partial<Record<PartName, string>> & { manifest: string }
  /** Only what we did not have. */
  contents: { digest: string; bytes: Uint8Array }[]
}

/** A pack that we cannot take; the message is a sentence for people. */
export class UnreadablePack extends Error {
  override readonly name = 'UnreadablePack'
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What the version's own files hold, by part. */
export type PartTexts = Partial<Record<PartName, Uint8Array>> & { manifest: Uint8Array }

/**
 * Reads the files of one version: pack.json has to be sound; presets or a schema that cannot be read are left out,
 * since an old pack with a slip in them is still of use.
 *
 * @throws UnreadablePack
 */
export function readFacts(entry: { name: string; version: string }, texts: PartTexts): Facts {
  const manifest = readManifest(texts.manifest)
  if (manifest.name !== entry.name || manifest.version !== entry.version)
    throw new UnreadablePack(
      `pack.json says ${manifest.name} ${manifest.version}, and the registry lists it as ${entry.name} ${entry.version}.`,
    )
  const { system_state: state, disabled } = manifest.annotations ?? {}
  const facts: Facts = {
    columns: {
      version_key: versionKey(entry.version),
      display_name: manifest.displayName,
      layer: manifest.layer,
      addon_type: manifest.addonType?.trim() ?? '',
      addon_sub_type: manifest.addonSubType?.trim() ?? '',
      cloud_types: manifest.cloudTypes ?? (manifest.cloudType ? [manifest.cloudType] : []),
      pack_group: manifest.group?.trim() ?? '',
      eol: manifest.eol?.trim() ?? '',
      annotations: manifest.annotations ?? {},
      state: disabled === 'true' ? 'disabled' : (PACK_STATES.find((one) => one === state) ?? 'active'),
    },
    manifest,
    presets: lenient(() => parsePresets(decode(texts.presets))),
    schema: lenient(() => parseValueSchema(decode(texts.schema))),
    hasLogo: texts.logo !== undefined && logoType(texts.logo) !== null,
  }
  if (NO_TEXT.test(JSON.stringify(facts)))
    throw new UnreadablePack('Its files hold characters that are no text (NUL, or half of a pair).')
  return facts
}

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
  const parsed = PackManifest.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UnreadablePack(`pack.json: ${issue?.path.join('.') || 'its root'}: ${issue?.message}`)
}

/** What has to be written of a content that an adapter brought. */
export function toFetched(entry: CatalogEntry, content: PackContent, facts: Facts): Fetched {
  const parts = Object.entries(content.parts) as [PartName, NonNullable<PackContent['parts'][PartName]>][]
  return {
    entry,
    facts,
    parts: Object.fromEntries(parts.map(([name, part]) => [name, part.digest])) as Fetched['parts'],
    contents: parts.flatMap(([, { digest, bytes }]) => (bytes ? [{ digest, bytes }] : [])),
  }
}
