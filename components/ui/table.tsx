import type { ComponentProps } from 'react'

import { cn } from './cn'

/** A dense table, for comparing. Wider than its place it scrolls, and says so to the keyboard. */
export function Table({ label, className, children, ...rest }: ComponentProps<'table'> & { label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="relative overflow-x-auto" aria-label={label} tabIndex={0}>
      <table className={cn('w-full border-collapse text-left', className)} {...rest}>
        {children}
      </table>
    </section>
  )
}

export const Th = ({ className, ...rest }: ComponentProps<'th'>) => (
  <th
    scope="col"
    className={cn(
      'h-9 whitespace-nowrap border-b bg-sunken/60 px-3 font-medium text-ink-soft text-xs first:pl-4 last:pr-4',
      className,
    )}
    {...rest}
  />
)

export const Td = ({ className, ...rest }: ComponentProps<'td'>) => (
  <td
    className={cn('h-11 border-line border-t px-3 py-1.5 align-middle first:pl-4 last:pr-4', className)}
    {...rest}
  />
)
