// biome-ignore-all lint/a11y/noRedundantRoles: some browsers take a table's meaning away where it is laid out as a grid
import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/time'
import type { Registry } from './queries'
import { isNever, TONE_TEXT, troubleOf, whyEmpty } from './state'

/** Below the row, in line with its name. */
export const NOTE = 'col-span-full lg:col-start-2'

/** Nobody should have to open a registry to learn why it does badly. */
export function RowNote({ registry, failed }: { registry: Registry; failed: Error | null }) {
  const trouble = troubleOf(registry)
  const { state, packs, nextSyncTime, pause } = registry.status.packyard
  if (failed)
    return (
      <Note tone="bad">
        <span role="alert">{failed.message}</span>
      </Note>
    )
  if (trouble)
    return (
      <Note tone={trouble.tone}>
        <span className="font-medium text-ink">{trouble.reason}</span> {trouble.fix}
        {trouble.next === 'retried' ? (
          <>
            {' '}
            Tried again <RelativeTime time={nextSyncTime} never="soon" />.
          </>
        ) : trouble.next === 'waits' ? (
          ' Nothing is tried until somebody changes it.'
        ) : null}
      </Note>
    )
  if (state === 'healthy' && packs === 0 && registry.kind !== 'pack')
    return (
      <td role="cell" className={cn(NOTE, 'text-ink-soft text-xs [overflow-wrap:anywhere]')}>
        {whyEmpty(registry)}
      </td>
    )
  if (state === 'healthy' && packs === 0)
    return (
      <td role="cell" className={cn(NOTE, 'text-ink-soft text-xs')}>
        No packs yet. Push one:{' '}
        <code className="[overflow-wrap:anywhere]">
          packyard pack push DIR -r {new URL(registry.spec.endpoint).host}
        </code>
      </td>
    )
  if (pause)
    return (
      <td role="cell" className={cn(NOTE, 'text-ink-soft text-xs')}>
        Paused{pause.by ? ` by ${pause.by}` : ''} <RelativeTime time={pause.sinceTime} />.{' '}
        {isNever(registry)
          ? 'It was never synced. Resume it, and it syncs at once.'
          : 'What was read before stays in the catalog.'}
      </td>
    )
  return null
}

function Note({ tone, children }: { tone: 'bad' | 'warn'; children: ReactNode }) {
  const Icon = tone === 'bad' ? CircleAlert : TriangleAlert
  return (
    <td role="cell" className={cn(NOTE, 'flex items-start gap-2 text-ink-soft text-xs')}>
      <Icon aria-hidden className={cn('mt-px size-3.5 shrink-0', TONE_TEXT[tone])} />
      <p className="[overflow-wrap:anywhere]">{children}</p>
    </td>
  )
}
