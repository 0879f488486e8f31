import { Archive, CircleSlash, TriangleAlert } from 'lucide-react'

import { Badge } from '@/components/ui/badge'
import type { PackState } from '@/lib/catalog/schema'

/** Where a pack stands in its life; nothing for one that is well. */
export function PackStateBadge({ state, gone }: { state: PackState; gone?: boolean }) {
  if (gone)
    return (
      <Badge tone="bad" icon={<CircleSlash aria-hidden />}>
        Gone from its registry
      </Badge>
    )
  if (state === 'deprecated')
    return (
      <Badge tone="warn" icon={<TriangleAlert aria-hidden />}>
        Deprecated
      </Badge>
    )
  if (state === 'disabled' || state === 'deleted')
    return (
      <Badge tone="bad" icon={<Archive aria-hidden />}>
        {state === 'disabled' ? 'Disabled' : 'Deleted'}
      </Badge>
    )
  return null
}
