'use client'

import { DropdownMenu } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'

import { cn } from './cn'

/** A menu that has just been opened for the first time. */
export function OpenMenu({
  trigger,
  align,
  children,
}: {
  trigger: ReactNode
  align: 'start' | 'end'
  children: ReactNode
}) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          className="z-50 min-w-44 rounded border border-line-strong bg-surface p-1 shadow-[0_6px_20px_-8px_rgb(0_0_0/0.25)]"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export interface MenuItemProps extends ComponentProps<typeof DropdownMenu.Item> {
  tone?: 'bad'
  icon?: ReactNode
  /** Why it cannot be chosen: told on hover. */
  disabledReason?: string
}

export function OpenMenuItem({ tone, icon, disabledReason, className, children, ...rest }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      {...(disabledReason !== undefined && { disabled: true, title: disabledReason })}
      className={cn(
        'flex h-8 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2 outline-none data-disabled:cursor-not-allowed data-highlighted:bg-sunken data-disabled:opacity-50 [&_svg]:size-4',
        tone === 'bad' ? 'text-bad' : 'text-ink',
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </DropdownMenu.Item>
  )
}

export const OpenMenuLabel = ({ children }: { children: ReactNode }) => (
  <DropdownMenu.Label className="px-2 py-1.5 text-ink-faint text-xs">{children}</DropdownMenu.Label>
)

export const OpenMenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />
