import type { ValueRule } from '@/lib/pack-format/value-schema'
import type { Variable } from '@/lib/profiles/variable'

/** What the editor knows besides the text. */
export interface Knowledge {
  /** What the pack asks of its values. */
  rules: readonly ValueRule[]
  /** The pack's own values by path. Asked for once it is wanted. */
  outline: () => Promise<ReadonlyMap<string, string>>
  variables: readonly Variable[]
  /** Names of packs of the profile, which values may refer to. */
  packs: readonly string[]
}

export const NOTHING: Knowledge = {
  rules: [],
  outline: async () => new Map(),
  variables: [],
  packs: [],
}
