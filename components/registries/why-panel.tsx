'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/panel'
import { type Asked, WhyForm } from '@/components/why/why-form'
import { toTone, WhyWords } from '@/components/why/why-words'
import { whyQuery } from './queries'

/** Answers why a version of a pack is in the catalog of this registry, or is not. */
export function WhyPanel({ uid }: { uid: string }) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const why = useQuery(whyQuery(uid, asked))
  return (
    <Panel title="Why is a version not here?">
      <WhyForm
        asked={{ name: '', version: '' }}
        busy={why.isFetching}
        onAsk={(next) => {
          // The same once more is asked anew.
          if (asked?.name === next.name && asked.version === next.version) void why.refetch()
          else setAsked(next)
        }}
      />
      <div aria-live="polite">
        {why.isError ? (
          <Callout tone="bad" title="No answer" className="mt-3">
            {why.error.message}
          </Callout>
        ) : why.data && asked ? (
          <Callout
            tone={toTone(why.data)}
            title={`${asked.name} ${asked.version} ${why.data.isHere ? 'is here' : 'is not here'}`}
            className="mt-3"
          >
            <WhyWords answer={why.data} />
          </Callout>
        ) : null}
      </div>
    </Panel>
  )
}
