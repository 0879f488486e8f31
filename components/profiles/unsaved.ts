import type { Draft } from './draft'

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
    return text ? (JSON.parse(text) as Unsaved) : null
  } catch {
    // Written by another version, or storage is off: there is nothing to take up.
    return null
  }
}

export function keepUnsaved(uid: string, unsaved: Unsaved): void {
  try {
    sessionStorage.setItem(keyOf(uid), JSON.stringify(unsaved))
  } catch {
    // Full or off: what a person sees stays, the warning before leaving too.
  }
}

export function forgetUnsaved(uid: string): void {
  try {
    sessionStorage.removeItem(keyOf(uid))
  } catch {
    // Storage is off: nothing was kept.
  }
}
