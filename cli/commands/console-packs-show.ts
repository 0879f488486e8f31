import { rangeText } from '@/lib/pack-format/version-range'

import { type Console, withConsole } from '../console'
import { type FoundVersion, findVersion, type PackVersion, parsePack } from '../console-pack'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'
import { formatBytes } from '../format-bytes'
import { table } from '../table'

export interface ShowOptions {
  registry?: string
  values?: boolean
  readme?: boolean
  files?: boolean
}

/** One version of a pack: what it is, or its values or its README as they stand. @throws CliError `not_found` */
export const consolePacksShow = (
  context: Context,
  named: string,
  { registry, values = false, readme = false, files = false }: ShowOptions,
): Promise<Answer> =>
  withConsole(context, async (console) => {
    if (Number(values) + Number(readme) + Number(files) > 1)
      throw new CliError(
        'wrong_use',
        'One thing is printed at a time.',
        'Give --values, --readme or --files.',
      )
    const reference = parsePack(named)
    const found = await findVersion(console, reference, registry)
    if (files) return listFiles(console, found)
    const pack = await console.call('readPack', { params: { uid: found.packUid } })
    const [content] = pack.packValues
    if (!content) throw new CliError('refused', `The console holds nothing of ${named}.`)
    const { packyard, presets, annotations } = content
    const data = {
      ...{ name: pack.name, displayName: pack.displayName, layer: pack.layer, addonType: pack.addonType },
      ...{ cloudTypes: pack.cloudTypes, registryName: found.registryName, registryUid: found.registryUid },
      ...{ packUid: found.packUid, ...packyard, annotations, presets: presets.map((one) => one.displayName) },
      tags: tagsOf(pack),
      values: content.values,
      readme: content.readme,
    }
    if (values) return { data, lines: textLines(content.values) }
    if (readme) return { data, lines: textLines(content.readme) }
    return { data, lines: factsOf(data) }
  })

/** Every file, also of the charts in it. They may have to be read from the registry first. */
async function listFiles(console: Console, found: FoundVersion): Promise<Answer> {
  const { items, more, notes } = await console.call('listPackFiles', { params: { uid: found.packUid } })
  return {
    data: { ...found, files: items, more, notes },
    lines: [
      ...table(
        ['SIZE', 'KIND', 'PATH'],
        items.map(({ size, kind, path }) => [formatBytes(size), kind, path]),
      ),
      ...(more > 0 ? [`And ${more} more.`] : []),
      ...notes,
    ],
  }
}

const textLines = (text: string) => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/))

const tagsOf = ({ tags, packValues }: PackVersion) =>
  tags.map((one) => one.tag).filter((tag) => tag !== packValues[0]?.packyard.version)

interface Facts extends Pick<PackVersion, 'name' | 'displayName' | 'layer' | 'addonType' | 'cloudTypes'> {
  registryName: string
  version: string
  digest: string
  state: string
  eol: string
  goneTime: string | null
  addedTime: string
  constraints: PackVersion['packValues'][number]['packyard']['constraints']
  annotations: Record<string, string>
  presets: string[]
  tags: string[]
}

const RULES = {
  required: 'requires',
  optional: 'where it is there',
  notSupported: 'does not go with',
  upgrade: 'upgrades from',
} as const

function factsOf(facts: Facts): string[] {
  const rows: [string, string][] = [
    ['Name', facts.name],
    ['Display name', facts.displayName],
    ['Description', facts.annotations.description ?? ''],
    ['Version', [facts.version, ...facts.tags].join(', ')],
    ['Registry', facts.registryName],
    ['Layer', facts.addonType ? `${facts.layer} (${facts.addonType})` : facts.layer],
    ['Clouds', facts.cloudTypes.join(', ')],
    ['State', facts.goneTime ? `gone from its registry since ${facts.goneTime}` : facts.state],
    ['End of life', facts.eol.trim()],
    ['In the catalog', facts.addedTime],
    ['Digest', facts.digest],
    ['Presets', facts.presets.join(', ')],
    ...facts.constraints.dependencies.map((one): [string, string] => [
      'Constraint',
      `${RULES[one.type]} ${one.packName} ${rangeText(one)}`,
    ]),
  ]
  return rows.filter(([, text]) => text !== '').map(([name, text]) => `${name.padEnd(16)}${text}`)
}
