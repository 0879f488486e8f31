'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'

import { KIND_LOOKS } from '@/components/changes/words'
import { PageHeader } from '@/components/shell/page-header'
import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Table, Td, Th } from '@/components/ui/table'
import { type Webhook, webhooksQuery } from './queries'
import { WebhookState } from './state'
import { WebhookForm } from './webhook-form'

export const WEBHOOKS = '/admin/settings/webhooks'

/** Who is told of changes in the catalog. */
export function WebhookList() {
  const mayNotSee = useDenied('webhook.list')
  const denied = useDenied('webhook.create')
  const webhooks = useQuery({ ...webhooksQuery(), enabled: mayNotSee === undefined })
  const [isAdding, setAdding] = useState(false)
  const add = (
    <Button
      look="primary"
      icon={<Plus aria-hidden />}
      disabledReason={denied}
      onClick={() => setAdding(true)}
    >
      Add webhook
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="The console tells other programs what changes in the catalog."
        trail={[{ name: 'Admin' }, { name: 'Settings' }]}
        actions={add}
      />
      {mayNotSee !== undefined ? (
        <Empty title="For tenant admins">
          Addresses of webhooks are secrets of their receivers. {mayNotSee}
        </Empty>
      ) : webhooks.isPending ? (
        <div className="rounded-lg border bg-surface">
          <SkeletonRows label="Loading webhooks" rows={3} height="h-9" />
        </div>
      ) : webhooks.isError && !webhooks.data ? (
        <LoadFailed what="The webhooks" error={webhooks.error} retry={() => void webhooks.refetch()} />
      ) : webhooks.data.length === 0 ? (
        <Empty title="No webhooks yet" action={add}>
          A chat, a ticket system or a pipeline learns of new versions, deprecations and ends of life as soon
          as a sync finds them.
        </Empty>
      ) : (
        <div className="overflow-hidden rounded-lg border bg-surface">
          <Table label="Webhooks">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>State</Th>
                <Th>Receiver</Th>
                <Th>What it is told</Th>
              </tr>
            </thead>
            <tbody>
              {webhooks.data.map((webhook) => (
                <Row key={webhook.uid} webhook={webhook} />
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {isAdding ? <WebhookForm onClose={() => setAdding(false)} /> : null}
    </>
  )
}

const NAMED = 3

/** The first of what it is told, and how many more. */
export const toldWords = ({ kinds }: Pick<Webhook, 'kinds'>): string => {
  const names = kinds.slice(0, NAMED).map((kind) => KIND_LOOKS[kind].name)
  return kinds.length > NAMED ? `${names.join(', ')} and ${kinds.length - NAMED} more` : names.join(', ')
}

function Row({ webhook }: { webhook: Webhook }) {
  return (
    <tr>
      <Td className="whitespace-nowrap font-medium">
        <Link href={`${WEBHOOKS}/${webhook.uid}`} className="underline-offset-3 hover:underline">
          {webhook.name}
        </Link>
      </Td>
      <Td>
        <WebhookState webhook={webhook} />
      </Td>
      <Td className="mono whitespace-nowrap text-ink-soft text-xs">{new URL(webhook.url).host}</Td>
      <Td className="min-w-60 text-ink-soft">{toldWords(webhook)}</Td>
    </tr>
  )
}
