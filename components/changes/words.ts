import {
  Archive,
  CalendarClock,
  CalendarX,
  CircleSlash,
  Diff,
  Filter,
  FilterX,
  type LucideIcon,
  PackagePlus,
  Plus,
  RotateCcw,
  Trash2,
  TriangleAlert,
  Undo2,
} from 'lucide-react'

import { endOfLife } from '@/components/packs/end-of-life'
import type { BadgeTone } from '@/components/ui/badge'
import { count } from '@/components/ui/numbers'
import type { ChangeKind } from '@/lib/catalog/schema'
import type { Change } from './queries'

/** What happened, as people read it. */
export const KIND_LOOKS: Record<ChangeKind, { name: string; tone: BadgeTone; icon: LucideIcon }> = {
  arrived: { name: 'New registry', tone: 'accent', icon: PackagePlus },
  added: { name: 'New version', tone: 'good', icon: Plus },
  repushed: { name: 'Re-pushed', tone: 'warn', icon: Diff },
  deprecated: { name: 'Deprecated', tone: 'warn', icon: TriangleAlert },
  disabled: { name: 'Disabled', tone: 'bad', icon: Archive },
  deleted: { name: 'Deleted by its author', tone: 'bad', icon: Trash2 },
  reinstated: { name: 'Active again', tone: 'good', icon: RotateCcw },
  gone: { name: 'Gone from its registry', tone: 'bad', icon: CircleSlash },
  returned: { name: 'Came back', tone: 'good', icon: Undo2 },
  eolSet: { name: 'End of life set', tone: 'neutral', icon: CalendarClock },
  eolNear: { name: 'End of life near', tone: 'warn', icon: CalendarClock },
  eolReached: { name: 'End of life', tone: 'bad', icon: CalendarX },
  leftOut: { name: 'Left out by filter', tone: 'neutral', icon: Filter },
  takenIn: { name: 'Taken by filter', tone: 'neutral', icon: FilterX },
}

/** Each rule of a registry's filter, as the reason why it leaves a version out. */
const RULES: Record<string, string> = {
  name: 'packs of this name are not taken',
  versions: 'the version is out of the range',
  newest: 'only the newest versions are taken',
  layer: 'packs of its layer are not taken',
  addonType: 'add-ons of its type are not taken',
}

/** What the change means, in a sentence. */
export function sentenceOf({ kind, was, became, name, versions, packs }: Change, now: Date): string {
  const many = name === '' ? `${count(versions, 'version')} of ${count(packs, 'pack')}` : ''
  switch (kind) {
    case 'arrived':
      return `${many} came with this registry.`
    case 'added':
      return 'New in the catalog.'
    case 'repushed':
      return 'The registry has other content under the same version.'
    case 'deprecated':
      return 'It can still be chosen. Look for another one before it is disabled.'
    case 'disabled':
    case 'deleted':
      return 'It cannot be chosen for new profiles. Profiles that hold it keep it.'
    case 'reinstated':
      return `It was ${was} before.`
    case 'gone':
      return many ? `${many} are no longer listed.` : 'No longer listed. Profiles that hold it keep it.'
    case 'returned':
      return many ? `${many} are listed again.` : 'The registry lists it again.'
    case 'eolSet':
      return eolSet(was, became, now)
    case 'eolNear':
    case 'eolReached': {
      const end = endOfLife(became, now)
      return end ? `${end.stage === 'ended' ? 'Ended' : 'Ends'} on ${end.date}, ${end.when}.` : ''
    }
    case 'leftOut':
      return many
        ? `The registry’s filter leaves ${many} out.`
        : `Left out: ${RULES[became] ?? 'the filter says so'}.`
    case 'takenIn':
      return many ? `The registry’s filter takes ${many} again.` : 'The registry’s filter takes it again.'
  }
}

function eolSet(was: string, became: string, now: Date): string {
  const [before, after] = [endOfLife(was, now), endOfLife(became, now)]
  if (!after) return `Taken back. It was ${before?.date ?? 'unknown'}.`
  const when = after.when ? `, ${after.when}` : ''
  return before ? `Moved from ${before.date} to ${after.date}${when}.` : `${after.date}${when}.`
}

/** Where the version is shown. */
export const packHref = ({
  name,
  version,
  registry,
}: {
  name: string
  version: string
  registry: { uid: string }
}): string => `/packs/${encodeURIComponent(name)}?${new URLSearchParams({ registry: registry.uid, version })}`
