'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { RunLifeCycle } from '@/components/changes/run-life-cycle'
import { packHref } from '@/components/changes/words'
import { PageHeader } from '@/components/shell/page-header'
import { SearchText } from '@/components/shell/search-text'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { Empty, LoadFailed, Skeleton } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { count, formatBytes, formatDuration, formatNumber } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import type { RunItemKind } from '@/lib/registries/schema'
import { RUN_ITEM_KINDS } from '@/lib/registries/words'
import { Choices } from './choices'
import { registryQuery, runQuery, type SyncRunDetail } from './queries'
import { COUNT_WORDS, durationOf, KIND_OF_ITEM, OUTCOMES, triggerOf } from './run-words'
import { useRunning } from './running'
import { LookBadge } from './state'
import { SyncProgressPanel } from './sync-progress'

const LIST = '/admin/settings/pack-registries'

/** One sync run: what it cost, how it ended, and what it did to which version. */
export function RunPage({ uid, runUid }: { uid: string; runUid: string }) {
  const registry = useQuery(registryQuery(uid))
  const run = useQuery(runQuery(uid, runUid))
  const sync = useRunning(uid).get(uid)
  const trail = [
    ...[{ name: 'Admin' }, { name: 'Settings' }, { name: 'Pack Registries', href: LIST }],
    { name: registry.data?.metadata.name ?? 'Pack registry', href: `${LIST}/${uid}` },
  ]
  if (run.isPending)
    return (
      <>
        <PageHeader title="Sync run" description={<Skeleton className="h-5.5 w-72" />} trail={trail} />
        <div role="status" aria-label="Loading the sync run" className="flex flex-col gap-6">
          <Skeleton className="h-34" />
          <Skeleton className="h-96" />
        </div>
      </>
    )
  if (run.isError && !run.data)
    return (
      <>
        <PageHeader title="Sync run" trail={trail} />
        <LoadFailed what="The sync run" error={run.error} retry={() => void run.refetch()} />
      </>
    )
  const { outcome, message, startedTime, actor } = run.data
  return (
    <>
      <PageHeader
        title="Sync run"
        trail={trail}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <LookBadge {...OUTCOMES[outcome]} />
            <span>
              {triggerOf(run.data)}
              {actor ? ` by ${actor}` : ''}, <RelativeTime time={startedTime} />
            </span>
          </span>
        }
      />
      <div className="flex flex-col gap-6">
        {message ? (
          <Callout tone={outcome === 'failed' ? 'bad' : 'info'} title={message}>
            {outcome === 'failed' ? 'What was read before stays in the catalog.' : null}
          </Callout>
        ) : null}
        {outcome === 'running' && sync?.runUid === runUid ? <SyncProgressPanel sync={sync} /> : null}
        <Figures run={run.data} />
        <RunLifeCycle runUid={runUid} />
        <Items uid={uid} run={run.data} />
      </div>
    </>
  )
}

const FIGURES = ['listed', 'added', 'changed', 'returned', 'removed', 'held', 'failed', 'requests'] as const

