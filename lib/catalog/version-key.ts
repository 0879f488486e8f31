import { compareVersions } from '../pack-format/tag'

const WIDTH = 10
const SEGMENTS = 5
const PRE_RELEASE = /^[-.]?(?:rc|alpha|beta|dev|pre|snapshot)/i

/**
 * A text that sorts bytewise as `compareVersions` sorts versions, so that the database can order them and serve the
 * order from an index. Numbers are padded; five segments count.
 *
 * @see compareVersions
 */
export function versionKey(version: string): string {
  const label = version.replace(/^v(?=\d)/, '')
  const core = /^\d+(?:\.\d+)*/.exec(label)?.[0] ?? ''
  const suffix = label.slice(core.length)
  const numbers = core === '' ? [] : core.split('.').slice(0, SEGMENTS)
  while (numbers.length < SEGMENTS) numbers.push('0')
  const stage = suffix === '' ? '1' : PRE_RELEASE.test(suffix) ? '0' : '2'
  const pad = (digits: string) => digits.slice(0, WIDTH).padStart(WIDTH, '0')
  return `${numbers.map(pad).join('.')} ${stage}${suffix.replaceAll(/\d+/g, pad)}`.slice(0, 200)
}

/** Newest first. */
export const newestFirst = (a: { version: string }, b: { version: string }): number =>
  compareVersions(b.version, a.version)
