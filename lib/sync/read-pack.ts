import type { CatalogEntry, PackContent, PartName } from '../adapters/adapter'
import { PACK_STATES, type PackState } from '../catalog/schema'
import { versionKey } from '../catalog/version-key'
import { logoHead } from '../pack-format/logo'
import { type PackFacts, type PartTexts, UnreadablePack } from '../pack-format/pack-facts'
import type { Parser } from '../parser/parser'
import type { PackFilter } from '../registries/schema'
import { type FilterRule, ruleOfKind } from './filter'

/** What the database keeps of one version, besides its contents. */
export interface Facts extends PackFacts {
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
}

/** One version, read and ready to be written. */
export interface Fetched {
  entry: CatalogEntry
  facts: Facts
  parts: Partial<Record<PartName, string>> & { manifest: string }
  /** Only what we did not have. */
  contents: { digest: string; bytes: Uint8Array }[]
  /** The rule of the registry's filter that leaves it out by what its files say. Empty: none does. */
  leftOutBy: FilterRule | ''
}

/**
 * Has the files of one version read: pack.json has to be sound, and that of the version that the registry lists.
 *
 * @throws UnreadablePack
 */
export async function readFacts(
  parser: Parser,
  entry: { name: string; version: string },
  texts: PartTexts,
  signal: AbortSignal,
): Promise<Facts> {
  // Of an image only its head is looked at.
  const looked = texts.logo ? { ...texts, logo: logoHead(texts.logo) } : texts
  const facts: PackFacts = JSON.parse(await parser.read('facts', looked, signal))
  const { manifest } = facts
  if (manifest.name !== entry.name || manifest.version !== entry.version)
    throw new UnreadablePack(
      `pack.json says ${manifest.name} ${manifest.version}, and the registry lists it as ${entry.name} ${entry.version}.`,
    )
  const { system_state: state, disabled } = manifest.annotations ?? {}
  return {
    ...facts,
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
  }
}

/** What has to be written of a content that an adapter brought. */
export function toFetched(
  entry: CatalogEntry,
  content: PackContent,
  facts: Facts,
  filter: PackFilter,
): Fetched {
  const parts = Object.entries(content.parts) as [PartName, NonNullable<PackContent['parts'][PartName]>][]
  return {
    entry,
    facts,
    parts: Object.fromEntries(parts.map(([name, part]) => [name, part.digest])) as Fetched['parts'],
    contents: parts.flatMap(([, { digest, bytes }]) => (bytes ? [{ digest, bytes }] : [])),
    leftOutBy: ruleOfKind({ layer: facts.columns.layer, addonType: facts.columns.addon_type }, filter) ?? '',
  }
}
