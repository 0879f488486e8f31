import {
  CircleAlert,
  CircleCheck,
  CircleHelp,
  CircleMinus,
  Filter,
  Hand,
  Hourglass,
  type LucideIcon,
  Pin,
} from 'lucide-react'
import Link from 'next/link'

import { Badge, type BadgeTone } from '@/components/ui/badge'
import type { WhyOfRegistry } from './queries'
import { WhyWords } from './why-words'

const LOOKS: Record<WhyOfRegistry['state'], { name: string; tone: BadgeTone; icon: LucideIcon }> = {
  here: { name: 'Here', tone: 'good', icon: CircleCheck },
  kept: { name: 'Kept', tone: 'good', icon: Pin },
  held: { name: 'Held', tone: 'warn', icon: Hand },
  failing: { name: 'Could not be read', tone: 'bad', icon: CircleAlert },
  filtered: { name: 'Left out by a filter', tone: 'accent', icon: Filter },
  gone: { name: 'No longer listed', tone: 'warn', icon: CircleMinus },
  unlisted: { name: 'Not listed', tone: 'neutral', icon: CircleHelp },
  unread: { name: 'Not read yet', tone: 'neutral', icon: Hourglass },
}

const REGISTRIES = '/admin/settings/pack-registries'

/** What one registry knows of a pack, and where a person can do something about it. */
export function WhyRow({ answer, name }: { answer: WhyOfRegistry; name: string }) {
  const { uid, state } = answer
  const { name: word, tone, icon: Icon } = LOOKS[state]
  return (
    <li className="grid gap-x-6 gap-y-1.5 px-4 py-3 md:grid-cols-[minmax(9rem,14rem)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5 md:flex-col md:items-start">
        <Link
          href={`${REGISTRIES}/${uid}`}
          className="max-w-full truncate font-medium underline-offset-3 hover:underline"
          title={answer.name}
        >
          {answer.name}
        </Link>
        <Badge tone={tone} icon={<Icon aria-hidden />}>
          {word}
        </Badge>
      </div>
      <div className="flex min-w-0 flex-col gap-1 text-ink-soft">
        <div>
          <WhyWords answer={answer} />
        </div>
        {state === 'filtered' ? (
          <Action href={`${REGISTRIES}/${uid}/edit`}>Open its settings</Action>
        ) : state === 'failing' || state === 'held' || answer.trouble ? (
          <Action href={`${REGISTRIES}/${uid}`}>Open the registry</Action>
        ) : state === 'gone' ? (
          <Action href={`/changes?${new URLSearchParams({ pack: name, registry: uid })}`}>
            What changed
          </Action>
        ) : null}
      </div>
    </li>
  )
}

const Action = ({ href, children }: { href: string; children: string }) => (
  <Link href={href} className="self-start text-accent underline-offset-3 hover:underline">
    {children}
  </Link>
)
