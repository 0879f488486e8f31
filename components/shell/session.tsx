'use client'

import { createContext, type ReactNode, useContext } from 'react'

import type { Session } from '@/lib/access/schema'

const Context = createContext<Session | null>(null)

export const SessionProvider = ({ session, children }: { session: Session; children: ReactNode }) => (
  <Context value={session}>{children}</Context>
)

/** Who is signed in. Only below the shell, which every page of the console is. */
export function useSession(): Session {
  const session = useContext(Context)
  if (!session) throw new Error('useSession is for pages inside the shell')
  return session
}

/** Why this person may not do it, for `disabledReason`; undefined when they may. */
export function useDenied(permission: Session['permissions'][number]): string | undefined {
  return useSession().permissions.includes(permission)
    ? undefined
    : 'Your role does not allow this. Ask a tenant admin.'
}
