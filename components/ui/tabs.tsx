'use client'

import { Tabs as Radix } from 'radix-ui'
import { type ReactNode, useEffect, useRef } from 'react'

export interface Tab {
  id: string
  label: ReactNode
  content: ReactNode
}

/** Parts of one thing. Which one is open belongs in the address: the caller keeps it. */
export function Tabs({
  tabs,
  open,
  onOpen,
  label,
}: {
  tabs: Tab[]
  open: string
  onOpen: (id: string) => void
  label: string
}) {
  const list = useRef<HTMLDivElement>(null)
  // On a narrow screen the open one may lie beyond the edge. Only the list is moved, and not the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another one is open
  useEffect(() => {
    const active = list.current?.querySelector<HTMLElement>('[data-state=active]')
    if (!list.current || !active) return
    const beyond = active.offsetLeft + active.offsetWidth - list.current.offsetLeft - list.current.clientWidth
    if (beyond > list.current.scrollLeft) list.current.scrollLeft = beyond
  }, [open])
  return (
    <Radix.Root value={open} onValueChange={onOpen} activationMode="manual">
      <Radix.List ref={list} aria-label={label} className="flex gap-1 overflow-x-auto border-b">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px h-10 whitespace-nowrap border-transparent border-b-2 px-3 font-medium text-ink-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} className="pt-5">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
