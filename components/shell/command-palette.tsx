'use client'

import { lazy, Suspense, useEffect, useState } from 'react'

const Palette = lazy(() => import('./palette'))

/** Go anywhere, find a pack, sync a registry: by keyboard. What it is made of comes when it is first opened. */
export function CommandPalette({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const [wasOpened, setWasOpened] = useState(open)
  if (open && !wasOpened) setWasOpened(true)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      onOpen(true)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onOpen])
  return wasOpened ? (
    <Suspense fallback={null}>
      <Palette open={open} onOpen={onOpen} />
    </Suspense>
  ) : null
}
