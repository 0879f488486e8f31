import { PART_FILES } from '../pack-format/media-types'
import type { ConstraintChange, ItemChanges } from '../pack-format/version-changes'
import type { Comparison } from './compare'

type Tallies = readonly (readonly [number: number, word: string])[]

/** `3 added, 1 changed`; empty where there is nothing. */
const tally = (tallies: Tallies) =>
  tallies
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number.toLocaleString('en')} ${word}`)
    .join(', ')

const plural = (number: number, one: string, many = `${one}s`) => (number === 1 ? one : many)

const UNITS: Record<string, string> = { cpu: 'CPU', memory: 'memory', diskSize: 'disk' }

const ASKS: Record<ConstraintChange['type'], (name: string, range: string) => string> = {
  required: (name, range) => `Requires ${name} ${range} now`,
  optional: (name, range) => `Where ${name} is in the profile, it has to be ${range} now`,
  notSupported: (name, range) => `Does not go with ${name} ${range} now`,
  upgrade: (name, range) => `Upgrades from ${name} ${range} now`,
  resource: (name, range) => `Asks machines for ${UNITS[name] ?? name} ${range} now`,
}
const NO_LONGER: Record<ConstraintChange['type'], (name: string) => string> = {
  required: (name) => `No longer requires ${name}`,
  optional: (name) => `Takes any version of ${name} now`,
  notSupported: (name) => `Goes with ${name} now`,
  upgrade: (name) => `No longer upgrades from ${name}`,
  resource: (name) => `Asks machines for no certain ${UNITS[name] ?? name} now`,
}

function constraintLine({ type, name, from, to }: ConstraintChange): string {
  if (to === '') return `${NO_LONGER[type](name)}; before: ${from}.`
  return `${ASKS[type](name, to)}${from ? `; before: ${from}` : ''}.`
}

const itemsLine = (what: string, items: ItemChanges): string => {
  const text = tally([
    [items.added.length, 'added'],
    [items.changed.length, 'changed'],
    [items.removed.length, 'removed'],
  ])
  return text && `${what}: ${text}.`
}

/** What an upgrade from the left version to the right one means, as sentences, what matters most first. */
export function summarize({ left, right, changes, files, hasAllFiles }: Comparison): string[] {
  const changeOf = (path: string) => files.find((one) => one.path === path)?.change ?? 'same'
  if (files.every(({ change }) => change === 'same'))
    return [
      left.version.digest === right.version.digest
        ? 'Both are the same, byte for byte.'
        : hasAllFiles
          ? 'All files are the same. Only the way in which the registries keep them differs.'
          : 'Values, pack.json and README are the same. Their digests differ, so another file may.',
    ]
  return [
    valuesLine({ left, right, changes }, changeOf('values.yaml') !== 'same'),
    ...changes.constraints.map(constraintLine),
    imagesLine(changes.images),
    ...lifeLines(left.version, right.version),
    itemsLine('Presets', changes.presets),
    itemsLine('Rules for values', changes.rules),
    metadataLine(changes.metadata),
    changeOf('README.md') === 'same' ? '' : `README ${changeOf('README.md')}.`,
    filesLine(files),
  ].filter(Boolean)
}

function valuesLine(
  { left, right, changes: { values, valuesProblem } }: Pick<Comparison, 'left' | 'right' | 'changes'>,
  differs: boolean,
) {
  if (valuesProblem) {
    const { version } = valuesProblem.side === 'left' ? left : right
    return `The values of ${version.version} are no YAML (${valuesProblem.message}): compare them as text.`
  }
  if (!values) return 'The values take too long to compare by what they mean: compare them as text.'
  const text = tally([
    [values.added, `${plural(values.added, 'value')} added`],
    [values.changed, `${plural(values.changed, 'default')} changed`],
    [values.removed, `${plural(values.removed, 'value')} removed`],
  ])
  if (text) return `${text}.`
  return differs ? 'Every value is the same. Comments, layout or listed images differ.' : ''
}

function imagesLine({ added, changed, removed }: Comparison['changes']['images']): string {
  const [first, ...rest] = (
    [
      [changed.length, 'changed'],
      [added.length, 'added'],
      [removed.length, 'removed'],
    ] as const
  ).filter(([number]) => number > 0)
  if (!first) return ''
  const [number, word] = first
  return `${tally([[number, `${plural(number, 'image')} ${word}`], ...rest])}.`
}

/** Manifests, charts and what else is no part of every pack. */
function filesLine(files: Comparison['files']): string {
  const others = files.filter(({ path }) => !PARTS.has(path))
  const number = (change: string) => others.filter((one) => one.change === change).length
  const [first, ...rest] = (['changed', 'added', 'removed'] as const)
    .map((change) => [number(change), change] as const)
    .filter(([count]) => count > 0)
  if (!first) return ''
  const [count, word] = first
  return `Manifests and charts: ${tally([[count, `${plural(count, 'file')} ${word}`], ...rest])}.`
}

const PARTS = new Set<string>(Object.values(PART_FILES).filter((name) => name !== PART_FILES.logo))

type Version = Comparison['left']['version']

function lifeLines(left: Version, right: Version): string[] {
  const lines: string[] = []
  if (left.state !== right.state) lines.push(`The state goes from ${left.state} to ${right.state}.`)
  if (right.goneAt && !left.goneAt) lines.push(`${right.version} is gone from its registry.`)
  const [before, now] = [left.eol.trim(), right.eol.trim()]
  if (before !== now) lines.push(`End of life: ${now || 'not said'}; before: ${before || 'not said'}.`)
  return lines
}

/** What has a line of its own, or is a name of a file that has. */
const SAID = /^(?:eol|annotations\.(?:system_state|disabled)|charts|kubeManifests)\b/

function metadataLine({ changes }: Comparison['changes']['metadata']): string {
  const paths = [...new Set(changes.map(({ path }) => path).filter((path) => !SAID.test(path)))]
  if (paths.length === 0) return ''
  const shown = paths.slice(0, 4).join(', ')
  return `Differs in pack.json: ${shown}${paths.length > 4 ? ` and ${paths.length - 4} more` : ''}.`
}
