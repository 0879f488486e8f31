import {
  CircleAlert,
  CircleCheck,
  CirclePause,
  Hand,
  type LucideIcon,
  OctagonAlert,
  RefreshCw,
  TriangleAlert,
} from 'lucide-react'

import { Badge, type BadgeTone } from '@/components/ui/badge'
import { count } from '@/components/ui/numbers'
import type { RegistryState } from '@/lib/registries/schema'
import { whereOf } from './kinds'
import type { Registry } from './queries'

/** A state as people read it, those that need a person first. */
export const STATE_LOOKS: Record<RegistryState, { name: string; tone: BadgeTone; icon: LucideIcon }> = {
  stalled: { name: 'Stalled', tone: 'bad', icon: OctagonAlert },
  failing: { name: 'Failing', tone: 'bad', icon: CircleAlert },
  held: { name: 'Held', tone: 'warn', icon: Hand },
  degraded: { name: 'Degraded', tone: 'warn', icon: TriangleAlert },
  syncing: { name: 'Syncing', tone: 'accent', icon: RefreshCw },
  paused: { name: 'Paused', tone: 'neutral', icon: CirclePause },
  healthy: { name: 'Healthy', tone: 'good', icon: CircleCheck },
}
export const STATE_ORDER = Object.keys(STATE_LOOKS) as RegistryState[]

export const TONE_TEXT: Record<BadgeTone, string> = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  accent: 'text-accent',
  neutral: 'text-ink-soft',
}

export function StateBadge({ state }: { state: RegistryState }) {
  const { name, tone, icon: Icon } = STATE_LOOKS[state]
  return (
    <Badge
      tone={tone}
      icon={
        <Icon aria-hidden className={state === 'syncing' ? 'animate-spin [animation-duration:2s]' : ''} />
      }
    >
      {name}
    </Badge>
  )
}

/** A word with its colour and its icon. */
export const LookBadge = ({
  name,
  tone,
  icon: Icon,
}: {
  name: string
  tone: BadgeTone
  icon: LucideIcon
}) => (
  <Badge tone={tone} icon={<Icon aria-hidden />}>
    {name}
  </Badge>
)

export interface Trouble {
  tone: 'bad' | 'warn'
  reason: string
  fix: string
  /** What happens if nobody does anything. */
  next: 'retried' | 'trying' | 'waits' | 'paused' | 'held' | 'served'
}

const NEXT: Record<RegistryState, Trouble['next']> = {
  healthy: 'served',
  degraded: 'served',
  held: 'held',
  failing: 'retried',
  stalled: 'waits',
  syncing: 'trying',
  paused: 'paused',
}

/** What is wrong with a registry in plain words; null while nothing is. Paused, it still tells what was wrong. */
export function troubleOf({ status }: Registry): Trouble | null {
  const { state, reason, fix, failing, held } = status.packyard
  if (reason !== '' && state !== 'healthy') return { tone: 'bad', reason, fix, next: NEXT[state] }
  if (held > 0)
    return {
      tone: 'warn',
      reason: `The registry no longer lists ${count(held, 'version')}. They stay until a person decides.`,
      fix: 'Open the registry to see which, then remove or keep them.',
      next: 'held',
    }
  if (failing > 0)
    return {
      tone: 'warn',
      reason: `${count(failing, 'version')} could not be read.`,
      fix: 'Open the registry to see which and why.',
      next: 'served',
    }
  return null
}

/** How the address of a registry is given to the CLI, and whether it needs the flag for it. */
export function toPushCommands(endpoint: string, insecure: boolean, username: string): string {
  const { host, protocol } = new URL(endpoint)
  const flag = insecure || protocol === 'http:' ? ' -i' : ''
  return [
    `packyard registry login ${host}${flag}${username ? ` --username ${username} --password-stdin` : ''}`,
    `packyard pack push DIR -r ${host}`,
  ].join('\n')
}

/** Why a registry that does well has nothing in the catalog, and what to do. */
export function whyEmpty({ kind, spec }: Registry): string {
  if (kind === 'helm') return 'Its index lists no charts yet. They come with the sync after they are added.'
  if (!spec.oci) return 'No packs yet.'
  const what = spec.oci.providerType === 'helm' ? 'Helm charts' : 'packs'
  return `No ${what} lie in ${whereOf(spec.oci)}. Push one, or check base content path and provider type.`
}

/** Plain HTTP: passwords and packs travel in the clear. */
export const isPlain = (endpoint: string): boolean => endpoint.startsWith('http://')

/** Whether its catalog was never read to the end. */
export const isNever = ({ status }: Registry): boolean => status.sync.lastSyncedTime.startsWith('0001-')