function Figures({ run }: { run: SyncRunDetail }) {
  const figures: [name: string, value: string, isNone?: boolean][] = [
    ['Duration', formatDuration(durationOf(run, new Date()))],
    ...FIGURES.map((key): [string, string, boolean] => [
      COUNT_WORDS[key],
      formatNumber(run[key]),
      run[key] === 0,
    ]),
    ['Bytes read', formatBytes(run.bytes)],
    [COUNT_WORDS.rows, formatNumber(run.rows), run.rows === 0],
    ['Ended', run.finishedTime ? new Date(run.finishedTime).toLocaleTimeString('en') : 'not yet'],
  ]
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 lg:grid-cols-6">
      {figures.map(([name, value, isNone]) => (
        <div key={name} className="flex flex-col gap-1 bg-surface px-4 py-3">
          <dt className="text-ink-faint text-xs">{name}</dt>
          <dd className={cn('text-lg tabular-nums', isNone && 'text-ink-faint')}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const KINDS = RUN_ITEM_KINDS

/** What the run did to which version. Search and kinds are in the address. */
function Items({ uid, run }: { uid: string; run: SyncRunDetail }) {
  const { query, set } = useAddress()
  const text = query.get('q') ?? ''
  const kinds = query
    .getAll('kind')
    .filter((one): one is RunItemKind => RUN_ITEM_KINDS.includes(one as RunItemKind))
  const { items, more } = run
  const kept = (kind: RunItemKind) => items.filter((one) => one.kind === kind).length
  const numbers = new Map(
    KINDS.map((kind) => [kind, kept(kind) + (more[kind] ?? 0)] as const).filter(([, number]) => number > 0),
  )
  if (numbers.size === 0)
    return (
      <Panel title="What it did to which version">
        <p className="text-ink-soft">{whyNone(run)}</p>
      </Panel>
    )
  const words = text.trim().toLowerCase()
  const shown = items.filter(
    (one) =>
      (kinds.length === 0 || kinds.includes(one.kind)) &&
      `${one.name} ${one.version} ${one.reason ?? ''}`.toLowerCase().includes(words),
  )
  const hidden = KINDS.filter((kind) => (kinds.length === 0 || kinds.includes(kind)) && (more[kind] ?? 0) > 0)
  const clear = () => set({ q: null, kind: null })
  return (
    <Panel
      title="What it did to which version"
      actions={
        <Link
          href={`/changes?run=${run.uid}`}
          className="text-accent text-xs underline-offset-3 hover:underline"
        >
          What changed in the catalog
        </Link>
      }
      flush
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 border-b px-4 py-3">
        <SearchText
          label="Search the versions"
          placeholder="Search by pack, version or reason"
          text={text}
          onText={(q) => set({ q })}
          className="w-full sm:w-72"
        />
        <Choices
          legend="Show kinds"
          order={KINDS}
          numbers={numbers}
          chosen={kinds}
          onChange={(kind) => set({ kind })}
          label={(kind) => ({ name: KIND_OF_ITEM[kind].name })}
        />
      </div>
      <p aria-live="polite" className="sr-only">
        {count(shown.length, 'version')} shown
      </p>
      {shown.length === 0 && hidden.length === 0 ? (
        <Empty title="No version fits" action={<Button onClick={clear}>Clear search and filters</Button>}>
          Search looks at packs, versions and reasons. Take back a filter, or use fewer words.
        </Empty>
      ) : (
        <>
          <Table label="What the run did to which version">
            <thead>
              <tr>
                <Th>What</Th>
                <Th>Pack</Th>
                <Th>Version</Th>
                <Th>Why</Th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={`${one.kind} ${one.name}@${one.version}`}>
                  <Td className="h-9">
                    <LookBadge {...KIND_OF_ITEM[one.kind]} />
                  </Td>
                  <Td className="h-9 font-medium">
                    {one.kind === 'failed' ? (
                      one.name
                    ) : (
                      <Link
                        href={packHref({ ...one, registry: { uid } })}
                        className="underline-offset-3 hover:underline"
                      >
                        {one.name}
                      </Link>
                    )}
                  </Td>
                  <Td className="h-9">
                    <Mono text={one.version} />
                  </Td>
                  <Td className="h-9 min-w-72 text-ink-soft [overflow-wrap:anywhere]">
                    {one.step ? `${one.step === 'fetch' ? 'Fetching it' : 'Reading what came'}: ` : ''}
                    {one.reason ?? WHY[one.kind]}
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
          {hidden.length > 0 ? (
            <p className="border-t px-4 py-2.5 text-ink-soft text-xs">
              {`And ${hidden.map((kind) => `${formatNumber(more[kind] ?? 0)} more ${KIND_OF_ITEM[kind].name.toLowerCase()}`).join(', ')}. `}
              {items.length === 0
                ? 'Which, was not kept.'
                : 'A run keeps 1,000 versions by name, those first that failed or went.'}
            </p>
          ) : null}
        </>
      )}
    </Panel>
  )
}

const WHY: Record<RunItemKind, string> = {
  failed: 'It could not be read.',
  held: 'No longer listed, together with many others: it stays until a person decides.',
  removed: 'No longer listed.',
  changed: 'Listed with other content.',
  returned: 'Listed again as it was.',
  added: 'New in the list.',
}

function whyNone({ outcome }: SyncRunDetail): string {
  if (outcome === 'running') return 'It is told when the run has ended.'
  if (outcome === 'unchanged') return 'Nothing: the registry lists what it listed before.'
  if (outcome === 'completed') return 'Nothing: all that is listed was in the catalog already.'
  return 'Nothing that was written down. What it read until its end is in the catalog.'
}
