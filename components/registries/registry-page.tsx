'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleStop, Pause, Pencil, Play, PlugZap, RefreshCw, RotateCw, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef, useState } from 'react'

import { PageHeader } from '@/components/shell/page-header'
import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { LoadFailed, Skeleton, SkeletonRows } from '@/components/ui/list-states'
import { CopyBlock, Mono } from '@/components/ui/mono'
import { count, formatMinutes, formatNumber } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import { CheckDialog } from './check-dialog'
import { DeleteDialog, UsedBy } from './delete-dialog'
import { HeldPanel } from './held-panel'
import { KIND_WORDS, PROVIDER_WORDS, whereOf } from './kinds'
import {
  failuresQuery,
  forgetAfterSync,
  isBusy,
  type Registry,
  registryQuery,
  runsQuery,
  type SyncFailure,
  type SyncRun,
  useCancelSync,
  usePauseRegistry,
  useRetryRegistry,
  useSyncRegistry,
} from './queries'
import { whyNoSync } from './registry-menu'
import { RegistryPacks } from './registry-packs'
import { PlainMark } from './registry-table'
import { RunChart } from './run-chart'
import { RunTable } from './run-table'
import { failingSince } from './run-words'
import { isPlain, StateBadge, type Trouble, toPushCommands, troubleOf, whyEmpty } from './state'
import { WhyPanel } from './why-panel'

const LIST = '/admin/settings/pack-registries'
const TRAIL = [{ name: 'Admin' }, { name: 'Settings' }, { name: 'Pack Registries', href: LIST }]

/** A few runs show no course of things: the table tells them better alone. */
const FEWEST_FOR_CHART = 6

/** One registry: how it is doing and why, what it brought, and what it is set to. */
export function RegistryPage({ uid }: { uid: string }) {
  const registry = useQuery(registryQuery(uid))
  if (registry.isPending)
    return (
      <>
        <PageHeader title="Pack registry" description={<Skeleton className="h-5.5 w-72" />} trail={TRAIL} />
        <div role="status" aria-label="Loading the registry" className="flex flex-col gap-6">
          <Skeleton className="h-17" />
          <div className="grid gap-6 lg:grid-cols-2">
            <Skeleton className="h-96" />
            <Skeleton className="h-96" />
          </div>
        </div>
      </>
    )
  if (registry.isError && !registry.data)
    return (
      <>
        <PageHeader title="Pack registry" trail={TRAIL} />
        <LoadFailed what="The registry" error={registry.error} retry={() => void registry.refetch()} />
      </>
    )
  return <Loaded registry={registry.data} />
}

function Loaded({ registry }: { registry: Registry }) {
  const { uid, name } = registry.metadata
  const busy = isBusy(registry)
  const runs = useQuery(runsQuery(uid, busy))
  const failures = useQuery(failuresQuery(uid))
  useForgetAfterSync(busy)
  const { packs, failing, state } = registry.status.packyard
  const { endpoint, auth } = registry.spec
  return (
    <>
      <PageHeader
        title={name}
        trail={TRAIL}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <StateBadge state={state} />
            <Mono text={endpoint} max={60} />
            {isPlain(endpoint) ? <PlainMark /> : null}
          </span>
        }
        actions={<Actions registry={registry} />}
      />
      <div className="flex flex-col gap-6">
        <Condition registry={registry} runs={runs.data ?? []} />
        <Facts registry={registry} />
        {packs === 0 && state === 'healthy' && registry.kind !== 'pack' ? (
          <Panel title="Nothing to read yet">
            <p className="text-ink-soft">{whyEmpty(registry)}</p>
          </Panel>
        ) : packs === 0 && state === 'healthy' ? (
          <Panel title="No packs yet" description="The registry is reachable and empty. Push a first pack:">
            <CopyBlock
              label="Copy the commands"
              text={toPushCommands(endpoint, auth.tls.insecureSkipVerify, auth.username ?? '')}
            />
          </Panel>
        ) : null}
        <HeldPanel uid={uid} held={registry.status.packyard.held} />
        {failures.isPending && failing > 0 ? (
          <FailuresPanel registry={registry} number={failing}>
            <SkeletonRows label="Loading the versions" rows={Math.min(failing, 10)} height="h-9" />
          </FailuresPanel>
        ) : failures.data?.length ? (
          <Failures registry={registry} failures={failures.data} />
        ) : null}
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <RegistryPacks uid={uid} />
          <div className="flex min-w-0 flex-col gap-6">
            <Settings registry={registry} />
            <Panel title="Used by">
              <UsedBy uid={uid} none="No cluster profile uses its packs. It can be deleted." />
            </Panel>
            <WhyPanel uid={uid} />
          </div>
        </div>
        <Panel title="Sync history" description="Newest first, the last 50 runs at most." flush>
          {runs.isPending ? (
            <SkeletonRows label="Loading the sync history" rows={4} height="h-9" />
          ) : runs.isError && !runs.data ? (
            <div className="p-4">
              <LoadFailed what="The sync history" error={runs.error} retry={() => void runs.refetch()} />
            </div>
          ) : runs.data?.length ? (
            <>
              {runs.data.length < FEWEST_FOR_CHART ? null : (
                <div className="max-w-3xl border-b p-4">
                  <RunChart runs={runs.data} />
                </div>
              )}
              <RunTable runs={runs.data} />
            </>
          ) : (
            <p className="p-4 text-ink-soft">It has not been synced yet.</p>
          )}
        </Panel>
      </div>
    </>
  )
}

