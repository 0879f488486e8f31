'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'

/** What to set in the address; null and the empty text take a key out. Lists stand as a key for each value. */
type Change = Record<string, string | readonly string[] | null>

/**
 * The state that someone would share, kept in the query of the address. Changing it asks the server for nothing:
 * Next follows `replaceState`.
 */
export function useAddress(): { query: URLSearchParams; set: (change: Change) => void } {
  const query = useSearchParams()
  const path = usePathname()
  const set = useCallback(
    (change: Change) => {
      const next = new URLSearchParams(window.location.search)
      for (const [key, value] of Object.entries(change)) {
        next.delete(key)
        for (const one of value === null ? [] : [value].flat()) if (one !== '') next.append(key, one)
      }
      const text = next.toString()
      window.history.replaceState(null, '', text ? `${path}?${text}` : path)
    },
    [path],
  )
  return { query, set }
}
