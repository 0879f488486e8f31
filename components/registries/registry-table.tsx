// biome-ignore-all lint/a11y/noRedundantRoles: some browsers take a table's meaning away where it is laid out as a grid
'use client'

import { LockOpen } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'

import { cn } from '@/components/ui/cn'
import { Mono } from '@/components/ui/mono'
import { formatMinutes, formatNumber } from '@/components/ui/numbers'
import { RelativeTime } from '@/components/ui/time'
import { DeleteDialog } from './delete-dialog'
import { KIND_WORDS } from './kinds'
import { type Registry, type RunningSync, useCancelSync, usePauseRegistry, useSyncRegistry } from './queries'
import { RegistryMenu } from './registry-menu'
import { NOTE, RowNote } from './row-note'
import { isPlain, StateBadge } from './state'
import { RowProgress } from './sync-progress'

// One grid for head and rows, so that columns stay in line although a row may tell more on a second line.
const COLUMNS = 'lg:grid-cols-[1rem_minmax(0,1fr)_7rem_4rem_5rem_9.25rem_8.5rem_1.75rem] lg:gap-x-5'

interface TableProps {
  registries: Registry[]
  running: ReadonlyMap<string, RunningSync['progress']>
  /** Uids of those that something is to be done with. */
  chosen: ReadonlySet<string>
  onChoose: (chosen: ReadonlySet<string>) => void
}

/** A table whose rows lay themselves out: columns where there is room, stacked where there is none. */
export const RegistryTable = ({ registries, running, chosen, onChoose }: TableProps) => (
  <table
    role="table"
    aria-label="Pack registries"
    className="block overflow-hidden rounded-lg border bg-surface"
  >
    <thead role="rowgroup" className="hidden border-b bg-sunken/60 lg:block">
      <tr role="row" className={cn('grid h-9 items-center px-4 text-ink-soft text-xs', COLUMNS)}>
        <Head>
          <ChooseAll {...{ registries, chosen, onChoose }} />
        </Head>
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
        <RegistryRow
          key={registry.metadata.uid}
          registry={registry}
          sync={running.get(registry.metadata.uid)}
          isChosen={chosen.has(registry.metadata.uid)}
          onChoose={(isChosen) => onChoose(withOne(chosen, registry.metadata.uid, isChosen))}
        />
      ))}
    </tbody>
  </table>
)

const Head = ({ className, children }: { className?: string; children: ReactNode }) => (
  <th role="columnheader" scope="col" className={cn('text-left font-medium', className)}>
    {children}
  </th>
)

function withOne(chosen: ReadonlySet<string>, uid: string, isChosen: boolean): ReadonlySet<string> {
  const next = new Set(chosen)
  if (isChosen) next.add(uid)
  else next.delete(uid)
  return next
}

function ChooseAll({ registries, chosen, onChoose }: Omit<TableProps, 'running'>) {
  const picked = registries.filter((one) => chosen.has(one.metadata.uid)).length
  const isAll = picked === registries.length
  return (
    <input
      type="checkbox"
      aria-label="Choose all shown"
      checked={isAll}
      ref={(box) => {
        if (box) box.indeterminate = picked > 0 && !isAll
      }}
      onChange={() => onChoose(new Set(isAll ? [] : registries.map((one) => one.metadata.uid)))}
      className="block size-4 accent-accent"
    />
  )
}

function RegistryRow({
  registry,
  sync: running,
  isChosen,
  onChoose,
}: {
  registry: Registry
  sync: RunningSync['progress'] | undefined
  isChosen: boolean
  onChoose: (isChosen: boolean) => void
}) {
  const { uid, name } = registry.metadata
  const { state, packs, versions, syncEveryMinutes, nextSyncTime } = registry.status.packyard
  const sync = useSyncRegistry(uid)
  const pause = usePauseRegistry(uid)
  const cancel = useCancelSync(uid)
  const [deleting, setDeleting] = useState(false)
  const failed = sync.error ?? pause.error ?? cancel.error
  return (
    <tr
      role="row"
      className={cn(
        'relative grid grid-cols-2 gap-x-4 gap-y-2.5 px-4 py-3.5 sm:grid-cols-4 lg:items-center lg:py-2.5',
        COLUMNS,
        isChosen && 'bg-accent-soft/50',
      )}
    >
      <td role="cell" className="absolute top-4 left-4 lg:static">
        {/* A target that a finger hits. */}
        <label className="-m-1 grid size-6 place-items-center">
          <input
            type="checkbox"
            aria-label={`Choose ${name}`}
            checked={isChosen}
            onChange={(event) => onChoose(event.target.checked)}
            className="block size-4 accent-accent"
          />
        </label>
      </td>
      <td
        role="cell"
        className="col-span-full flex min-w-0 flex-col items-start gap-0.5 pr-9 pl-7 lg:col-span-1 lg:pr-0 lg:pl-0"
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
          onCancel={running ? () => cancel.mutate() : undefined}
          onPause={(paused) => pause.mutate(paused)}
          onDelete={() => setDeleting(true)}
        />
        <DeleteDialog registry={registry} open={deleting} onClose={() => setDeleting(false)} />
      </td>
      {running === undefined && state !== 'syncing' ? null : (
        <td role="cell" className={NOTE}>
          <RowProgress sync={running ?? registry.status.packyard.progress} />
        </td>
      )}
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

export const PlainMark = () => (
  <span
    title="Not encrypted: passwords and packs travel in the clear."
    className="inline-flex shrink-0 items-center gap-1 whitespace-nowrap text-warn"
  >
    <LockOpen aria-hidden className="size-3.5" />
    plain HTTP
  </span>
)