/** When a sync ends, its packs, failures and history are new too. */
function useForgetAfterSync(busy: boolean): void {
  const client = useQueryClient()
  const before = useRef(busy)
  useEffect(() => {
    if (before.current && !busy) forgetAfterSync(client)
    before.current = busy
  }, [busy, client])
}

function Actions({ registry }: { registry: Registry }) {
  const router = useRouter()
  const { uid } = registry.metadata
  const { paused } = registry.spec
  const mayChange = useDenied('packRegistry.update')
  const mayDelete = useDenied('packRegistry.delete')
  const sync = useSyncRegistry(uid)
  const pause = usePauseRegistry(uid)
  const [open, setOpen] = useState<'check' | 'delete' | null>(null)
  const failed = sync.error ?? pause.error
  return (
    <>
      {failed ? (
        <p role="alert" className="w-full text-right text-bad text-xs">
          {failed.message}
        </p>
      ) : null}
      <Button
        look="primary"
        busy={sync.isPending}
        disabledReason={mayChange ?? whyNoSync(registry)}
        icon={<RefreshCw aria-hidden />}
        onClick={() => sync.mutate()}
      >
        Sync now
      </Button>
      {registry.status.sync.status === 'InProgress' ? <CancelButton uid={uid} /> : null}
      <Button
        busy={pause.isPending}
        disabledReason={mayChange}
        icon={paused ? <Play aria-hidden /> : <Pause aria-hidden />}
        onClick={() => pause.mutate(!paused)}
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <Button disabledReason={mayChange} icon={<PlugZap aria-hidden />} onClick={() => setOpen('check')}>
        Test connection
      </Button>
      <Button
        disabledReason={mayChange}
        icon={<Pencil aria-hidden />}
        onClick={() => router.push(`${LIST}/${uid}/edit`)}
      >
        Edit
      </Button>
      <Button
        look="danger"
        disabledReason={mayDelete}
        icon={<Trash2 aria-hidden />}
        onClick={() => setOpen('delete')}
      >
        Delete
      </Button>
      {open === 'check' ? <CheckDialog registry={registry} onClose={() => setOpen(null)} /> : null}
      <DeleteDialog
        registry={registry}
        open={open === 'delete'}
        onClose={() => setOpen(null)}
        onDeleted={() => router.push(LIST)}
      />
    </>
  )
}

/** Shown while a sync runs. The run ends within seconds after it was asked to. */
function CancelButton({ uid }: { uid: string }) {
  const mayChange = useDenied('packRegistry.update')
  const cancel = useCancelSync(uid)
  return (
    <>
      {cancel.error ? (
        <p role="alert" className="w-full text-right text-bad text-xs">
          {cancel.error.message}
        </p>
      ) : null}
      <Button
        busy={cancel.isPending || cancel.isSuccess}
        disabledReason={mayChange}
        icon={<CircleStop aria-hidden />}
        onClick={() => cancel.mutate()}
      >
        {cancel.isSuccess ? 'Cancelling' : 'Cancel sync'}
      </Button>
    </>
  )
}

const NEXT_WORDS: Record<Trouble['next'], string> = {
  retried: 'It is tried again by itself',
  trying: 'It is being tried again now.',
  waits: 'Nothing is tried until somebody changes it.',
  paused: 'It is paused: resume it to try again.',
  held: 'What was read before stays in the catalog until then.',
  served: 'Everything else of the registry is in the catalog. They are tried again at each sync.',
}

/** What is wrong, since when, what to do, and what happens by itself. */
function Condition({ registry, runs }: { registry: Registry; runs: SyncRun[] }) {
  const trouble = troubleOf(registry)
  if (!trouble) return null
  const since = trouble.tone === 'bad' ? failingSince(runs) : null
  return (
    <Callout tone={trouble.tone} title={trouble.reason}>
      {trouble.next === 'served'
        ? 'They are listed below, each with its reason.'
        : trouble.next === 'held'
          ? 'They are listed below: remove or keep them.'
          : trouble.fix}{' '}
      {trouble.next === 'retried' ? (
        <>
          {NEXT_WORDS.retried}, <RelativeTime time={registry.status.packyard.nextSyncTime} never="soon" />.
        </>
      ) : (
        NEXT_WORDS[trouble.next]
      )}{' '}
      {since ? (
        <>
          It began <RelativeTime time={since} />. What was read before stays in the catalog.
        </>
      ) : null}
    </Callout>
  )
}

