'use client'

import { usePathname } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { useEffect } from 'react'

import { Brand, TenantName } from './brand'
import { Navigation } from './navigation'

/** The navigation over the page, from its left edge. */
export default function Drawer({
  tenant,
  open,
  onOpen,
}: {
  tenant: string
  open: boolean
  onOpen: (open: boolean) => void
}) {
  const path = usePathname()
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving somewhere closes it
  useEffect(() => () => onOpen(false), [path])
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-ink/35 dark:bg-black/60" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] flex-col gap-6 overflow-y-auto border-r bg-surface p-3"
        >
          <Dialog.Title className="sr-only">Navigation</Dialog.Title>
          <Brand />
          <Navigation onNavigate={() => onOpen(false)} />
          <TenantName name={tenant} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
