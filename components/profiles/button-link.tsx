import Link from 'next/link'
import type { ReactNode } from 'react'

import { Button, type ButtonProps } from '@/components/ui/button'

/** A link that looks like a button. Where it may not be followed, it is a button that says why. */
export function ButtonLink({
  href,
  icon,
  disabledReason,
  children,
  ...rest
}: Pick<ButtonProps, 'look' | 'size' | 'className' | 'disabledReason'> & {
  href: string
  icon?: ReactNode
  children: ReactNode
}) {
  if (disabledReason !== undefined)
    return (
      <Button {...rest} icon={icon} disabledReason={disabledReason}>
        {children}
      </Button>
    )
  return (
    <Button {...rest} asChild>
      <Link href={href}>
        {icon}
        {children}
      </Link>
    </Button>
  )
}
