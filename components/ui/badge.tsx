import type { ReactNode } from 'react'

import { cn } from './cn'

const TONES = {
  neutral: 'border-line-strong text-ink-soft',
  good: 'border-good/40 bg-good-soft text-good',
  warn: 'border-warn/45 bg-warn-soft text-warn',
  bad: 'border-bad/45 bg-bad-soft text-bad',
  accent: 'border-accent/35 bg-accent-soft text-accent',
} as const
export type BadgeTone = keyof typeof TONES

/** A word with a state's colour. The icon says the same for those who see no colours. */
export function Badge({
  tone = 'neutral',
  icon,
  className,
  children,
}: {
  tone?: BadgeTone
  icon?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cn(
        'inline-flex h-5.5 items-center gap-1.5 whitespace-nowrap rounded-full border px-2 font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0',
        TONES[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  )
}
