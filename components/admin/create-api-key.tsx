'use client'

import { type FormEvent, useState } from 'react'

import { fieldErrors } from '@/components/api'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { SelectField, TextField } from '@/components/ui/field'
import { CopyBlock } from '@/components/ui/mono'
import { useCreateApiKey } from './queries'

const DAY_MS = 86_400_000
const EXPIRIES = [
  { days: 30, name: 'In 30 days' },
  { days: 90, name: 'In 90 days' },
  { days: 365, name: 'In a year' },
  { days: 0, name: 'Never' },
] as const
const OWN_DATE = 'date'

/** The end of a day as the person's calendar has it; undefined for never. */
function toExpiry(choice: string, date: string): string | undefined {
  if (choice === OWN_DATE) return new Date(`${date}T23:59:59`).toISOString()
  return choice === '0' ? undefined : new Date(Date.now() + Number(choice) * DAY_MS).toISOString()
}

/** Asks for a name and an end, makes the key, and shows it once. */
export function CreateApiKey({ onClose }: { onClose: () => void }) {
  const create = useCreateApiKey()
  const [name, setName] = useState('')
  const [choice, setChoice] = useState('90')
  const [date, setDate] = useState('')
  const [missing, setMissing] = useState<{ name?: string; date?: string }>({})
  const fields = fieldErrors(create.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const next = {
      ...(name.trim() === '' && { name: 'Enter a name' }),
      ...(choice === OWN_DATE && date === '' && { date: 'Choose a date' }),
    }
    setMissing(next)
    if (Object.keys(next).length === 0) create.mutate({ name: name.trim(), expiry: toExpiry(choice, date) })
  }
  if (create.data) return <NewKey apiKey={create.data.apiKey} name={name.trim()} onClose={onClose} />
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create API key"
      description="It may do what you may, and is over with your account."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="create-api-key" look="primary" busy={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <form id="create-api-key" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          hint="What uses it, for example the pipeline."
          autoComplete="off"
          maxLength={63}
          value={name}
          error={missing.name ?? fields['metadata.name']}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label="Expires"
          value={choice}
          error={choice === OWN_DATE ? undefined : fields['spec.expiry']}
          onChange={(event) => setChoice(event.target.value)}
        >
          {EXPIRIES.map(({ days, name }) => (
            <option key={days} value={days}>
              {name}
            </option>
          ))}
          <option value={OWN_DATE}>On a date</option>
        </SelectField>
        {choice === OWN_DATE ? (
          <TextField
            label="Date"
            type="date"
            value={date}
            error={missing.date ?? fields['spec.expiry']}
            onChange={(event) => setDate(event.target.value)}
          />
        ) : null}
        {create.error && Object.keys(fields).length === 0 ? (
          <Callout tone="bad" title="The key was not made">
            {create.error.message}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  )
}

function NewKey({ apiKey, name, onClose }: { apiKey: string; name: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={`The key of ${name}`}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="warn" title="Copy it now">
          It is shown this once. The console keeps no more than a fingerprint of it.
        </Callout>
        <CopyBlock label="Copy the key" text={apiKey} />
        <div className="flex flex-col gap-1.5">
          <p className="font-medium">Try it</p>
          <CopyBlock
            label="Copy the command"
            text={`curl -H 'ApiKey: ${apiKey}' ${location.origin}/v1/registries/pack`}
          />
        </div>
      </div>
    </Dialog>
  )
}
