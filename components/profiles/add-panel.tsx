'use client'

import { FilePlus2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'

import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { PACK_NAME } from '@/lib/pack-format/pack-name'
import { PackPicker } from './pack-picker'
import type { PackChoice } from './queries'

/** What goes on top of the stack: a pack, or a manifest written here. */
export function AddPanel({
  cloudType,
  taken,
  busy,
  onChoose,
  onManifest,
}: {
  cloudType: string
  taken: ReadonlySet<string>
  busy: string
  onChoose: (pack: PackChoice, registryUid: string) => void
  onManifest: (name: string) => void
}) {
  return (
    <div className="flex flex-col gap-6">
      <PackPicker layers={['addon']} {...{ cloudType, taken, busy, onChoose }} />
      <NewManifest taken={taken} onManifest={onManifest} />
    </div>
  )
}

function NewManifest({
  taken,
  onManifest,
}: {
  taken: ReadonlySet<string>
  onManifest: (name: string) => void
}) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState('')
  function submit(event: FormEvent) {
    event.preventDefault()
    const wanted = name.trim()
    if (!PACK_NAME.test(wanted)) setProblem('Use lower-case letters, digits and single separators . _ -')
    else if (taken.has(wanted)) setProblem('A layer of this name is in the stack already.')
    else onManifest(wanted)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2 border-t pt-5">
      <h3 className="font-medium">Or a manifest of your own</h3>
      <p className="text-ink-soft">Kubernetes objects as YAML, written here and kept in the profile.</p>
      <div className="flex flex-wrap items-start gap-3">
        <TextField
          label="Manifest name"
          className="w-full max-w-xs"
          value={name}
          error={problem}
          maxLength={128}
          autoComplete="off"
          placeholder="namespaces"
          onChange={(event) => {
            setName(event.target.value)
            setProblem('')
          }}
        />
        <Button type="submit" className="mt-6.5" icon={<FilePlus2 aria-hidden />}>
          Add manifest
        </Button>
      </div>
    </form>
  )
}
