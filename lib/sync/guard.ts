/** Up to so many may go without a question, whatever the share. */
const FREE = 10
const FREE_SHARE = 0.2

/** What people were asked before about versions that a registry stopped listing. */
export interface EarlierHold {
  /** Versions that a person keeps although the registry no longer lists them: their uids. */
  kept: ReadonlySet<string>
  /** How many versions there were when removals were first held; null where none wait for a decision. */
  of: number | null
}

export interface Judgement {
  /** To be marked as gone now. */
  removed: string[]
  /** To wait until a person decides. */
  held: string[]
  /** How many versions the share was taken of. */
  of: number
}

/**
 * Whether versions that a registry stopped listing go at once or wait for a person: all of them, or more than 20 % and
 * more than 10, wait. Versions that a person keeps are asked about no more.
 *
 * While removals wait, the share is taken of the smaller catalog, then or now: what was added since does not make a
 * mass removal a small one.
 *
 * @param missing uids of versions that we have and that are not listed
 * @param present how many versions we have, those included
 */
export function judgeRemovals(missing: readonly string[], present: number, earlier: EarlierHold): Judgement {
  const asked = missing.filter((id) => !earlier.kept.has(id))
  const here = present - (missing.length - asked.length)
  const of = Math.min(here, earlier.of ?? here)
  const isMass =
    asked.length > 0 && (asked.length >= of || (asked.length > FREE && asked.length > of * FREE_SHARE))
  return isMass ? { removed: [], held: asked, of } : { removed: asked, held: [], of }
}
