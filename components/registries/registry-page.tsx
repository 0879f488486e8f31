'use client'

import { useQuery } from '@tanstack/react-query'

import { PageHeader } from '@/components/shell/page-header'
import { LoadFailed, Skeleton } from '@/components/ui/list-states'
import { CopyBlock, Mono } from '@/components/ui/mono'
import { Panel } from '@/components/ui/panel'
import { ConditionsPanel } from './conditions-panel'
import { UsedBy } from './delete-dialog'
import { FailuresPanel } from './failures-panel'
import { HeldPanel } from './held-panel'
import { HookPanel } from './hook-panel'
import { isBusy, type Registry, registryQuery, runsQuery } from './queries'
import { Actions } from './registry-actions'
import { Facts } from './registry-facts'
import { RegistryPacks } from './registry-packs'
import { Settings } from './registry-settings'
import { PlainMark } from './registry-table'
import { TroubleNote } from './registry-trouble'
import { RunHistory } from './run-history'
import { useRunning } from './running'
import { isPlain, StateBadge, toPushCommands, whyEmpty } from './state'
import { SyncProgressPanel } from './sync-progress'
import { WhyPanel } from './why-panel'

const LIST = '/admin/settings/pack-registries'
const TRAIL = [{ name: 'Admin' }, { name: 'Settings' }, { name: 'Pack Registries', href: LIST }]

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
  const running = useRunning(uid)
  const sync = running.get(uid)
  const busy = isBusy(registry) || sync !== undefined
  const runs = useQuery(runsQuery(uid, busy))
  const { endpoint } = registry.spec
  const { status } = registry
  return (
    <>
      <PageHeader
        title={name}
        trail={TRAIL}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <StateBadge state={sync ? 'syncing' : status.packyard.state} />
            <Mono text={endpoint} max={60} />
            {isPlain(endpoint) ? <PlainMark /> : null}
          </span>
        }
        actions={<Actions registry={registry} />}
      />
      <div className="flex flex-col gap-6">
        <TroubleNote registry={registry} runs={runs.data ?? []} />
        {busy ? <SyncProgressPanel sync={sync ?? status.packyard.progress} /> : null}
        <Facts registry={registry} />
        <NothingYet registry={registry} />
        <HeldPanel uid={uid} held={status.packyard.held} />
        <FailuresPanel registry={registry} />
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-6">
            <ConditionsPanel registry={registry} />
            <RegistryPacks uid={uid} />
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            <Settings registry={registry} />
            {registry.kind === 'helm' ? null : <HookPanel uid={uid} />}
            <Panel title="Used by">
              <UsedBy uid={uid} none="No cluster profile uses its packs. It can be deleted." />
            </Panel>
            <WhyPanel uid={uid} />
          </div>
        </div>
        <RunHistory uid={uid} busy={busy} />
      </div>
    </>
  )
}

/** A registry that does well and holds nothing: what to do first. */
function NothingYet({ registry }: { registry: Registry }) {
  const { packs, state } = registry.status.packyard
  const { endpoint, auth } = registry.spec
  if (packs > 0 || state !== 'healthy') return null
  if (registry.kind !== 'pack')
    return (
      <Panel title="Nothing to read yet">
        <p className="text-ink-soft">{whyEmpty(registry)}</p>
      </Panel>
    )
  return (
    <Panel title="No packs yet" description="The registry is reachable and empty. Push a first pack:">
      <CopyBlock
        label="Copy the commands"
        text={toPushCommands(endpoint, auth.tls.insecureSkipVerify, auth.username ?? '')}
      />
    </Panel>
  )
}
