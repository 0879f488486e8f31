'use client'

import { useState } from 'react'

import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'

const MAX = 256

export interface Asked {
  name: string
  version: string
}

/** Asks for the name of a pack and a version of it. */
export function WhyForm({
  asked,
  versionIsOptional,
  busy,
  onAsk,
}: {
  asked: Asked
  versionIsOptional?: boolean
  busy: boolean
  onAsk: (asked: Asked) => void
}) {
  const [name, setName] = useState(asked.name)
  const [version, setVersion] = useState(asked.version)
  const isWhole = name.trim() !== '' && (versionIsOptional || version.trim() !== '')
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole) onAsk({ name: name.trim(), version: version.trim() })
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
        optional={versionIsOptional}
        className="min-w-28 flex-1"
        maxLength={MAX}
        spellCheck={false}
        value={version}
        onChange={(event) => setVersion(event.target.value)}
      />
      <Button
        type="submit"
        busy={busy}
        disabledReason={
          isWhole
            ? undefined
            : versionIsOptional
              ? 'Enter the name of a pack.'
              : 'Enter the name of a pack and a version.'
        }
      >
        Ask
      </Button>
    </form>
  )
}
