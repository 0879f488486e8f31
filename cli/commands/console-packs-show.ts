import { rangeText } from '@/lib/pack-format/version-range'

import { withConsole } from '../console'
import { findVersion, type PackVersion, parsePack } from '../console-pack'
import type { Answer, Context } from '../context'
import { CliError } from '../errors'

export interface ShowOptions {
  registry?: string
  values?: boolean
  readme?: boolean
}

/** One version of a pack: what it is, or its values or its README as they stand. @throws CliError `not_found` */
export const consolePacksShow = (
  context: Context,
  named: string,
  { registry, values = false, readme = false }: ShowOptions,
): Promise<Answer> =>
  withConsole(context, async (console) => {
    if (values && readme)
      throw new CliError('wrong_use', 'One thing is printed at a time.', 'Give --values or --readme.')
    const reference = parsePack(named)
    const found = await findVersion(console, reference, registry)
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