function Facts({ registry }: { registry: Registry }) {
  const { packs, versions, failing, syncEveryMinutes, nextSyncTime, state } = registry.status.packyard
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 lg:grid-cols-5">
      <Fact name="Packs">{formatNumber(packs)}</Fact>
      <Fact name="Versions">{formatNumber(versions)}</Fact>
      <Fact name="Could not be read" tone={failing > 0 ? 'text-warn' : ''}>
        {formatNumber(failing)}
      </Fact>
      <Fact name="Last good sync">
        <RelativeTime time={registry.status.sync.lastSyncedTime} />
      </Fact>
      <Fact name={`Next sync, every ${formatMinutes(syncEveryMinutes)}`} last>
        {state === 'syncing' ? 'now' : <RelativeTime time={nextSyncTime} never="none" />}
      </Fact>
    </dl>
  )
}

const Fact = ({
  name,
  tone,
  last,
  children,
}: {
  name: string
  tone?: string
  last?: boolean
  children: ReactNode
}) => (
  <div className={`flex flex-col gap-1 bg-surface px-4 py-3 ${last ? 'col-span-2 lg:col-span-1' : ''}`}>
    <dt className="text-ink-faint text-xs">{name}</dt>
    <dd className={`text-lg tabular-nums ${tone ?? ''}`}>{children}</dd>
  </div>
)

function RetryButton({ registry }: { registry: Registry }) {
  const mayChange = useDenied('packRegistry.update')
  const retry = useRetryRegistry(registry.metadata.uid)
  return (
    <>
      {retry.error ? (
        <p role="alert" className="text-bad text-xs">
          {retry.error.message}
        </p>
      ) : null}
      <Button
        size="small"
        busy={retry.isPending}
        disabledReason={mayChange ?? whyNoSync(registry)}
        icon={<RotateCw aria-hidden />}
        onClick={() => retry.mutate()}
      >
        Retry failed items
      </Button>
    </>
  )
}

const FailuresPanel = ({
  registry,
  number,
  children,
}: {
  registry: Registry
  number: number
  children: ReactNode
}) => (
  <Panel
    title={`${count(number, 'version')} could not be read`}
    description="The registry lists them, and reading them failed."
    actions={<RetryButton registry={registry} />}
    flush
  >
    {children}
  </Panel>
)

const Failures = ({ registry, failures }: { registry: Registry; failures: SyncFailure[] }) => (
  <FailuresPanel registry={registry} number={failures.length}>
    <Table label="Versions that could not be read">
      <thead>
        <tr>
          <Th>Pack</Th>
          <Th>Version</Th>
          <Th>Reason</Th>
          <Th>Since</Th>
        </tr>
      </thead>
      <tbody>
        {failures.map((one) => (
          <tr key={`${one.name}@${one.version}`}>
            <Td className="font-medium">{one.name}</Td>
            <Td>
              <Mono text={one.version} />
            </Td>
            <Td className="min-w-72 text-ink-soft [overflow-wrap:anywhere]">{one.reason}</Td>
            <Td>
              <RelativeTime time={one.firstFailedTime} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  </FailuresPanel>
)

const AUTH_WORDS = { noAuth: 'None', basic: 'User name and password', token: 'Token' } as const

function Settings({ registry }: { registry: Registry }) {
  const { auth, endpoint, syncEveryMinutes, oci } = registry.spec
  const certificates = auth.tls.ca.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0
  return (
    <Panel title="Settings">
      <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-4 gap-y-2 [&_dt]:text-ink-faint">
        <dt>Kind</dt>
        <dd>
          {KIND_WORDS[registry.kind].name}
          {oci ? <span className="text-ink-soft"> · {PROVIDER_WORDS[oci.providerType]}</span> : null}
        </dd>
        {oci ? (
          <>
            <dt>Looked into</dt>
            <dd className="mono [overflow-wrap:anywhere]">{whereOf(oci)}</dd>
          </>
        ) : null}
        {oci?.tokenServer ? (
          <>
            <dt>Token server</dt>
            <dd className="mono [overflow-wrap:anywhere]">{oci.tokenServer}</dd>
          </>
        ) : null}
        <dt>Sign in with</dt>
        <dd>
          {AUTH_WORDS[auth.type]}
          {auth.username ? <span className="mono text-ink-soft"> · {auth.username}</span> : null}
        </dd>
        <dt>TLS</dt>
        <dd>
          {isPlain(endpoint)
            ? 'None: plain HTTP'
            : auth.tls.insecureSkipVerify
              ? 'Not verified (Insecure skip TLS verify)'
              : 'Verified'}
        </dd>
        <dt>CA certificate</dt>
        <dd>{certificates === 0 ? 'None: what the host trusts' : count(certificates, 'certificate')}</dd>
        <dt>Sync every</dt>
        <dd>{formatMinutes(syncEveryMinutes)}</dd>
        <dt>Added</dt>
        <dd>
          <RelativeTime time={registry.metadata.creationTimestamp} />
        </dd>
      </dl>
    </Panel>
  )
}
