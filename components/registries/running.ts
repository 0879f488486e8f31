import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'

import { forgetAfterSync, type RunningSync, runningQuery } from './queries'

/** What a sync changed is asked for anew at most this often, however many end. */
const FORGET_EVERY_MS = 2_000

/**
 * The syncs that run, by the uid of their registry; null for one that waits for its turn. When one begins or ends, what
 * the pages know of registries and packs is asked for anew.
 *
 * @param uid of one registry; all, without it
 */
export function useRunning(uid?: string): ReadonlyMap<string, RunningSync['progress']> {
  const client = useQueryClient()
  const { data } = useQuery(runningQuery(uid))
  const which = data
    ?.map((one) => `${one.registryUid} ${one.progress?.runUid ?? ''}`)
    .sort()
    .join()
  const before = useRef(which)
  const last = useRef(0)
  useEffect(() => {
    const known = before.current
    before.current = which
    if (known === undefined || known === which) return
    const wait = Math.max(0, last.current + FORGET_EVERY_MS - Date.now())
    last.current = Date.now() + wait
    const timer = setTimeout(() => forgetAfterSync(client), wait)
    return () => clearTimeout(timer)
  }, [which, client])
  return useMemo(() => new Map(data?.map((one) => [one.registryUid, one.progress])), [data])
}
