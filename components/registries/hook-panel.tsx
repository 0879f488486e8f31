'use client'

import { BellOff, BellRing, KeyRound } from 'lucide-react'
import { useState } from 'react'

import { useDenied } from '@/components/shell/session'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { CopyBlock, Mono } from '@/components/ui/mono'
import { Panel } from '@/components/ui/panel'
import { RelativeTime } from '@/components/ui/time'
import { toHookLines } from './hook-lines'
import { useEndHook, useHook, useMakeHook } from './hook-queries'

const TITLE = 'Push notifications'

/** Whether the registry tells the console at once when packs change, and what it needs for that. */
export function HookPanel({ uid }: { uid: string }) {
  const hook = useHook(uid)
  const denied = useDenied('packRegistry.update')
  const make = useMakeHook(uid)
  const end = useEndHook(uid)
  const [open, setOpen] = useState<'replace' | 'secret' | null>(null)
  if (hook.isPending)
    return (
      <Panel title={TITLE}>
        <SkeletonRows label="Loading push notifications" rows={2} height="h-6" />
      </Panel>
    )
  if (!hook.data)
    return (
      <Panel title={TITLE}>
        <LoadFailed
          what="What is known of push notifications"
          error={hook.error}
          retry={() => void hook.refetch()}
        />
      </Panel>
    )
  const { on, url, madeTime, heardTime } = hook.data
  const failed = make.error ?? end.error
  const makeOne = () =>
    make.mutate(undefined, { onSuccess: () => setOpen('secret'), onError: () => setOpen(null) })
  return (
    <Panel
      title={TITLE}
      description="The registry says when packs were pushed or deleted, and is synced at once."
      actions={
        on ? (
          <>
            <Button
              size="small"
              disabledReason={denied}
              icon={<KeyRound aria-hidden />}
              onClick={() => setOpen('replace')}
            >
              New secret
            </Button>
            <Button
              size="small"
              busy={end.isPending}
              disabledReason={denied}
              icon={<BellOff aria-hidden />}
              onClick={() => end.mutate()}
            >
              Turn off
            </Button>
          </>
        ) : (
          <Button
            size="small"
            busy={make.isPending}
            disabledReason={denied}
            icon={<BellRing aria-hidden />}
            onClick={makeOne}
          >
            Turn on
          </Button>
        )
      }
    >
      {failed ? (
        <p role="alert" className="mb-3 text-bad text-xs">
          {failed.message}
        </p>
      ) : null}
      <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-4 gap-y-2 [&_dt]:text-ink-faint">
        <dt>State</dt>
        <dd>
          {on ? (
            <Badge tone={heardTime ? 'good' : 'neutral'} icon={<BellRing aria-hidden />}>
              {heardTime ? 'On' : 'On, not heard yet'}
            </Badge>
          ) : (
            <Badge tone="neutral" icon={<BellOff aria-hidden />}>
              Off
            </Badge>
          )}
        </dd>
        {on ? (
          <>
            <dt>Last heard</dt>
            <dd>
              <RelativeTime time={heardTime} />
            </dd>
            <dt>Secret made</dt>
            <dd>
              <RelativeTime time={madeTime} />
            </dd>
            <dt>Posts to</dt>
            <dd className="min-w-0">
              <Mono text={url} max={48} />
            </dd>
          </>
        ) : null}
      </dl>
      {open === 'replace' ? (
        <Dialog
          open
          onClose={() => setOpen(null)}
          title="Make a new secret"
          description="The one before is refused at once. Until the registry has the new one, changes are found by the interval alone."
          footer={
            <>
              <Button onClick={() => setOpen(null)}>Cancel</Button>
              <Button look="primary" busy={make.isPending} onClick={makeOne}>
                Make a new secret
              </Button>
            </>
          }
        />
      ) : null}
      {open === 'secret' && make.data ? (
        <Secret
          made={make.data}
          onClose={() => {
            setOpen(null)
            make.reset()
          }}
        />
      ) : null}
    </Panel>
  )
}

function Secret({ made, onClose }: { made: { url: string; secret: string }; onClose: () => void }) {
  const { file, variables } = toHookLines(made)
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="Configure the registry"
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="warn" title="Copy it now">
          The secret is shown this once. The console keeps it encrypted and never shows it again.
        </Callout>
        <div className="flex flex-col gap-1.5">
          <p className="font-medium">
            Into the configuration of the Packyard registry server, then start it again
          </p>
          <CopyBlock label="Copy the lines" text={file} />
        </div>
        <div className="flex flex-col gap-1.5">
          <p className="font-medium">Or as variables</p>
          <CopyBlock label="Copy the variables" text={variables} />
        </div>
        <p className="text-ink-soft text-xs">
          The registry has to reach this address. It tells the console once when it starts: this page shows
          when it was heard.
        </p>
      </div>
    </Dialog>
  )
}
