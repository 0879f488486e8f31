'use client'

import { useQuery } from '@tanstack/react-query'
import { KeyRound, Pause, Pencil, Play, Send, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'

import { KIND_LOOKS } from '@/components/changes/words'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { LoadFailed, Skeleton } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { formatDuration } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { DeliveryTable } from './delivery-table'
import {
  useDeleteWebhook,
  usePauseWebhook,
  useRenewSecret,
  useTestWebhook,
  type Webhook,
  webhookQuery,
} from './queries'
import { WebhookState } from './state'
import { NewSecret, WebhookForm } from './webhook-form'
import { WEBHOOKS } from './webhook-list'

const TRAIL = [{ name: 'Admin' }, { name: 'Settings' }, { name: 'Webhooks', href: WEBHOOKS }]

/** One webhook: what it is told, how it is doing, and what it was sent last. */
export function WebhookPage({ uid }: { uid: string }) {
  const webhook = useQuery(webhookQuery(uid))
  if (webhook.isPending)
    return (
      <>
        <PageHeader title="Webhook" trail={TRAIL} />
        <Skeleton className="h-96" />
      </>
    )
  if (webhook.isError && !webhook.data)
    return (
      <>
        <PageHeader title="Webhook" trail={TRAIL} />
        <LoadFailed what="The webhook" error={webhook.error} retry={() => void webhook.refetch()} />
      </>
    )
  return <Loaded webhook={webhook.data} />
}

function Loaded({ webhook }: { webhook: Webhook }) {
  const { uid, name, url, kinds, registries, packs, paused, pausedReason } = webhook
  const router = useRouter()
  const [open, setOpen] = useState<'edit' | 'delete' | 'secret' | null>(null)
  const test = useTestWebhook(uid)
  const pause = usePauseWebhook(uid)
  const close = () => setOpen(null)
  return (
    <>
      <PageHeader
        title={name}
        trail={TRAIL}
        description={<WebhookState webhook={webhook} />}
        actions={
          <>
            <Button
              look="primary"
              icon={<Send aria-hidden />}
              busy={test.isPending}
              onClick={() => test.mutate(undefined)}
            >
              Send a test
            </Button>
            <Button
              icon={paused ? <Play aria-hidden /> : <Pause aria-hidden />}
              busy={pause.isPending}
              onClick={() => pause.mutate(!paused)}
            >
              {paused ? 'Resume' : 'Pause'}
            </Button>
            <Button icon={<Pencil aria-hidden />} onClick={() => setOpen('edit')}>
              Edit
            </Button>
            <Button icon={<KeyRound aria-hidden />} onClick={() => setOpen('secret')}>
              New secret
            </Button>
            <Button look="danger" icon={<Trash2 aria-hidden />} onClick={() => setOpen('delete')}>
              Delete
            </Button>
          </>
        }
      />
      <div className="flex flex-col gap-6">
        {paused ? (
          <Callout
            tone={pausedReason ? 'bad' : 'info'}
            title={pausedReason ? 'The console paused it' : 'It is paused'}
          >
            {pausedReason ? `${pausedReason} Look at the receiver, send a test, and resume it. ` : ''}
            What happens while it is paused is not sent later.{' '}
            <Link href="/changes" className="underline underline-offset-3">
              What changed
            </Link>{' '}
            lists it.
          </Callout>
        ) : null}
        {pause.error ? <Callout tone="bad" title={pause.error.message} /> : null}
        <TestResult test={test} />
        <Panel title="Settings">
          <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[auto_minmax(0,1fr)]">
            <Fact name="Address">
              <Mono text={url} max={120} className="[overflow-wrap:anywhere]" />
            </Fact>
            <Fact name="What it is told">{kinds.map((kind) => KIND_LOOKS[kind].name).join(', ')}</Fact>
            <Fact name="Registries">
              {registries.length > 0 ? <span className="mono text-xs">{registries.join(', ')}</span> : 'All'}
            </Fact>
            <Fact name="Packs">
              {packs.length > 0 ? <span className="mono text-xs">{packs.join(', ')}</span> : 'All'}
            </Fact>
          </dl>
        </Panel>
        <DeliveryTable uid={uid} />
      </div>
      {open === 'edit' ? <WebhookForm webhook={webhook} onClose={close} /> : null}
      {open === 'secret' ? <SecretDialog webhook={webhook} onClose={close} /> : null}
      {open === 'delete' ? (
        <DeleteDialog webhook={webhook} onClose={close} onDeleted={() => router.push(WEBHOOKS)} />
      ) : null}
    </>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="contents">
    <dt className="text-ink-soft">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)

function TestResult({ test: { data, error } }: { test: ReturnType<typeof useTestWebhook> }) {
  if (error)
    return (
      <Callout tone="bad" title="The test was not sent">
        {error.message}
      </Callout>
    )
  if (!data) return null
  const took = data.ms === null ? '' : ` after ${formatDuration(data.ms)}`
  return (
    <div role="status">
      {data.reason === '' ? (
        <Callout tone="good" title={`The receiver took the test: ${data.status}${took}`} />
      ) : (
        <Callout tone="bad" title={`The test failed${took}`}>
          {data.reason}
        </Callout>
      )}
    </div>
  )
}

function SecretDialog({ webhook: { uid, name }, onClose }: { webhook: Webhook; onClose: () => void }) {
  const renew = useRenewSecret(uid)
  if (renew.data) return <NewSecret secret={renew.data.secret} name={name} onClose={onClose} />
  return (
    <Dialog
      open
      onClose={onClose}
      title="Make a new secret"
      description="From now on messages are signed with the new one. The receiver refuses them until it has it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={renew.isPending} onClick={() => renew.mutate(undefined)}>
            Make a new secret
          </Button>
        </>
      }
    >
      {renew.error ? <Callout tone="bad" title={renew.error.message} /> : null}
    </Dialog>
  )
}

function DeleteDialog({
  webhook: { uid, name },
  onClose,
  onDeleted,
}: {
  webhook: Webhook
  onClose: () => void
  onDeleted: () => void
}) {
  const remove = useDeleteWebhook(uid)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${name}?`}
      description="Nothing more is sent, and its history goes with it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            busy={remove.isPending}
            onClick={() => remove.mutate(undefined, { onSuccess: onDeleted })}
          >
            Delete webhook
          </Button>
        </>
      }
    >
      {remove.error ? <Callout tone="bad" title={remove.error.message} /> : null}
    </Dialog>
  )
}
