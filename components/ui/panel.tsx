import type { ReactNode } from 'react'

import { cn } from './cn'

/** A sheet of paper on the page. Panels do not stand in panels. */
export function Panel({
  title,
  description,
  actions,
  className,
  children,
  flush,
}: {
  title?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  className?: string
  /** The content reaches to the edges: tables and lists. */
  flush?: boolean
  children: ReactNode
}) {
  return (
    <section className={cn('overflow-hidden rounded-lg border bg-surface', className)}>
      {title ? (
        <header className="flex flex-wrap items-center justify-between gap-3 border-b px-4 py-3">
          <div className={cn('flex min-w-0 flex-1 flex-col gap-0.5', description && 'basis-56')}>
            <h2 className="text-lg">{title}</h2>
            {description ? <p className="text-ink-soft text-xs">{description}</p> : null}
          </div>
          {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
        </header>
      ) : null}
      <div className={flush ? undefined : 'p-4'}>{children}</div>
    </section>
  )
}
