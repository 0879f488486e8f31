import { compareVersions } from '../pack-format/tag'
import { isOpen, type PackFilter } from '../registries/schema'

/** Which rule of a filter leaves a version out. */
export const FILTER_RULES = ['name', 'versions', 'newest', 'layer', 'addonType'] as const
export type FilterRule = (typeof FILTER_RULES)[number]

/** Each rule as the reason why a version is left out. */
export const FILTER_WORDS: Record<FilterRule, string> = {
  name: 'packs of this name are not taken',
  versions: 'the version is out of the range',
  newest: 'only the newest versions are taken',
  layer: 'packs of its layer are not taken',
  addonType: 'add-ons of its type are not taken',
}

/** Names hold no `@`: pack-format/manifest.ts. */
export const keyOf = ({ name, version }: { name: string; version: string }): string => `${name}@${version}`

interface Listed {
  name: string
  version: string
  digest: string
}

/** What only the files of a version say. */
export interface Kind {
  layer: string
  addonType: string
}

/**
 * Which of the versions that a registry lists a filter leaves out, and by which rule. Of a version whose files were not
 * read, layer and type are not known: that is asked again once they are.
 *
 * The same for a run and for its preview.
 *
 * @param entries every version of each pack that is among them: the newest are counted
 * @param kindOf what is known of a version's files
 */
export function leaveOut<T extends Listed>(
  entries: readonly T[],
  filter: PackFilter,
  kindOf: (entry: T) => Kind | undefined,
): Map<string, FilterRule> {
  const out = new Map<string, FilterRule>()
  if (isOpen(filter)) return out
  const left = new Map<string, T[]>()
  for (const entry of entries) {
    const kind = kindOf(entry)
    const rule = ruleOfList(entry, filter) ?? (kind && ruleOfKind(kind, filter))
    if (rule) out.set(keyOf(entry), rule)
    else left.set(entry.name, [...(left.get(entry.name) ?? []), entry])
  }
  if (filter.newest > 0)
    for (const versions of left.values()) {
      if (versions.length <= filter.newest) continue
      versions.sort((a, b) => compareVersions(b.version, a.version) || (a.version < b.version ? -1 : 1))
      for (const entry of versions.slice(filter.newest)) out.set(keyOf(entry), 'newest')
    }
  return out
}

/** The rule that leaves a version out by its name, or as a version. */
export function ruleOfList(
  { name, version }: Pick<Listed, 'name' | 'version'>,
  filter: PackFilter,
): FilterRule | undefined {
  const rule = ruleOfName(name, filter)
  if (rule) return rule
  return filter.versions !== '' && !isInRange(version, filter.versions) ? 'versions' : undefined
}

/** The rule that leaves all packs of a name out. */
export function ruleOfName(name: string, filter: PackFilter): FilterRule | undefined {
  const isNamed = (patterns: readonly string[]) => patterns.some((pattern) => matchesPattern(name, pattern))
  return (filter.include.length > 0 && !isNamed(filter.include)) || isNamed(filter.exclude)
    ? 'name'
    : undefined
}

/** The rule that leaves a version out by what its files say. */
export function ruleOfKind({ layer, addonType }: Kind, filter: PackFilter): FilterRule | undefined {
  if (filter.layers.length > 0 && !filter.layers.some((one) => one === layer)) return 'layer'
  const isType = filter.addonTypes.some((one) => one.toLowerCase() === addonType.toLowerCase())
  return filter.addonTypes.length > 0 && layer === 'addon' && !isType ? 'addonType' : undefined
}

/**
 * Whether a name is as a pattern says: `*` for any characters, `?` for one. In linear time for any pattern: only the last
 * `*` is ever gone back to.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  const [text, wanted] = [name.toLowerCase(), pattern.toLowerCase()]
  let [i, j, star, mark] = [0, 0, -1, 0]
  while (i < text.length) {
    if (j < wanted.length && wanted[j] === '*') {
      star = j++
      mark = i
    } else if (j < wanted.length && (wanted[j] === '?' || wanted[j] === text[i])) {
      i++
      j++
    } else if (star >= 0) {
      j = star + 1
      i = ++mark
    } else return false
  }
  while (wanted[j] === '*') j++
  return j === wanted.length
}

/** Whether a version is in a range: each part of one alternative has to hold. `1.33.x`, and `1.33` too, is every 1.33. */
export function isInRange(version: string, range: string): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .trim()
      .replaceAll(/(>=|<=|>|<|=)\s+/g, '$1')
      .split(/\s+/)
      .every((part) => holds(version, part)),
  )
}

function holds(version: string, part: string): boolean {
  const [, operator = '', bound = ''] = /^(>=|<=|>|<|=)?(.*)$/.exec(part) ?? []
  if (bound === '*') return true
  if (operator === '>=') return compareVersions(version, bound) >= 0
  if (operator === '<') return compareVersions(version, bound) < 0
  // What begins as the bound does is neither above nor outside of it: 1.33.4 is not above 1.33.
  const isWithin = isTrackOf(version, bound)
  if (operator === '>') return !isWithin && compareVersions(version, bound) > 0
  if (operator === '<=') return isWithin || compareVersions(version, bound) <= 0
  return isWithin
}

function isTrackOf(version: string, bound: string): boolean {
  const [own, wanted] = [
    version.replace(/^v(?=\d)/, ''),
    bound.replace(/^v(?=\d)/, '').replace(/\.[x*]$/, ''),
  ]
  return (
    own === wanted ||
    (own.startsWith(wanted) && /^[.+_-]/.test(own.slice(wanted.length)) && /^\d+(?:\.\d+)?$/.test(wanted))
  )
}
