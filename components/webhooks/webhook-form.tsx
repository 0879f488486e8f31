'use client'

import { type FormEvent, useState } from 'react'

import { fieldErrors } from '@/components/api'
import { KIND_LOOKS } from '@/components/changes/words'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { TextAreaField, TextField } from '@/components/ui/field'
import { CopyBlock } from '@/components/ui/mono'
import { ChangeKind } from '@/lib/catalog/schema'
import { useSaveWebhook, type Webhook } from './queries'

/** What most people want to be told. */
const USUAL: ChangeKind[] = [
  'arrived',
  'added',
  'repushed',
  'deprecated',
  'disabled',
  'deleted',
  'gone',
  'eolNear',
]

const toLines = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean)

/** Adds a webhook, or changes one. The secret of a new one is shown once. */
export function WebhookForm({ webhook, onClose }: { webhook?: Webhook; onClose: () => void }) {
  const save = useSaveWebhook(webhook?.uid)
  const [name, setName] = useState(webhook?.name ?? '')
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [kinds, setKinds] = useState<ChangeKind[]>(webhook?.kinds ?? USUAL)
  const [registries, setRegistries] = useState(webhook?.registries.join('\n') ?? '')
  const [packs, setPacks] = useState(webhook?.packs.join('\n') ?? '')
  const [missing, setMissing] = useState<Record<string, string>>({})
  const errors = fieldErrors(save.error)
  // Of a list, the field that holds it.
  const errorOf = (field: string) =>
    missing[field] ??
    Object.entries(errors).find(([path]) => path === field || path.startsWith(`${field}.`))?.[1]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const next = {
      ...(name.trim() === '' && { name: 'Enter a name' }),
      ...(url.trim() === '' && { url: 'Enter the address of the receiver' }),
      ...(kinds.length === 0 && { kinds: 'Choose at least one' }),
    }
    setMissing(next)
    if (Object.keys(next).length > 0) return
    const body = {
      name: name.trim(),
      url: url.trim(),
      kinds,
      registries: toLines(registries),
      packs: toLines(packs),
    }
    save.mutate(body, { onSuccess: (made) => made === null && onClose() })
  }
  if (save.data) return <NewSecret secret={save.data.secret} name={name.trim()} onClose={onClose} />
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={webhook ? 'Edit webhook' : 'Add webhook'}
      description="The console posts what changes in the catalog to an address, signed."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="webhook" look="primary" busy={save.isPending}>
            {webhook ? 'Save' : 'Add webhook'}
          </Button>
        </>
      }
    >
      <form id="webhook" noValidate onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          autoComplete="off"
          maxLength={63}
          value={name}
          error={errorOf('name')}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Address"
          type="url"
          mono
          placeholder="https://chat.example.com/hooks/packs"
          autoComplete="off"
          value={url}
          error={errorOf('url')}
          onChange={(event) => setUrl(event.target.value)}
        />
        <fieldset className="flex flex-col gap-1.5 sm:col-span-2">
          <legend className="pb-1.5 font-medium">What it is told</legend>
          <div className="grid gap-x-4 gap-y-1 sm:grid-cols-3">
            {ChangeKind.options.map((kind) => (
              <label key={kind} className="flex min-h-7 cursor-pointer items-center gap-2">
                <input
                  type="checkbox"
                  checked={kinds.includes(kind)}
                  onChange={(event) =>
                    setKinds(event.target.checked ? [...kinds, kind] : kinds.filter((one) => one !== kind))
                  }
                  className="size-4 accent-accent"
                />
                {KIND_LOOKS[kind].name}
              </label>
            ))}
          </div>
          {errorOf('kinds') ? (
            <p role="alert" className="text-bad text-xs">
              {errorOf('kinds')}
            </p>
          ) : null}
        </fieldset>
        <TextAreaField
          label="Registries"
          optional
          rows={3}
          mono
          hint="Names, one on each line. * stands for any characters, ? for one. Empty: all."
          value={registries}
          error={errorOf('registries')}
          onChange={(event) => setRegistries(event.target.value)}
        />
        <TextAreaField
          label="Packs"
          optional
          rows={3}
          mono
          hint="Names, likewise: kube*, calico. Empty: all."
          value={packs}
          error={errorOf('packs')}
          onChange={(event) => setPacks(event.target.value)}
        />
        {save.error && Object.keys(errors).length === 0 ? (
          <Callout tone="bad" title="The webhook was not saved" className="sm:col-span-2">
            {save.error.message}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  )
}

/** A secret is told once. */
export function NewSecret({ secret, name, onClose }: { secret: string; name: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={`The secret of ${name}`}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="warn" title="Copy it now">
          It is shown this once. The receiver needs it to know that a message comes from this console.
        </Callout>
        <CopyBlock label="Copy the secret" text={secret} />
        <div className="flex flex-col gap-1.5">
          <p className="font-medium">How a message is signed</p>
          <p className="text-ink-soft">
            The header <code className="mono text-xs">packyard-signature</code> holds{' '}
            <code className="mono text-xs">t=&lt;seconds&gt;,v1=&lt;hex&gt;</code>: HMAC-SHA256 with the
            secret over the seconds, a dot and the body as it came. Refuse what is older than five minutes.
          </p>
        </div>
      </div>
    </Dialog>
  )
}
