import { TAG } from './tag-form'

/** A tag is `[<group>__]<label>`: `14.4.3`, `lts__14.4.3`, `stable`. */
export interface Tag {
  group: string
  label: string
}

/** @returns null where `tag` is no valid tag */
export function parseTag(tag: string): Tag | null {
  if (!TAG.test(tag)) return null
  const at = tag.indexOf('__')
  return at > 0 && at + 2 < tag.length
    ? { group: tag.slice(0, at), label: tag.slice(at + 2) }
    : { group: '', label: tag }
}

const TRACK = /^(?:\d+\.)+x$/

/** Tracks are made by the registry and stand for the newest version in them: `1.33.x`, `1.x`. */
export const isTrack = (tag: string): boolean => TRACK.test(parseTag(tag)?.label ?? '')

/**
 * The tracks that a version belongs to, narrow first: `1.33.9` is in `1.33.x` and `1.x`; `lts__14.4.3` in
 * `lts__14.4.x` and `lts__14.x`. Versions that do not begin with two numbers have none.
 */
export function tracksOf(tag: string): string[] {
  const parsed = parseTag(tag)
  const numbers = parsed && /^v?(\d+)\.(\d+)(\.\d+)?(?:[.+_-].*)?$/.exec(parsed.label)
  if (!parsed || !numbers) return []
  const prefix = parsed.group ? `${parsed.group}__` : ''
  const [, major, minor, patch] = numbers
  return patch === undefined
    ? [`${prefix}${major}.x`]
    : [`${prefix}${major}.${minor}.x`, `${prefix}${major}.x`]
}

/**
 * Orders versions as people read them: numbers as numbers, a missing segment as 0, a leading `v` ignored. Anything
 * after the numbers counts as later, unless it looks like a pre-release (`-rc.1`, `-alpha`, `-beta`, `-dev`,
 * `-pre`), since packs use suffixes such as `-up.3` for rebuilds.
 *
 * @returns negative when a is older than b
 */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [split(a), split(b)]
  for (let i = 0; i < Math.max(x.numbers.length, y.numbers.length); i++) {
    const difference = (x.numbers[i] ?? 0) - (y.numbers[i] ?? 0)
    if (difference !== 0) return difference
  }
  return x.stage - y.stage || compareSuffixes(x.suffix, y.suffix)
}

const PRE_RELEASE = /^[-.]?(?:rc|alpha|beta|dev|pre|snapshot)/i

function split(version: string) {
  const label = version.replace(/^v(?=\d)/, '')
  const core = /^\d+(?:\.\d+)*/.exec(label)?.[0] ?? ''
  const suffix = label.slice(core.length)
  return {
    numbers: core === '' ? [] : core.split('.').map(Number),
    suffix,
    stage: suffix === '' ? 1 : PRE_RELEASE.test(suffix) ? 0 : 2,
  }
}

function compareSuffixes(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
