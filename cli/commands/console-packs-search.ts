import type { Layer } from '@/lib/pack-format/manifest'

import { type Console, withConsole } from '../console'
import { type FoundPack, PACK_SORTS, type PackSort } from '../console-pack'
import { findRegistry } from '../console-registry'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { table } from '../table'

export interface SearchOptions {
  layer?: Layer[]
  type?: string[]
  registry?: string[]
  cloud?: string[]
  state?: string[]
  sort?: PackSort
  limit: string
}

const PAGE = 50
const MOST = 100_000

/** The packs that a search finds, one a name. */
export const consolePacksSearch = (context: Context, text: string, options: SearchOptions): Promise<Answer> =>
  withConsole(context, async (console) => {
    const limit = Number(options.limit)
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
      throw new CliError('wrong_use', 'The limit is a number from 1 to 100,000.', 'Write --limit 50.')
    const found = await searchAll(console, context, await toSearch(console, text, options), limit)
    const isAlike = found.packs[0]?.spec.packyard.isAlike === true
    const data = { count: found.count, isAlike, packs: found.packs.map(toEntry) }
    if (found.packs.length === 0)
      return { data, lines: ['No pack fits.', 'Take back an option, or use fewer words.'] }
    return {
      data,
      lines: [
        ...(isAlike ? [`No pack has these words. Spelled alike:`] : []),
        ...table(
          ['NAME', 'NEWEST', 'LAYER', 'TYPE', 'STATE', 'VERSIONS', 'REGISTRIES'],
          data.packs.map((one) => [
            ...[one.name, one.newestVersion, one.layer, one.addonType, one.state, String(one.versions)],
            one.registries.map(({ name }) => name).join(', '),
          ]),
        ),
        ...(found.count > found.packs.length
          ? [`The first ${found.packs.length} of ${found.count}. --limit shows more.`]
          : []),
      ],
    }
  })

async function toSearch(console: Console, text: string, options: SearchOptions) {
  const { layer, type, cloud, state, registry } = options
  const sort = options.sort ?? (text ? 'best' : 'name')
  const uids = await Promise.all(
    (registry ?? []).map(async (one) => (await findRegistry(console, one)).metadata.uid),
  )
  return {
    filter: {
      packyard: { ...(text && { text }), ...(sort === 'changed' && { newestFirst: true }) },
      ...(layer && { layer }),
      ...(type && { addOnType: type }),
      ...(cloud && { environment: cloud }),
      ...(state && { state }),
      ...(uids.length > 0 && { registryUid: uids }),
    },
    sort: [...PACK_SORTS[sort]],
  }
}

async function searchAll(
  console: Console,
  { progress }: Context,
  body: Awaited<ReturnType<typeof toSearch>>,
  limit: number,
): Promise<{ packs: FoundPack[]; count: number }> {
  const packs: FoundPack[] = []
  let next = ''
  for (;;) {
    const query = { limit: Math.min(PAGE, limit - packs.length), continue: next }
    const { items, listmeta } = await console.call('searchPacks', { query, body })
    packs.push(...items)
    next = listmeta.continue
    if (next === '' || packs.length >= limit) return { packs, count: listmeta.count }
    progress(`${packs.length} packs`)
  }
}

const toEntry = ({ spec }: FoundPack) => ({
  name: spec.name,
  displayName: spec.displayName,
  newestVersion: spec.registries[0]?.latestVersion ?? '',
  layer: spec.layer,
  addonType: spec.addonType,
  state: spec.packyard.state,
  versions: spec.packyard.versions,
  cloudTypes: spec.cloudTypes,
  description: spec.packyard.description,
  updatedTime: spec.packyard.updatedTime,
  registries: spec.registries.map((one) => ({
    uid: one.uid,
    name: one.name,
    newestVersion: one.latestVersion,
    packUid: one.latestPackUid,
  })),
})
