// biome-ignore-all lint/a11y/noRedundantRoles: some browsers take a table's meaning away where it is laid out as a grid
'use client'

import { CircleAlert, LockOpen, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'

import { cn } from '@/components/ui/cn'
import { Mono } from '@/components/ui/mono'
import { formatMinutes, formatNumber } from '@/components/ui/numbers'
import { RelativeTime } from '@/components/ui/time'
import { DeleteDialog } from './delete-dialog'
import { KIND_WORDS } from './kinds'
import { type Registry, usePauseRegistry, useSyncRegistry } from './queries'
import { RegistryMenu } from './registry-menu'
import { isPlain, StateBadge, TONE_TEXT, troubleOf, whyEmpty } from './state'

// One grid for head and rows, so that columns stay in line although a row may tell more on a second line.
const COLUMNS = 'lg:grid-cols-[minmax(0,1fr)_7rem_4rem_5rem_9.25rem_8.5rem_1.75rem] lg:gap-x-5'

/** A table whose rows lay themselves out: columns where there is room, stacked where there is none. */
export const RegistryTable = ({ registries }: { registries: Registry[] }) => (
  <table
    role="table"
    aria-label="Pack registries"
    className="block overflow-hidden rounded-lg border bg-surface"
  >
    <thead role="rowgroup" className="hidden border-b bg-sunken/60 lg:block">
      <tr role="row" className={cn('grid h-9 items-center px-4 text-ink-soft text-xs', COLUMNS)}>
        <Head>Registry</Head>
        <Head>State</Head>
        <Head className="text-right">Packs</Head>
        <Head className="text-right">Versions</Head>
        <Head className="pl-3">Last good sync</Head>
        <Head>Next sync</Head>
        <Head>
          <span className="sr-only">Actions</span>
        </Head>
      </tr>
    </thead>
    <tbody role="rowgroup" className="block divide-y divide-line">
      {registries.map((registry) => (
        <RegistryRow key={registry.metadata.uid} registry={registry} />
      ))}
    </tbody>
  </table>
)

const Head = ({ className, children }: { className?: string; children: ReactNode }) => (
  <th role="columnheader" scope="col" className={cn('text-left font-medium', className)}>
    {children}
  </th>
)

function RegistryRow({ registry }: { registry: Registry }) {
  const { uid, name } = registry.metadata
  const { state, packs, versions, syncEveryMinutes, nextSyncTime } = registry.status.packyard
  const sync = useSyncRegistry(uid)
  const pause = usePauseRegistry(uid)
  const [deleting, setDeleting] = useState(false)
  const failed = sync.error ?? pause.error
  return (
    <tr
      role="row"
      className={cn(
        'relative grid grid-cols-2 gap-x-4 gap-y-2.5 px-4 py-3.5 sm:grid-cols-4 lg:items-center lg:py-2.5',
        COLUMNS,
      )}
    >
      <td
        role="cell"
        className="col-span-full flex min-w-0 flex-col items-start gap-0.5 pr-9 lg:col-span-1 lg:pr-0"
      >
        <Link
          href={`/admin/settings/pack-registries/${uid}`}
          className="max-w-full truncate font-medium underline-offset-3 hover:underline"
        >
          {name}
        </Link>
        <span className="flex max-w-full items-center gap-0.5 text-xs">
          {registry.kind === 'pack' ? null : (
            <span
              title={KIND_WORDS[registry.kind].name}
              className="mr-1 shrink-0 rounded-sm border px-1 text-ink-soft"
            >
              {KIND_WORDS[registry.kind].short}
            </span>
          )}
          <Mono text={registry.spec.endpoint} max={registry.kind === 'pack' ? 46 : 40} />
          {isPlain(registry.spec.endpoint) ? <PlainMark /> : null}
        </span>
      </td>
      <td role="cell" className="col-span-full lg:col-span-1">
        <StateBadge state={state} />
      </td>
      <Fact name="Packs" className="lg:text-right">
        {formatNumber(packs)}
      </Fact>
      <Fact name="Versions" className="lg:text-right">
        {formatNumber(versions)}
      </Fact>
      <Fact name="Last good sync" className="lg:pl-3">
        <RelativeTime time={registry.status.sync.lastSyncedTime} />
      </Fact>
      <Fact name="Next sync">
        <span title={`Every ${formatMinutes(syncEveryMinutes)}`}>
          {state === 'syncing' ? 'now' : <RelativeTime time={nextSyncTime} never="none" />}
        </span>
      </Fact>
      <td role="cell" className="absolute top-2.5 right-2 lg:static lg:justify-self-end">
        <RegistryMenu
          registry={registry}
          onSync={() => sync.mutate()}
          onPause={(paused) => pause.mutate(paused)}
          onDelete={() => setDeleting(true)}
        />
        <DeleteDialog registry={registry} open={deleting} onClose={() => setDeleting(false)} />
      </td>
      <RowNote registry={registry} failed={failed} />
    </tr>
  )
}

const Fact = ({ name, className, children }: { name: string; className?: string; children: ReactNode }) => (
  <td role="cell" className={cn('flex flex-col tabular-nums lg:block', className)}>
    <span className="text-ink-faint text-xs lg:sr-only">{name} </span>
    {children}
  </td>
)

/** Nobody should have to open a registry to learn why it does badly. */
function RowNote({ registry, failed }: { registry: Registry; failed: Error | null }) {
  const trouble = troubleOf(registry)
  const { state, packs, nextSyncTime } = registry.status.packyard
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
      <td role="cell" className="col-span-full text-ink-soft text-xs [overflow-wrap:anywhere]">
        {whyEmpty(registry)}
      </td>
    )
  if (state === 'healthy' && packs === 0)
    return (
      <td role="cell" className="col-span-full text-ink-soft text-xs">
        No packs yet. Push one:{' '}
        <code className="[overflow-wrap:anywhere]">
          packyard pack push DIR -r {new URL(registry.spec.endpoint).host}
        </code>
      </td>
    )
  return null
}

function Note({ tone, children }: { tone: 'bad' | 'warn'; children: ReactNode }) {
  const Icon = tone === 'bad' ? CircleAlert : TriangleAlert
  return (
    <td role="cell" className="col-span-full flex items-start gap-2 text-ink-soft text-xs">
      <Icon aria-hidden className={cn('mt-px size-3.5 shrink-0', TONE_TEXT[tone])} />
      <p className="[overflow-wrap:anywhere]">{children}</p>
    </td>
  )
}

export const PlainMark = () => (
  <span
    title="Not encrypted: passwords and packs travel in the clear."
    className="inline-flex shrink-0 items-center gap-1 whitespace-nowrap text-warn"
  >
    <LockOpen aria-hidden className="size-3.5" />
    plain HTTP
  </span>
)
