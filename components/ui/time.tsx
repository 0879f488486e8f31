'use client'

import { useEffect, useState } from 'react'

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

/** `3 minutes ago`, `in 2 hours`, `just now`. */
export function relative(time: Date, now: Date): string {
  const seconds = (time.getTime() - now.getTime()) / 1000
  for (const [unit, size] of UNITS)
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit)
  return seconds > 5 ? 'in less than a minute' : 'just now'
}

const TICK_MS = 20_000

/** A moment as people say it, exact on hover. The wire's zero time stands for never. */
export function RelativeTime({ time, never = 'never' }: { time: string | null | undefined; never?: string }) {
  const [now, setNow] = useState<Date | null>(null)
  // Also when the time changes: what happened since the last tick would lie in the future.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    setNow(new Date())
    const timer = setInterval(() => setNow(new Date()), TICK_MS)
    return () => clearInterval(timer)
  }, [time])
  if (!time || time.startsWith('0001-')) return <>{never}</>
  const date = new Date(time)
  return (
    <time dateTime={time} title={now ? exact.format(date) : undefined} className="whitespace-nowrap">
      {now ? relative(date, now) : time.slice(0, 10)}
    </time>
  )
}
