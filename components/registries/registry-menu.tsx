'use client'

import { CircleStop, EllipsisVertical, Pause, Pencil, Play, RefreshCw, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'

import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu'
import { isBusy, type Registry } from './queries'

/** Why "Sync now" cannot be chosen; undefined when it can. */
export function whyNoSync(registry: Registry): string | undefined {
  if (registry.spec.paused) return 'It is paused. Resume it, and it syncs at once.'
  return isBusy(registry) ? 'It syncs already.' : undefined
}

/** What can be done with one registry of the list. */
export function RegistryMenu({
  registry,
  onSync,
  onCancel,
  onPause,
  onDelete,
}: {
  registry: Registry
  onSync: () => void
  /** Absent while nothing runs. */
  onCancel?: () => void
  onPause: (paused: boolean) => void
  onDelete: () => void
}) {
  const router = useRouter()
  const mayChange = useDenied('packRegistry.update')
  const mayDelete = useDenied('packRegistry.delete')
  const { uid, name } = registry.metadata
  const { paused } = registry.spec
  return (
    <Menu
      trigger={
        <Button look="quiet" size="small-icon" aria-label={`Actions for ${name}`}>
          <EllipsisVertical aria-hidden />
        </Button>
      }
    >
      <MenuItem
        icon={<Pencil aria-hidden />}
        disabledReason={mayChange}
        onSelect={() => router.push(`/admin/settings/pack-registries/${uid}/edit`)}
      >
        Edit
      </MenuItem>
      <MenuItem
        icon={<RefreshCw aria-hidden />}
        disabledReason={mayChange ?? whyNoSync(registry)}
        onSelect={onSync}
      >
        Sync now
      </MenuItem>
      {onCancel ? (
        <MenuItem icon={<CircleStop aria-hidden />} disabledReason={mayChange} onSelect={onCancel}>
          Cancel sync
        </MenuItem>
      ) : null}
      <MenuItem
        icon={paused ? <Play aria-hidden /> : <Pause aria-hidden />}
        disabledReason={mayChange}
        onSelect={() => onPause(!paused)}
      >
        {paused ? 'Resume' : 'Pause'}
      </MenuItem>
      <MenuLine />
      <MenuItem tone="bad" icon={<Trash2 aria-hidden />} disabledReason={mayDelete} onSelect={onDelete}>
        Delete
      </MenuItem>
    </Menu>
  )
}
