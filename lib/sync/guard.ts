/** Up to so many may go without a question, whatever the share. */
const FREE = 10
const FREE_SHARE = 0.2

export interface Judgement {
  /** So many that a person does not keep are missing: they go, or wait. */
  asked: number
  /** They wait until a person decides. */
  isMass: boolean
  /** How many versions the share was taken of. */
  of: number
}

/**
 * Whether versions that a registry stopped listing go at once or wait for a person: all of them, or more than 20 % and
 * more than 10, wait. Versions that a person keeps are asked about no more.
 *
 * While removals wait, the share is taken of the smaller catalog, then or now: what was added since does not make a
 * mass removal a small one.
 */
export function judgeRemovals({
  missing,
  kept,
  present,
  heldOf,
}: {
  /** How many versions we have that are not listed. */
  missing: number
  /** How many of these a person keeps. */
  kept: number
  /** How many versions we have, those included. */
  present: number
  /** How many versions there were when removals were first held; null where none wait for a decision. */
  heldOf: number | null
}): Judgement {
  const asked = missing - kept
  const here = present - kept
  const of = Math.min(here, heldOf ?? here)
  const isMass = asked > 0 && (asked >= of || (asked > FREE && asked > of * FREE_SHARE))
  return { asked, isMass, of }
}
