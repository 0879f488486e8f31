/** Letters and digits of any script, each with what stands on or below it. */
const WORD = /[\p{L}\p{N}]\p{M}*(?:['’]?[\p{L}\p{N}]\p{M}*)*/gu
const LETTER = /[\p{L}\p{N}]\p{M}*/gu

/**
 * Up to two letters that stand for a name: the first of its first two words, or the first two of its only one.
 * "Cert Manager" is CM, "cilium" Ci, "kube-state-metrics" KS, "MongoDB" MD.
 *
 * @returns `?` where a name has neither letters nor digits
 */
export function initialsOf(name: string): string {
  // A capital within a word begins another one, as people write brands.
  const spread = name.slice(0, 256).replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
  const words = spread.match(WORD) ?? []
  const [first = '?', second] = words.map((word) => word.match(LETTER) ?? [])
  const upper = (letter = '') => [...letter.toLocaleUpperCase('en')].slice(0, 2).join('')
  if (second?.[0]) return upper(first[0]) + upper(second[0])
  return upper(first[0]) + (first[1] ?? '').toLocaleLowerCase('en')
}
