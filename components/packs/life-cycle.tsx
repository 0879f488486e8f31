'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'

import { api } from '@/components/api'
import { Callout } from '@/components/ui/callout'
import { Mono } from '@/components/ui/mono'
import { RelativeTime } from '@/components/ui/time'
import type { Answer } from '@/lib/client/call'
import { endOfLife } from './end-of-life'

export type LifeCycle = Answer<'readLifeCycle'>

export const lifeCycleQuery = (packUid: string) => ({
  queryKey: ['packs', 'life', packUid],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    api('readLifeCycle', { params: { uid: packUid } }, signal),
  enabled: packUid !== '',
})

/** `Dec 18, 2026, in 23 days`; nothing where a pack names no end. */
export function EndOfLifeText({ eol }: { eol: string }) {
  const end = endOfLife(eol, new Date())
  if (!end) return null
  return (
    <span className={end.stage === 'ended' ? 'text-bad' : end.stage === 'near' ? 'text-warn' : undefined}>
      {end.date}
      {end.when ? `, ${end.when}` : ''}
    </span>
  )
}

const Ago = ({ time }: { time: string | null }) =>
  time ? (
    <>
      {' '}
      <RelativeTime time={time} />
    </>
  ) : null

interface Line {
  key: string
  tone: 'bad' | 'warn' | 'info'
  title: ReactNode
  text: ReactNode
}

const TONES: Line['tone'][] = ['bad', 'warn', 'info']
const KEPT = 'Profiles that hold it keep it.'

/** What a person has to know of a version's life, each with its date; those first that are worst. */
function linesOf(
  { leftOutBy, goneTime, state, stateSinceTime, eol, rePushed }: LifeCycle,
  now: Date,
): Line[] {
  const lines: Line[] = []
  const add = (tone: Line['tone'], key: string, title: string, time: string | null, text: ReactNode) =>
    lines.push({
      ...{ key, tone, text },
      title: (
        <>
          {title}
          <Ago time={time} />
        </>
      ),
    })
  if (leftOutBy) add('warn', 'gone', 'Left out by the registry’s filter', goneTime, KEPT)
  else if (goneTime) add('bad', 'gone', 'Gone from its registry', goneTime, `It is no longer listed. ${KEPT}`)
  if (state === 'disabled' || state === 'deleted')
    add(
      'bad',
      'state',
      state === 'disabled' ? 'Disabled' : 'Deleted by its author',
      stateSinceTime,
      `It cannot be chosen for new profiles. ${KEPT}`,
    )
  if (state === 'deprecated')
    add(
      'warn',
      'state',
      'Deprecated',
      stateSinceTime,
      'It can still be chosen. Look for another version or pack before it is disabled.',
    )
  const end = endOfLife(eol, now)
  if (end?.stage === 'ended' || end?.stage === 'near')
    add(
      end.stage === 'ended' ? 'bad' : 'warn',
      'eol',
      `Its life ${end.stage === 'ended' ? 'ended' : 'ends'} on ${end.date}, ${end.when}`,
      null,
      'Do not count on fixes after that day. Move profiles to a newer version.',
    )
  if (rePushed)
    add(
      'info',
      'pushed',
      'Pushed again with other content',
      rePushed.time,
      <>
        It is the same version with another digest. Profiles keep what they hold.
        <span className="mt-1 flex flex-wrap items-center gap-x-2 text-xs">
          <Mono text={rePushed.was} max={26} />
          <ArrowRight aria-label="became" className="size-3.5" />
          <Mono text={rePushed.became} max={26} />
        </span>
      </>,
    )
  return lines.sort((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone))
}

/** The life of one version: deprecated, disabled, gone, at its end, pushed again. Nothing for one that is well. */
export function LifeCycleNotices({ packUid }: { packUid: string }) {
  const { data } = useQuery(lifeCycleQuery(packUid))
  const lines = data ? linesOf(data, new Date()) : []
  if (lines.length === 0) return null
  return (
    <ul aria-label="Life cycle" className="mb-5 flex flex-col gap-2">
      {lines.map(({ key, tone, title, text }) => (
        <li key={key}>
          <Callout tone={tone} title={title}>
            {text}
          </Callout>
        </li>
      ))}
    </ul>
  )
}
