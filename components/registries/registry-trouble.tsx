'use client'

import Link from 'next/link'
import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { RelativeTime } from '@/components/ui/time'
import type { Registry, SyncRun } from './queries'
import { failingSince } from './run-words'
import { isNever, type Trouble, troubleOf } from './state'

const NEXT_WORDS: Record<Trouble['next'] | 'servedOne', string> = {
  retried: 'It is tried again by itself',
  trying: 'It is being tried again now.',
  waits: 'Nothing is tried until somebody changes it.',
  paused: 'It is paused: resume it to try again.',
  held: 'What was read before stays in the catalog until then.',
  served: 'Everything else of the registry is in the catalog. They are tried again at each sync.',
  servedOne: 'Everything else of the registry is in the catalog. It is tried again at each sync.',
}

/** What is wrong, since when, what to do, and what happens by itself. */
export function TroubleNote({ registry, runs }: { registry: Registry; runs: SyncRun[] }) {
  const trouble = troubleOf(registry)
  const { pause } = registry.status.packyard
  if (!trouble)
    return pause ? (
      <Callout
        title={
          isNever(registry)
            ? 'It is paused and was never synced'
            : 'It is paused: what was read before stays in the catalog'
        }
      >
        {pause.by ? `${pause.by} paused it ` : 'Paused '}
        <RelativeTime time={pause.sinceTime} />. Resume it, and it syncs at once.
      </Callout>
    ) : null
  const one = registry.status.packyard.failing === 1
  const since = trouble.tone === 'bad' ? failingSince(runs) : null
  return (
    <Callout
      tone={trouble.tone}
      title={trouble.reason}
      action={trouble.next === 'waits' ? <EditButton uid={registry.metadata.uid} /> : undefined}
    >
      {trouble.next === 'served'
        ? one
          ? 'It is listed below, with its reason.'
          : 'They are listed below, each with its reason.'
        : trouble.next === 'held'
          ? 'They are listed below: remove or keep them.'
          : trouble.fix}{' '}
      {trouble.next === 'retried' ? (
        <>
          {NEXT_WORDS.retried}, <RelativeTime time={registry.status.packyard.nextSyncTime} never="soon" />.
        </>
      ) : (
        NEXT_WORDS[trouble.next === 'served' && one ? 'servedOne' : trouble.next]
      )}{' '}
      {since ? (
        <>
          It began <RelativeTime time={since} />.
          {isNever(registry) ? '' : ' What was read before stays in the catalog.'}
        </>
      ) : null}
    </Callout>
  )
}

function EditButton({ uid }: { uid: string }) {
  const denied = useDenied('packRegistry.update')
  return denied ? (
    <Button size="small" disabledReason={denied}>
      Change settings
    </Button>
  ) : (
    <Button size="small" asChild>
      <Link href={`/admin/settings/pack-registries/${uid}/edit`}>Change settings</Link>
    </Button>
  )
}
