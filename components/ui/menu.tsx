'use client'

import { cloneElement, type KeyboardEvent, type ReactElement, type ReactNode, useState } from 'react'

import type { MenuItemProps } from './menu-parts'

type Parts = typeof import('./menu-parts')

/** What an open menu is made of. Nobody waits for it before a menu is wanted. */
let parts: Parts | undefined
const load = async () => {
  parts ??= await import('./menu-parts')
}

interface Props {
  /** A button. */
  trigger: ReactElement<Record<string, unknown>>
  align?: 'start' | 'end'
  children: ReactNode
}

/** A button that opens a list of things to do. */
export function Menu({ trigger, align = 'end', children }: Props) {
  const [wasOpened, setWasOpened] = useState(false)
  if (wasOpened && parts)
    return (
      <parts.OpenMenu trigger={trigger} align={align}>
        {children}
      </parts.OpenMenu>
    )
  const open = () => void load().then(() => setWasOpened(true))
  return cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
    onClick: open,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      open()
    },
  })
}

// These stand in an open menu only, and by then the parts are there.

export const MenuItem = (props: MenuItemProps) => (parts ? <parts.OpenMenuItem {...props} /> : null)

export const MenuLabel = ({ children }: { children: ReactNode }) =>
  parts ? <parts.OpenMenuLabel>{children}</parts.OpenMenuLabel> : null

export const MenuLine = () => (parts ? <parts.OpenMenuLine /> : null)
