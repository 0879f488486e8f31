import { MASK } from '@/lib/profiles/variable'
import { type Draft, NEW_DRAFT } from './draft'

/** Work that is not saved, kept for the tab: a reload, the back button or the end of a session loses none of it. */
export interface Unsaved {
  draft: Draft
  /** The revision that it was made from; 0 for a new profile. */
  revision: number
  /** Milliseconds since 1970. */
  at: number
}

const keyOf = (uid: string) => `packyard.unsaved-profile.${uid || 'new'}`

export function readUnsaved(uid: string): Unsaved | null {
  try {
    const text = sessionStorage.getItem(keyOf(uid))
    const held = text ? (JSON.parse(text) as Unsaved) : null
    return held && { ...held, draft: { ...NEW_DRAFT, ...held.draft } }
  } catch {
    // Written by another version, or storage is off: there is nothing to take up.
    return null
  }
}

export function keepUnsaved(uid: string, unsaved: Unsaved): void {
  try {
    sessionStorage.setItem(keyOf(uid), JSON.stringify({ ...unsaved, draft: withoutMasked(unsaved.draft) }))
  } catch {
    // Full or off: what a person sees stays, the warning before leaving too.
  }
}

/** A masked default that was entered stays in the page: it is entered again after a reload. */
const withoutMasked = (draft: Draft): Draft => ({
  ...draft,
  variables: draft.variables.map((one) =>
    one.isSensitive && one.defaultValue !== MASK ? { ...one, defaultValue: '' } : one,
  ),
})

export function forgetUnsaved(uid: string): void {
  try {
    sessionStorage.removeItem(keyOf(uid))
  } catch {
    // Storage is off: nothing was kept.
  }
}
