import type { Answer, Request } from '@/lib/client/call'

import type { Console } from './console'
import { findRegistry } from './console-registry'
import { CliError } from './errors'

type Sort = NonNullable<Request<'searchPacks'>['body']['sort']>

/** Orders of the list, as the page has them. */
export const PACK_SORTS = {
  best: [],
  name: [{ field: 'displayName', order: 'asc' }],
  layer: [{ field: 'layer', order: 'asc' }],
  type: [{ field: 'addOnType', order: 'asc' }],
  changed: [],
} as const satisfies Record<string, Sort>
export type PackSort = keyof typeof PACK_SORTS

/** What a list may be narrowed to. */
export const PACK_STATES = ['active', 'deprecated', 'disabled', 'deleted', 'gone', 'eol'] as const
const OWN_STATES = PACK_STATES.slice(0, 4)

export type FoundPack = Answer<'searchPacks'>['items'][number]
export type PackVersion = Answer<'readPack'>

export interface PackReference {
  name: string
  /** Empty: the newest. */
  tag: string
}

/** @throws CliError `wrong_use` */
export function parsePack(text: string): PackReference {
  const [name = '', tag = ''] = text.split(/@(.*)/s)
  if (name === '' || (text.includes('@') && tag === ''))
    throw new CliError('wrong_use', `"${text}" names no pack.`, 'Write NAME or NAME@VERSION.')
  return { name, tag }
}

export interface FoundVersion {
  packUid: string
  version: string
  registryUid: string
  registryName: string
}

/**
 * The version that a reference means: in the registry that was named, else in the first that carries it.
 *
 * @throws CliError `not_found`
 */
export async function findVersion(
  console: Console,
  { name, tag }: PackReference,
  registry?: string,
): Promise<FoundVersion> {
  const uid = registry === undefined ? undefined : (await findRegistry(console, registry)).metadata.uid
  const pack = await findPack(console, name)
  const sources = pack.spec.registries.filter((one) => uid === undefined || one.uid === uid)
  if (sources.length === 0)
    throw new CliError(
      'not_found',
      `${registry} does not carry ${name}.`,
      `These do: ${pack.spec.registries.map((one) => one.name).join(', ')}`,
    )
  for (const source of sources) {
    const at = { registryUid: source.uid, registryName: source.name }
    if (tag === '') return { packUid: source.latestPackUid, version: source.latestVersion, ...at }
    const found = await findTag(console, name, tag, source.uid)
    if (found) return { ...found, ...at }
  }
  throw new CliError(
    'not_found',
    registry ? `${registry} has no version ${tag} of ${name}.` : `No registry has ${name} in version ${tag}.`,
    `The newest is ${sources[0]?.latestVersion}: packyard console packs show ${name}`,
  )
}

/** The pack with this very name, whatever its state. @throws CliError `not_found` */
export async function findPack(console: Console, name: string): Promise<FoundPack> {
  const { items } = await console.call('searchPacks', {
    query: { limit: 1 },
    body: { filter: { name: { eq: name, ignoreCase: false }, state: [...OWN_STATES] } },
  })
  const [pack] = items
  if (pack) return pack
  throw new CliError(
    'not_found',
    `No registry carries a pack named ${name}.`,
    `Search for it: packyard console packs search ${name}`,
  )
}

/** By the very version, which needs no list; else by a track or a label. */
async function findTag(console: Console, name: string, tag: string, registryUid: string) {
  if (/^[\w.+-]+$/.test(tag) && !tag.includes('AND')) {
    const filters = `spec.name=${name}ANDspec.version=${tag}ANDspec.registryUid=${registryUid}`
    const { items } = await console.call('listPackVersions', { query: { filters, limit: 1 } })
    if (items[0]) return { packUid: items[0].metadata.uid, version: tag }
  }
  const { tags } = await console.call('readPackInRegistry', {
    params: { packName: name, registryUid },
    query: { states: OWN_STATES.join(',') },
  })
  return tags.find((one) => one.tag === tag)
}
