'use client'

import { LoadFailed } from '@/components/ui/list-states'

export default function ConsoleError({ error, reset }: { error: Error; reset: () => void }) {
  return <LoadFailed what="This page" error={error} retry={reset} />
}
