'use client'

import { CircleStop, Pause, Pencil, Play, PlugZap, RefreshCw, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { CheckDialog } from './check-dialog'
import { DeleteDialog } from './delete-dialog'
import { type Registry, useCancelSync, usePauseRegistry, useSyncRegistry } from './queries'
import { whyNoSync } from './registry-menu'

const LIST = '/admin/settings/pack-registries'

/** What can be done with one registry. */
export function Actions({ registry }: { registry: Registry }) {
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
