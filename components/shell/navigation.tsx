'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'

import { cn } from '@/components/ui/cn'
import { holds, PLACES } from './places'

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const path = usePathname()
  return (
    <nav aria-label="Main" className="flex flex-col gap-5">
      {PLACES.map(({ heading, places }) => (
        <div key={heading} className="flex flex-col gap-1">
          {heading ? <p className="px-2.5 pb-1 font-medium text-ink-faint text-xs">{heading}</p> : null}
          <ul className="flex flex-col gap-0.5">
            {places.map(({ href, name, icon: Icon }) => {
              const isHere = holds(href, path)
              return (
                <li key={href}>
                  <Link
                    href={href}
                    onClick={onNavigate}
                    aria-current={isHere ? 'page' : undefined}
                    className={cn(
                      'flex h-9 items-center gap-2.5 rounded px-2.5',
                      isHere
                        ? 'bg-accent-soft font-medium text-accent'
                        : 'text-ink-soft hover:bg-sunken hover:text-ink',
                    )}
                  >
                    <Icon aria-hidden className="size-4 shrink-0" />
                    {name}
                  </Link>
                </li>
              )
            })}
          </ul>
        </div>
      ))}
    </nav>
  )
}
