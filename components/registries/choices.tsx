import type { ReactNode } from 'react'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatNumber } from '@/components/ui/numbers'

/** Which kinds or states there are in a list, how many of each, and which are shown. */
export function Choices<T extends string>({
  legend,
  numbers,
  order,
  chosen,
  onChange,
  label,
}: {
  legend: string
  numbers: ReadonlyMap<T, number>
  order: readonly T[]
  chosen: readonly T[]
  onChange: (chosen: T[]) => void
  label: (one: T) => { name: string; icon?: ReactNode }
}) {
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1.5">
      <legend className="sr-only">{legend}</legend>
      {order
        .filter((one) => numbers.has(one) || chosen.includes(one))
        .map((one) => {
          const { name, icon } = label(one)
          const isChosen = chosen.includes(one)
          return (
            <Button
              key={one}
              size="small"
              aria-pressed={isChosen}
              onClick={() => onChange(isChosen ? chosen.filter((other) => other !== one) : [...chosen, one])}
              className={cn(
                'font-normal',
                isChosen && 'border-accent bg-accent-soft font-medium text-accent',
              )}
              icon={icon}
            >
              {name}
              <span className="text-ink-soft tabular-nums">{formatNumber(numbers.get(one) ?? 0)}</span>
            </Button>
          )
        })}
    </fieldset>
  )
}
