'use client'

import { useState } from 'react'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { useDeleteProfile } from './queries'

/** Asks before a profile version goes for good. */
export function DeleteDialog({
  profile,
  onClose,
  onDeleted,
}: {
  profile: { uid: string; name: string; version: string; versions: number } | null
  onClose: () => void
  onDeleted?: () => void
}) {
  const remove = useDeleteProfile()
  const [failure, setFailure] = useState('')
  const close = () => {
    setFailure('')
    onClose()
  }
  return (
    <Dialog
      open={profile !== null}
      onClose={close}
      title={`Delete ${profile?.name ?? ''} ${profile?.version ?? ''}?`}
      description={
        (profile?.versions ?? 1) > 1
          ? 'This version goes for good, with the values of its layers. The other versions stay.'
          : 'The profile goes for good, with the values of its layers. The packs stay in the catalog.'
      }
      footer={
        <>
          <Button onClick={close}>Keep it</Button>
          <Button
            look="danger"
            busy={remove.isPending}
            onClick={() =>
              profile &&
              remove.mutate(profile.uid, {
                onSuccess: () => {
                  close()
                  onDeleted?.()
                },
                onError: (error) => setFailure(error.message),
              })
            }
          >
            Delete
          </Button>
        </>
      }
    >
      {failure ? (
        <Callout tone="bad" title="The profile could not be deleted">
          {failure}
        </Callout>
      ) : null}
    </Dialog>
  )
}
