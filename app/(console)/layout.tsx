import type { ReactNode } from 'react'

import { Shell } from '@/components/shell/shell'
import { requireSession } from '@/lib/access/session'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const session = await requireSession()
  return <Shell session={session}>{children}</Shell>
}
