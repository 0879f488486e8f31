'use client'

import { Pause, Play, RefreshCw, Trash2, X } from 'lucide-react'
import { useState } from 'react'

import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { count } from '@/components/ui/numbers'
import { type BulkAction, type BulkResult, type Registry, useBulk } from './queries'

const DONE_WORDS: Record<BulkAction, string> = {
  sync: 'asked to sync',
  pause: 'paused',
  resume: 'resumed',
  delete: 'deleted',
}

/** What can be done with several registries at once, and what came of it for each. */
export function BulkBar({
  chosen,
  shown,
  onAll,
  onClear,
}: {
  chosen: Registry[]
  /** How many there are to choose from. */
  shown: number
  onAll: () => void
  onClear: () => void
}) {
  const mayChange = useDenied('packRegistry.update')
  const mayDelete = useDenied('packRegistry.delete')
  const bulk = useBulk()
  const [deleting, setDeleting] = useState(false)
  const run = (action: BulkAction) => bulk.mutate({ action, registries: chosen })
  const busy = (action: BulkAction) => bulk.isPending && bulk.variables.action === action
  const wait = bulk.isPending ? 'What was asked for before is being done.' : undefined
  const paused = chosen.filter((one) => one.spec.paused).length
  return (
    <>
      {chosen.length > 0 ? (
        <section
          aria-label="Chosen registries"
          className="sticky top-15 z-10 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-accent/35 bg-accent-soft px-4 py-2"
        >
          <p aria-live="polite" className="mr-auto font-medium text-accent">
            {count(chosen.length, 'registry', 'registries')} chosen
          </p>
          {chosen.length < shown ? (
            <Button look="quiet" size="small" onClick={onAll}>
              Choose all {shown}
            </Button>
          ) : null}
          <Button
            size="small"
            busy={busy('sync')}
            disabledReason={mayChange ?? wait}
            icon={<RefreshCw aria-hidden />}
            onClick={() => run('sync')}
          >
            Sync now
          </Button>
          <Button
            size="small"
            busy={busy('pause')}
            disabledReason={mayChange ?? wait ?? (paused === chosen.length ? 'They are paused.' : undefined)}
            icon={<Pause aria-hidden />}
            onClick={() => run('pause')}
          >
            Pause
          </Button>
          <Button
            size="small"
            busy={busy('resume')}
            disabledReason={mayChange ?? wait ?? (paused === 0 ? 'None of them is paused.' : undefined)}
            icon={<Play aria-hidden />}
            onClick={() => run('resume')}
          >
            Resume
          </Button>
          <Button
            look="danger"
            size="small"
            busy={busy('delete')}
            disabledReason={mayDelete ?? wait}
            icon={<Trash2 aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            Delete
          </Button>
          <Button
            look="quiet"
            size="small-icon"
            aria-label="Choose none"
            title="Choose none"
            onClick={onClear}
          >
            <X aria-hidden />
          </Button>
        </section>
      ) : null}
      {bulk.data ? (
        <Results action={bulk.variables.action} results={bulk.data} onClose={() => bulk.reset()} />
      ) : null}
      <DeleteAll
        open={deleting}
        chosen={chosen}
        onClose={() => setDeleting(false)}
        onDelete={() => {
          setDeleting(false)
          run('delete')
        }}
      />
    </>
  )
}

/** What came of it: how many, and each that was refused with its reason. */
function Results({
  action,
  results,
  onClose,
}: {
  action: BulkAction
  results: BulkResult[]
  onClose: () => void
}) {
  const refused = results.filter((one) => one.error)
  const alike = results.filter((one) => one.wasSo).length
  const done = results.length - refused.length - alike
  const title = [
    `${count(done, 'registry', 'registries')} ${DONE_WORDS[action]}`,
    alike > 0 ? `${alike} ${alike === 1 ? 'was' : 'were'} so already` : '',
    refused.length > 0 ? `${refused.length} not` : '',
  ].filter(Boolean)
  return (
    <Callout
      tone={refused.length > 0 ? 'bad' : 'good'}
      title={title.join(', ')}
      action={
        <Button look="quiet" size="small-icon" aria-label="Close the results" onClick={onClose}>
          <X aria-hidden />
        </Button>
      }
    >
      {refused.length > 0 ? (
        <ul className="flex max-h-60 flex-col gap-1 overflow-y-auto">
          {refused.map(({ registry, error }) => (
            <li key={registry.metadata.uid}>
              <span className="font-medium text-ink">{registry.metadata.name}</span>: {error?.message}
            </li>
          ))}
        </ul>
      ) : null}
    </Callout>
  )
}

/** Asks before several registries go, and says what goes with them. */
function DeleteAll({
  open,
  chosen,
  onClose,
  onDelete,
}: {
  open: boolean
  chosen: Registry[]
  onClose: () => void
  onDelete: () => void
}) {
  const what = count(chosen.length, 'registry', 'registries')
  const versions = chosen.reduce((sum, one) => sum + one.status.packyard.versions, 0)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Delete ${what}?`}
      description={`${count(versions, 'version')} leave the catalog, and so does the history of their syncs. Registries whose packs cluster profiles use stay. The registries themselves are not touched.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={onDelete}>
            Delete {what}
          </Button>
        </>
      }
    >
      <ul aria-label="Registries to delete" className="flex max-h-60 flex-col overflow-y-auto">
        {chosen.map(({ metadata, status }) => (
          <li
            key={metadata.uid}
            className="flex min-h-8 items-center justify-between gap-3 border-t first:border-t-0"
          >
            <span className="min-w-0 truncate font-medium">{metadata.name}</span>
            <span className="shrink-0 text-ink-soft text-xs tabular-nums">
              {count(status.packyard.versions, 'version')}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
