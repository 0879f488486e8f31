/** What a label's value says when the tag is a word of its own, as the original's clients write it. */
const BARE = 'spectro__tag'

/** Labels as people write tags: `team:web`, or `production` alone. In the order given. */
export const toTags = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([key, value]) => (value === BARE || value === '' ? key : `${key}:${value}`))

/** Tags as labels. A later one with the same key wins. */
export function toLabels(tags: readonly string[]): Record<string, string> {
  const labels: [string, string][] = tags.flatMap((tag) => {
    const [key = '', value = ''] = tag.split(/:(.*)/s).map((part) => part.trim())
    return key ? [[key, value || BARE] as [string, string]] : []
  })
  return Object.fromEntries(labels)
}
