import { CircleAlert, CircleCheck, CirclePause, Clock, type LucideIcon, TriangleAlert } from 'lucide-react'

import { Badge, type BadgeTone } from '@/components/ui/badge'
import type { Delivery, Webhook } from './queries'

interface Look {
  name: string
  tone: BadgeTone
  icon: LucideIcon
}

const look = (name: string, tone: BadgeTone, icon: LucideIcon): Look => ({ name, tone, icon })

/** How a webhook is doing, in a word. */
export function WebhookState({ webhook: { paused, pausedReason, failures } }: { webhook: Webhook }) {
  const {
    name,
    tone,
    icon: Icon,
  } = paused
    ? pausedReason
      ? look('Paused after failures', 'bad', CircleAlert)
      : look('Paused', 'neutral', CirclePause)
    : failures > 0
      ? look('Failing', 'warn', TriangleAlert)
      : look('On', 'good', CircleCheck)
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {name}
    </Badge>
  )
}

const DELIVERIES: Record<Delivery['state'], Look> = {
  waiting: look('Waiting', 'accent', Clock),
  delivered: look('Delivered', 'good', CircleCheck),
  failed: look('Failed', 'bad', CircleAlert),
}

export function DeliveryState({ state }: { state: Delivery['state'] }) {
  const { name, tone, icon: Icon } = DELIVERIES[state]
  return (
    <Badge tone={tone} icon={<Icon aria-hidden />}>
      {name}
    </Badge>
  )
}
