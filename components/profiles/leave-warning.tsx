'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

/** Asks before a link leads away from what is not saved; the browser asks before it closes the page. */
export function LeaveWarning({
  active,
  what,
  onSave,
  onDiscard,
}: {
  active: boolean
  what: string
  /** @returns whether it was saved */
  onSave: () => Promise<boolean>
  onDiscard: () => void
}) {
  const router = useRouter()
  const [target, setTarget] = useState('')
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    if (!active) return
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null
      const isPlain =
        event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
      if (!(link instanceof HTMLAnchorElement) || !isPlain || link.target === '_blank') return
      const url = new URL(link.href)
      if (url.origin !== location.origin || url.pathname === location.pathname) return
      event.preventDefault()
      event.stopPropagation()
      setTarget(url.pathname + url.search)
    }
    window.addEventListener('beforeunload', onUnload)
    document.addEventListener('click', onClick, { capture: true })
    return () => {
      window.removeEventListener('beforeunload', onUnload)
      document.removeEventListener('click', onClick, { capture: true })
    }
  }, [active])

  const leave = () => {
    setTarget('')
    router.push(target)
  }
  return (
    <Dialog
      open={target !== ''}
      onClose={() => setTarget('')}
      title="Leave without saving?"
      description={`Your changes to ${what} are not saved.`}
      footer={
        <>
          <Button onClick={() => setTarget('')}>Stay</Button>
          <Button
            look="danger"
            onClick={() => {
              onDiscard()
              leave()
            }}
          >
            Leave without saving
          </Button>
          <Button
            look="primary"
            busy={busy}
            onClick={async () => {
              setBusy(true)
              const isSaved = await onSave()
              setBusy(false)
              if (isSaved) leave()
              else setTarget('')
            }}
          >
            Save draft and leave
          </Button>
        </>
      }
    />
  )
}
