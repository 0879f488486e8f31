import { END_NEAR_DAYS } from '@/lib/pack-format/end-near'

const DAY_MS = 86_400_000
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
const dated = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })

export interface EndOfLife {
  /** `Jan 31, 2027`; what the pack says itself where that is no date. */
  date: string
  /** `in 23 days`, `3 months ago`, `today`; empty where it says no date. */
  when: string
  /** `near`: within 30 days. `unknown`: it is no date. */
  stage: 'far' | 'near' | 'ended' | 'unknown'
}

/**
 * A pack's end of life as people say it. Dates are days of UTC, written as YYYY-MM-DD.
 *
 * @returns null where the pack names none
 */
export function endOfLife(eol: string, now: Date): EndOfLife | null {
  const text = eol.trim()
  if (text === '') return null
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? ''
  const ends = Date.parse(`${day}T00:00:00Z`)
  // Days that no month has are no dates, and roll over in some engines.
  if (Number.isNaN(ends) || new Date(ends).toISOString().slice(0, 10) !== day)
    return { date: text, when: '', stage: 'unknown' }
  const days = Math.round((ends - Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`)) / DAY_MS)
  const stage = days <= 0 ? 'ended' : days <= END_NEAR_DAYS ? 'near' : 'far'
  return { date: dated.format(ends), when: fromDays(days), stage }
}

function fromDays(days: number): string {
  if (days === 0) return 'today'
  const size = Math.abs(days)
  if (size < 60) return relative.format(days, 'day')
  if (size < 730) return relative.format(Math.round(days / 30.44), 'month')
  return relative.format(Math.round(days / 365.25), 'year')
}
