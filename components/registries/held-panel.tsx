'use client'

import { useQuery } from '@tanstack/react-query'
import { Trash2, Undo2 } from 'lucide-react'

import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { count, formatNumber } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import { type HeldRemovals, heldQuery, useDecideHeld } from './queries'

/**
 * What the registry no longer lists and waits for a decision; and what a person decided to keep. Nothing where there is
 * neither.
 *
 * @param held how many wait, as the registry itself says
 */
export function HeldPanel({ uid, held }: { uid: string; held: number }) {
  const lists = useQuery(heldQuery(uid))
  if (held > 0 && lists.isPending)
    return (
      <Panel title="No longer listed" flush>
        <SkeletonRows label="Loading what is no longer listed" rows={4} height="h-11" />
      </Panel>
    )
  if (held > 0 && lists.isError && !lists.data)
    return (
      <Panel title="No longer listed">
        <LoadFailed what="The list of removals" error={lists.error} retry={() => void lists.refetch()} />
      </Panel>
    )
  if (!lists.data) return null
  return (
    <>
      {lists.data.held.count > 0 ? <Waiting uid={uid} list={lists.data.held} /> : null}
      {lists.data.kept.count > 0 ? <Kept uid={uid} list={lists.data.kept} /> : null}
    </>
  )
}

function Waiting({ uid, list }: { uid: string; list: HeldRemovals['held'] }) {
  const mayChange = useDenied('packRegistry.update')
  const decide = useDecideHeld(uid)
  const { proposal } = list
  return (
    <Panel
      title={`${formatNumber(list.count)} of ${count(list.of, 'version')} no longer listed`}
      description={
        <>
          The registry stopped listing them together <RelativeTime time={list.sinceTime} />. Nothing is
          removed until you decide. Listed again, they leave this list by themselves.
        </>
      }
      actions={
        <>
          <Failed error={decide.error} />
          <Button
            size="small"
            busy={decide.isPending && decide.variables.decision === 'keep'}
            disabledReason={mayChange ?? (decide.isPending ? 'It is being decided.' : undefined)}
            icon={<Undo2 aria-hidden />}
            onClick={() => decide.mutate({ decision: 'keep', proposal })}
          >
            Keep them
          </Button>
          <Button
            look="danger"
            size="small"
            busy={decide.isPending && decide.variables.decision === 'apply'}
            disabledReason={mayChange ?? (decide.isPending ? 'It is being decided.' : undefined)}
            icon={<Trash2 aria-hidden />}
            onClick={() => decide.mutate({ decision: 'apply', proposal })}
          >
            Apply removal
          </Button>
        </>
      }
      flush
    >
      <Versions label="Versions that are no longer listed" list={list} />
    </Panel>
  )
}

function Kept({ uid, list }: { uid: string; list: HeldRemovals['kept'] }) {
  const mayChange = useDenied('packRegistry.update')
  const decide = useDecideHeld(uid)
  return (
    <Panel
      title={`${count(list.count, 'version')} kept`}
      description="The registry no longer lists them, and somebody decided to keep them in the catalog."
      actions={
        <>
          <Failed error={decide.error} />
          <Button
            look="danger"
            size="small"
            busy={decide.isPending}
            disabledReason={mayChange}
            icon={<Trash2 aria-hidden />}
            onClick={() => decide.mutate({ decision: 'let-go', proposal: list.proposal })}
          >
            Remove them
          </Button>
        </>
      }
      flush
    >
      <Versions label="Versions that are kept" list={list} />
    </Panel>
  )
}

const Failed = ({ error }: { error: Error | null }) =>
  error ? (
    <p role="alert" className="text-bad text-xs">
      {error.message}
    </p>
  ) : null

const Versions = ({ label, list }: { label: string; list: HeldRemovals['kept'] }) => (
  <div className="max-h-96 overflow-y-auto">
    <Table label={label}>
      <thead>
        <tr>
          <Th>Pack</Th>
          <Th>Version</Th>
          <Th>Not listed since</Th>
        </tr>
      </thead>
      <tbody>
        {list.items.map((one) => (
          <tr key={`${one.name}@${one.version}`}>
            <Td className="font-medium">{one.name}</Td>
            <Td>
              <Mono text={one.version} />
            </Td>
            <Td>
              <RelativeTime time={one.heldTime} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
    {list.count > list.items.length ? (
      <p className="border-t px-4 py-2.5 text-ink-soft text-xs">
        And {formatNumber(list.count - list.items.length)} more. A decision is about all of them.
      </p>
    ) : null}
  </div>
)
