import Link from 'next/link'
import type { ReactNode } from 'react'

/** A part of the overview: a heading on a hairline, and the way to the whole. */
export const Section = ({
  title,
  all,
  children,
}: {
  title: string
  all: { href: string; name: string }
  children: ReactNode
}) => (
  <section aria-label={title} className="min-w-0">
    <header className="flex items-baseline justify-between gap-3 border-b pb-2">
      <h2 className="text-lg">{title}</h2>
      <Link href={all.href} className="text-accent text-xs underline-offset-3 hover:underline">
        {all.name}
      </Link>
    </header>
    {children}
  </section>
)
