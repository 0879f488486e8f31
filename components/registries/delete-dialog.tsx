'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { count } from '@/components/ui/numbers'
import { ApiError } from '@/lib/client/call'
import { type Registry, useDeleteRegistry, usersQuery } from './queries'

/** Asks before a registry goes, and says what goes with it. Refused while profiles use it: then which ones. */
export function DeleteDialog({
  registry,
  open,
  onClose,
  onDeleted,
}: {
  registry: Registry
  open: boolean
  onClose: () => void
  onDeleted?: () => void
}) {
  const { name, uid } = registry.metadata
  const { packs, versions } = registry.status.packyard
  const remove = useDeleteRegistry(uid)
  const close = () => {
    remove.reset()
    onClose()
  }
  const isUsed = remove.error instanceof ApiError && remove.error.status === 409
  return (
    <Dialog
      open={open}
      onClose={close}
      title={`Delete ${name}?`}
      description={
        packs === 0
          ? 'The registry leaves the console. It holds no packs here. The registry itself is not touched.'
          : `${count(packs, 'pack')} with ${count(versions, 'version')} leave the catalog, and so does the history of its syncs. The registry itself is not touched: adding it again brings its packs back.`
      }
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            look="danger"
            busy={remove.isPending}
            disabledReason={isUsed ? 'Cluster profiles use packs of this registry.' : undefined}
            onClick={() =>
              remove.mutate(undefined, {
                onSuccess: () => {
                  close()
                  onDeleted?.()
                },
              })
            }
          >
            Delete registry
          </Button>
        </>
      }
    >
      {remove.isError ? (
        <div className="flex flex-col gap-3">
          <Callout tone="bad" title={`${name} was not deleted`}>
            {remove.error.message}
          </Callout>
          {isUsed ? <UsedBy uid={uid} /> : null}
        </div>
      ) : null}
    </Dialog>
  )
}

/** The cluster profiles that hold packs of a registry. */
export function UsedBy({ uid, none }: { uid: string; none?: string }) {
  const users = useQuery(usersQuery(uid))
  if (users.isPending) return <p className="text-ink-faint">Looking for cluster profiles…</p>
  if (users.isError)
    return <p className="text-bad">The cluster profiles could not be loaded: {users.error.message}</p>
  if (users.data.length === 0) return none ? <p className="text-ink-soft">{none}</p> : null
  return (
    <ul aria-label="Cluster profiles that use it" className="flex max-h-60 flex-col overflow-y-auto">
      {users.data.map((profile) => (
        <li
          key={profile.uid}
          className="flex min-h-8 items-center justify-between gap-3 border-t first:border-t-0"
        >
          <Link
            href={`/profiles/${profile.uid}`}
            className="min-w-0 truncate font-medium underline-offset-3 hover:underline"
          >
            {profile.name}
          </Link>
          <span className="mono shrink-0 text-ink-soft text-xs">{profile.version}</span>
        </li>
      ))}
    </ul>
  )
}
