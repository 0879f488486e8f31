/** What was, what is, and what was taken back. */
export interface History<T> {
  past: readonly T[]
  present: T
  future: readonly T[]
  /** What was changed last, and when: more of the same soon after belongs to it. */
  last: { key: string; at: number } | null
}

const KEPT = 100
const TOGETHER_MS = 1_000

export const beginHistory = <T>(present: T): History<T> => ({ past: [], present, future: [], last: null })

/**
 * @param key what is changed, where several changes soon after each other are one for people: typing into a field
 * @param at milliseconds since 1970
 */
export function change<T>(history: History<T>, next: T, key: string, at: number): History<T> {
  const { past, present, last } = history
  if (next === present) return history
  const isSame = key !== '' && last?.key === key && at - last.at < TOGETHER_MS
  return {
    past: isSame ? past : [...past.slice(-(KEPT - 1)), present],
    present: next,
    future: [],
    last: { key, at },
  }
}

export function undo<T>({ past, present, future }: History<T>): History<T> {
  const before = past.at(-1)
  if (before === undefined) return { past, present, future, last: null }
  return { past: past.slice(0, -1), present: before, future: [present, ...future], last: null }
}

export function redo<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...rest] = future
  if (next === undefined) return { past, present, future, last: null }
  return { past: [...past, present], present: next, future: rest, last: null }
}
