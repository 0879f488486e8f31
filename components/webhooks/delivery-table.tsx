'use client'

import { useQuery } from '@tanstack/react-query'

import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { count, formatDuration } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import { type Delivery, deliveriesQuery } from './queries'
import { DeliveryState } from './state'

/** What a webhook was sent last, and how it was answered. */
export function DeliveryTable({ uid }: { uid: string }) {
  const deliveries = useQuery(deliveriesQuery(uid))
  return (
    <Panel title="Deliveries" description="The last 50, newest first." flush>
      {deliveries.isPending ? (
        <SkeletonRows label="Loading deliveries" rows={3} height="h-9" />
      ) : deliveries.isError && !deliveries.data ? (
        <div className="p-4">
          <LoadFailed
            what="The deliveries"
            error={deliveries.error}
            retry={() => void deliveries.refetch()}
          />
        </div>
      ) : deliveries.data.length === 0 ? (
        <p className="p-4 text-ink-soft">
          Nothing was sent yet. Send a test to see whether the receiver takes it.
        </p>
      ) : (
        <Table label="Deliveries">
          <thead>
            <tr>
              <Th>State</Th>
              <Th>When</Th>
              <Th>What</Th>
              <Th>Answer</Th>
              <Th>Attempts</Th>
              <Th>Id</Th>
            </tr>
          </thead>
          <tbody>
            {deliveries.data.map((delivery) => (
              <Row key={delivery.uid} delivery={delivery} />
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  )
}

function Row({
  delivery: { uid, event, state, changes, attempts, status, reason, ms, createdTime, nextTime },
}: {
  delivery: Delivery
}) {
  return (
    <tr>
      <Td>
        <DeliveryState state={state} />
      </Td>
      <Td className="text-ink-soft">
        <RelativeTime time={createdTime} />
      </Td>
      <Td className="whitespace-nowrap">{event === 'test' ? 'Test' : count(changes, 'change')}</Td>
      <Td className="min-w-60 text-ink-soft">
        {reason === '' ? (status ?? 'Not sent yet') : reason}
        {reason === '' && ms !== null ? `, ${formatDuration(ms)}` : ''}
        {nextTime && attempts > 0 ? (
          Date.parse(nextTime) > Date.now() ? (
            <>
              {' '}
              Next attempt <RelativeTime time={nextTime} />.
            </>
          ) : (
            ' The next attempt is due.'
          )
        ) : null}
      </Td>
      <Td className="tabular-nums">{attempts}</Td>
      <Td>
        <Mono text={uid} max={12} className="text-xs" />
      </Td>
    </tr>
  )
}
