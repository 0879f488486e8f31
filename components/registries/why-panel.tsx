'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { TextField } from '@/components/ui/field'
import { Panel } from '@/components/ui/panel'
import { whyQuery } from './queries'
import { toTone, WhyWords } from './why-words'

const MAX = 256

/** Answers why a version of a pack is in the catalog of this registry, or is not. */
export function WhyPanel({ uid }: { uid: string }) {
  const [name, setName] = useState('')
  const [version, setVersion] = useState('')
  const [asked, setAsked] = useState<{ name: string; version: string } | null>(null)
  const why = useQuery(whyQuery(uid, asked))
  const isWhole = name.trim() !== '' && version.trim() !== ''
  return (
    <Panel title="Why is a version not here?">
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isWhole) return
          const next = { name: name.trim(), version: version.trim() }
          // The same once more is asked anew.
          if (asked?.name === next.name && asked.version === next.version) void why.refetch()
          else setAsked(next)
        }}
      >
        <TextField
          label="Pack"
          className="min-w-36 flex-1"
          maxLength={MAX}
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Version"
          className="min-w-28 flex-1"
          maxLength={MAX}
          spellCheck={false}
          value={version}
          onChange={(event) => setVersion(event.target.value)}
        />
        <Button
          type="submit"
          busy={why.isFetching}
          disabledReason={isWhole ? undefined : 'Enter the name of a pack and a version.'}
        >
          Ask
        </Button>
      </form>
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
