import { Archive, CalendarClock, CalendarX, CircleSlash, Trash2, TriangleAlert } from 'lucide-react'

import { Badge } from '@/components/ui/badge'
import type { PackState } from '@/lib/catalog/schema'
import { endOfLife } from './end-of-life'

/** Where a pack stands in its life; nothing for one that is well. */
export function PackStateBadge({
  state,
  gone,
  eol = '',
}: {
  state: PackState
  gone?: boolean
  /** When its life ends: told where it is near or over, and nothing worse is to be told. */
  eol?: string
}) {
  if (gone)
    return (
      <Badge tone="bad" icon={<CircleSlash aria-hidden />}>
        Gone from its registry
      </Badge>
    )
  if (state === 'disabled' || state === 'deleted')
    return (
      <Badge tone="bad" icon={state === 'disabled' ? <Archive aria-hidden /> : <Trash2 aria-hidden />}>
        {state === 'disabled' ? 'Disabled' : 'Deleted'}
      </Badge>
    )
  const end = endOfLife(eol, new Date())
  if (end?.stage === 'ended')
    return (
      <Badge tone="bad" icon={<CalendarX aria-hidden />}>
        End of life
      </Badge>
    )
  if (state === 'deprecated')
    return (
      <Badge tone="warn" icon={<TriangleAlert aria-hidden />}>
        Deprecated
      </Badge>
    )
  if (end?.stage === 'near')
    return (
      <Badge tone="warn" icon={<CalendarClock aria-hidden />}>
        Ends {end.when}
      </Badge>
    )
  return null
}
