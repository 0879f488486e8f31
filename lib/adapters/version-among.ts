import { isTrack, parseTag } from '../pack-format/tag'

const LIKE_A_VERSION = /^v?\d/

/**
 * Which of the tags of one pack is its version: not a track, not a label such as `stable` where there is a better one,
 * and the longest of what is left (`1.33` beside `1.33.9`). The pack's pack.json has the last word when it is read.
 */
export function versionAmong(tags: readonly string[]): string | undefined {
  const [best] = tags
    .filter((tag) => !isTrack(tag))
    .map((tag) => parseTag(tag)?.label ?? tag)
    .sort(
      (a, b) =>
        Number(LIKE_A_VERSION.test(b)) - Number(LIKE_A_VERSION.test(a)) ||
        b.length - a.length ||
        (a < b ? -1 : 1),
    )
  return best
}
