'use client'

import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'

import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { count } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import { failuresQuery, type Registry, type SyncFailure, useRetryRegistry } from './queries'
import { whyNoSync } from './registry-menu'

/** What the registry lists and could not be read, and why. Nothing where there is none. */
export function FailuresPanel({ registry }: { registry: Registry }) {
  const failures = useQuery(failuresQuery(registry.metadata.uid))
  const { failing } = registry.status.packyard
  if (failures.isPending && failing > 0)
    return (
      <Frame registry={registry} number={failing}>
        <SkeletonRows label="Loading the versions" rows={Math.min(failing, 10)} height="h-9" />
      </Frame>
    )
  if (failures.isError && !failures.data && failing > 0)
    return (
      <Frame registry={registry} number={failing}>
        <div className="p-4">
          <LoadFailed what="The versions" error={failures.error} retry={() => void failures.refetch()} />
        </div>
      </Frame>
    )
  return failures.data?.length ? <Failures registry={registry} failures={failures.data} /> : null
}

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

const Frame = ({
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
  <Frame registry={registry} number={failures.length}>
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
  </Frame>
)
