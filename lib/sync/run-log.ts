import { type RunItem, RunItemKind } from '../registries/schema'

/** So many versions of a run are kept by name, those first that a person needs to see first; how many there were is
 * counted for all. */
export const ITEMS_KEPT = 1_000

/** What a run did to which version. Small, however much the run did. */
export interface RunLog {
  add(item: RunItem): void
  /** Versions that are known by uid alone. */
  addIds(kind: RunItemKind, ids: readonly string[]): void
  collect(): { items: RunItem[]; ids: { kind: RunItemKind; id: string }[] }
}

const KINDS = RunItemKind.options
const WORDS = new Intl.Collator('en', { numeric: true })

/** The order in which people read them: what they need to see first, then by name and version. */
export const inOrder = (items: readonly RunItem[]): RunItem[] =>
  [...items].sort(
    (a, b) =>
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      WORDS.compare(a.name, b.name) ||
      WORDS.compare(a.version, b.version),
  )

export function startLog(): RunLog {
  const all = new Map<RunItemKind, { items: RunItem[]; ids: string[] }>(
    RunItemKind.options.map((kind) => [kind, { items: [], ids: [] }]),
  )
  return {
    add(item) {
      const { items = [] } = all.get(item.kind) ?? {}
      if (items.length < ITEMS_KEPT) items.push(item)
    },
    addIds(kind, more) {
      const { ids = [] } = all.get(kind) ?? {}
      ids.push(...more.slice(0, ITEMS_KEPT - ids.length))
    },
    collect() {
      const found = { items: [] as RunItem[], ids: [] as { kind: RunItemKind; id: string }[] }
      let left = ITEMS_KEPT
      for (const [kind, { items, ids }] of all) {
        found.items.push(...items.slice(0, left))
        left = Math.max(0, left - items.length)
        found.ids.push(...ids.slice(0, left).map((id) => ({ kind, id })))
        left = Math.max(0, left - ids.length)
      }
      return found
    },
  }
}
