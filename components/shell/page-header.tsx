import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'

/** What a page is about, where it belongs, and what can be done with it. */
export function PageHeader({
  title,
  description,
  trail,
  actions,
  picture,
}: {
  title: ReactNode
  description?: ReactNode
  /** The places above this one. */
  trail?: { href?: string; name: string }[]
  actions?: ReactNode
  picture?: ReactNode
}) {
  return (
    <header className="mb-6 flex flex-col gap-3">
      {trail ? (
        <nav aria-label="Breadcrumb" className="flex flex-wrap items-center gap-1.5 text-ink-faint text-xs">
          {trail.map(({ href, name }, index) => (
            <Fragment key={name}>
              {index > 0 ? <span aria-hidden>/</span> : null}
              {href ? (
                <Link href={href} className="underline-offset-3 hover:text-ink hover:underline">
                  {name}
                </Link>
              ) : (
                <span>{name}</span>
              )}
            </Fragment>
          ))}
        </nav>
      ) : null}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 items-center gap-4">
          {picture}
          <div className="flex min-w-0 flex-col gap-1">
            <h1 className="text-xl [overflow-wrap:anywhere]">{title}</h1>
            {description ? <div className="text-ink-soft">{description}</div> : null}
          </div>
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </header>
  )
}
