'use client'

import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { Fragment } from 'react'

import { LookBadge } from '@/components/registries/state'
import { cn } from '@/components/ui/cn'
import { Mono } from '@/components/ui/mono'
import { RelativeTime } from '@/components/ui/time'
import type { Change } from './queries'
import { KIND_LOOKS, packHref, sentenceOf } from './words'

const DAY = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** Changes of the catalog, newest first, under the days on which they happened. */
export function ChangeList({
  changes,
  label,
  ofOnePack,
  plainDays,
  flush,
}: {
  changes: readonly Change[]
  label: string
  /** The pack is known: its name is left out. */
  ofOnePack?: boolean
  /** Without headings for days. */
  plainDays?: boolean
  /** On the page itself, without a panel around it. */
  flush?: boolean
}) {
  const now = new Date()
  return (
    <ul aria-label={label} className="flex flex-col">
      {changes.map((change, index) => {
        const day = DAY.format(new Date(change.time))
        const before = changes[index - 1]
        const isNewDay = !before || DAY.format(new Date(before.time)) !== day
        return (
          <Fragment key={change.uid}>
            {isNewDay && !plainDays ? (
              <li className="border-b bg-sunken/60 px-4 py-1.5 font-medium text-ink-soft text-xs">{day}</li>
            ) : null}
            <ChangeLine change={change} now={now} ofOnePack={ofOnePack} flush={flush} />
          </Fragment>
        )
      })}
    </ul>
  )
}

function ChangeLine({
  change,
  now,
  ofOnePack,
  flush,
}: {
  change: Change
  now: Date
  ofOnePack?: boolean
  flush?: boolean
}) {
  const { kind, name, version, displayName, registry, runUid, time, was, became, packUid } = change
  const title = ofOnePack ? version : `${displayName || name} ${version}`
  return (
    <li
      className={cn(
        'flex flex-col gap-x-4 gap-y-1 border-line border-b py-2.5 last:border-b-0 sm:flex-row sm:items-start',
        !flush && 'px-4',
      )}
    >
      <span className="w-44 shrink-0">
        <LookBadge {...KIND_LOOKS[kind]} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        {name === '' ? (
          <Link
            href={`/packs?registry=${registry.uid}`}
            className="font-medium underline-offset-3 [overflow-wrap:anywhere] hover:underline"
          >
            {registry.name}
          </Link>
        ) : packUid ? (
          <Link
            href={packHref(change)}
            className="font-medium underline-offset-3 [overflow-wrap:anywhere] hover:underline"
          >
            {title}
          </Link>
        ) : (
          <span className="font-medium [overflow-wrap:anywhere]">{title}</span>
        )}
        <p className="text-ink-soft [overflow-wrap:anywhere]">{sentenceOf(change, now)}</p>
        {kind === 'repushed' ? (
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-faint text-xs">
            <Mono text={was} max={20} /> <ArrowRight aria-label="became" className="size-3.5" />{' '}
            <Mono text={became} max={20} />
          </p>
        ) : null}
      </div>
      <p className="flex shrink-0 flex-wrap gap-x-2 text-ink-faint text-xs sm:w-44 sm:flex-col sm:items-end sm:text-right">
        {runUid ? (
          <Link
            href={`/admin/settings/pack-registries/${registry.uid}/runs/${runUid}`}
            className="inline-flex min-h-6 items-center underline-offset-3 hover:underline"
            title="The sync that found it"
          >
            <RelativeTime time={time} />
          </Link>
        ) : (
          <RelativeTime time={time} />
        )}
        {name === '' ? null : (
          <Link
            href={`/admin/settings/pack-registries/${registry.uid}`}
            className="inline-block min-h-6 max-w-full truncate leading-6 underline-offset-3 hover:underline"
          >
            {registry.name}
          </Link>
        )}
      </p>
    </li>
  )
}
