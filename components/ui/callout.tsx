import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from './cn'

const TONES = {
  info: { icon: Info, look: 'border-line-strong bg-sunken text-ink', mark: 'text-ink-soft' },
  good: { icon: CircleCheck, look: 'border-good/35 bg-good-soft text-ink', mark: 'text-good' },
  warn: { icon: TriangleAlert, look: 'border-warn/40 bg-warn-soft text-ink', mark: 'text-warn' },
  bad: { icon: CircleAlert, look: 'border-bad/40 bg-bad-soft text-ink', mark: 'text-bad' },
} as const
export type Tone = keyof typeof TONES

/** What a person should know at this place. A failure is told at once to screen readers. */
export function Callout({
  tone = 'info',
  title,
  children,
  action,
  className,
}: {
  tone?: Tone
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  const { icon: Icon, look, mark } = TONES[tone]
  return (
    <div
      role={tone === 'bad' ? 'alert' : undefined}
      className={cn('flex items-start gap-3 rounded border px-3.5 py-3', look, className)}
    >
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', mark)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className="text-ink-soft [overflow-wrap:anywhere]">{children}</div> : null}
      </div>
      {action}
    </div>
  )
}
