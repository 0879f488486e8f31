'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { useForm } from 'react-hook-form'

import { fieldErrors } from '@/components/api'
import { useDenied } from '@/components/shell/session'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CheckboxField, SelectField, TextAreaField, TextField } from '@/components/ui/field'
import { formatMinutes } from '@/components/ui/numbers'
import { type CheckStep, RegistryKind } from '@/lib/adapters/schema'
import { ApiError } from '@/lib/client/call'
import { isOpen, PackFilter } from '@/lib/registries/schema'
import { CheckLadder } from './check-ladder'
import { FilterPart } from './filter-part'
import {
  type FieldName,
  fieldOf,
  intervalsWith,
  isReachedOtherwise,
  losesKey,
  losesSecret,
  NEW_REGISTRY,
  RegistryFields,
  toBody,
  toFilter,
  toForm,
} from './form-schema'
import { KIND_WORDS } from './kinds'
import { CaField, ClientCertificateFields } from './pem-field'
import { type Registry, useCheckRegistry, useSaveRegistry } from './queries'
import { Verdict } from './verdict'

const LIST = '/admin/settings/pack-registries'
const ASK_AGAIN =
  'Enter it again: the stored one is bound to the address and TLS settings that it was entered for'

/** Adds a registry, or edits one. What is entered is tested before it is saved. */
export function RegistryForm({ registry }: { registry?: Registry }) {
  const router = useRouter()
  const denied = useDenied(registry ? 'packRegistry.update' : 'packRegistry.create')
  const stored = registry ? toForm(registry) : undefined
  const form = useForm({ resolver: zodResolver(RegistryFields), defaultValues: stored ?? NEW_REGISTRY })
  const { register, handleSubmit, setError, setValue, watch, formState } = form
  const check = useCheckRegistry()
  const save = useSaveRegistry(registry?.metadata.uid)
  const [tested, setTested] = useState<{ steps: CheckStep[]; endpoint: string } | null>(null)
  const [refusal, setRefusal] = useState<Error | null>(null)
  const ladder = useRef<HTMLElement>(null)
  const [filterOpen, setFilterOpen] = useState(() => !isOpen(PackFilter.parse(registry?.spec.filter ?? {})))

  const now = watch()
  const pem = (name: 'ca' | 'clientCertificate' | 'clientKey') => ({
    value: now[name],
    error: formState.errors[name]?.message,
    onChange: (text: string) =>
      setValue(name, text, { shouldDirty: true, shouldValidate: formState.isSubmitted }),
  })
  const isPlain = /^\s*http:\/\//i.test(now.endpoint)
  const storedType = registry?.spec.auth.type
  const keepsSecret =
    stored !== undefined &&
    storedType !== 'noAuth' &&
    (storedType === 'token') === (now.authType === 'token') &&
    !losesSecret(now, stored)
  const secretHint = keepsSecret ? 'Stored. Leave empty to keep it.' : undefined
  const secret = now.authType === 'token' ? 'token' : 'password'

  /** Whether a secret is missing that the server could not know; says so at its field. */
  const lacksSecret = () => {
    const wantsOne = now.authType === 'token' || (now.username.trim() !== '' && storedType === 'basic')
    if (!stored || !wantsOne || keepsSecret || now[secret] !== '') return false
    setError(secret, { message: ASK_AGAIN }, { shouldFocus: true })
    return true
  }

  const test = handleSubmit(async (fields) => {
    setRefusal(null)
    if (lacksSecret()) return
    // A stored secret goes to its own registry only, so it is tested as it is stored, or given anew.
    const asStored = registry && stored && !isReachedOtherwise(now, stored)
    if (registry && !asStored && keepsSecret && now[secret] === '')
      return setError(secret, { message: 'Enter it to test these changes' }, { shouldFocus: true })
    try {
      const { kind, spec } = toBody(fields)
      const body = asStored ? { registryUid: registry.metadata.uid } : { kind, spec }
      setTested(await check.mutateAsync({ body }))
      ladder.current?.scrollIntoView({ block: 'nearest' })
    } catch (error) {
      refuse(error)
    }
  })

  /** The preview asks as the test does: a stored secret goes to its own registry only. */
  const previewBody = async () => {
    if (lacksSecret() || !(await form.trigger())) return null
    const fields = RegistryFields.parse(form.getValues())
    const filter = toFilter(fields)
    if (registry && stored && !isReachedOtherwise(now, stored))
      return { registryUid: registry.metadata.uid, filter }
    if (registry && keepsSecret && now[secret] === '') {
      setError(secret, { message: 'Enter it to preview these changes' }, { shouldFocus: true })
      return null
    }
    const { kind, spec } = toBody(fields)
    return { kind, spec, filter }
  }

  const confirm = (paused: boolean) =>
    handleSubmit(async (fields) => {
      setRefusal(null)
      if (lacksSecret()) return
      try {
        await save.mutateAsync({ body: toBody(fields), paused })
        router.push(LIST)
      } catch (error) {
        refuse(error)
      }
    })

  function refuse(error: unknown) {
    if (!(error instanceof Error)) throw error
    const steps = stepsOf(error)
    if (steps) setTested({ steps, endpoint: now.endpoint })
    const fields = Object.entries(fieldErrors(error)).flatMap(([path, message]) => {
      const field = fieldOf(path, now.authType)
      return field ? [[field, message] as const] : []
    })
    for (const [index, [field, message]] of fields.entries())
      setError(field, { message }, { shouldFocus: index === 0 })
    setRefusal(fields.length > 0 ? null : error)
    if (steps) ladder.current?.scrollIntoView({ block: 'nearest' })
  }

  const trust = (pem: string) => {
    setValue('ca', [now.ca.trim(), pem.trim()].filter(Boolean).join('\n'), { shouldDirty: true })
    void test()
  }

  const switchKind = (kind: RegistryKind) => {
    setValue('kind', kind, { shouldDirty: true })
    void test()
  }

  const isFilterWrong = Object.keys(formState.errors).some((name) => name.startsWith('filter'))
  if (isFilterWrong && !filterOpen) setFilterOpen(true)

  const failedAt = tested?.steps.some((one) => one.status === 'failed') ? tested.steps : null
  const busy = check.isPending || save.isPending
  const at = (name: FieldName) => ({ ...register(name), error: formState.errors[name]?.message })
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,25rem)]">
      <form
        noValidate
        aria-label={registry ? 'Edit pack registry' : 'Add New Pack Registry'}
        onSubmit={confirm(false)}
        className="flex min-w-0 flex-col gap-8"
      >
        <Part name="Registry">
          {registry ? (
            <p>
              <span className="font-medium">Kind</span> {KIND_WORDS[registry.kind].name}
            </p>
          ) : (
            <SelectField label="Kind" className="sm:max-w-56" {...at('kind')}>
              {RegistryKind.options.map((kind) => (
                <option key={kind} value={kind}>
                  {KIND_WORDS[kind].name}
                </option>
              ))}
            </SelectField>
          )}
          <TextField label="Name" autoComplete="off" maxLength={63} {...at('name')} />
          <TextField
            label="Endpoint"
            mono
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder={KIND_WORDS[now.kind].example}
            hint={
              isPlain
                ? 'Plain HTTP: passwords and packs travel in the clear. Use https where the registry can.'
                : now.kind === 'helm'
                  ? 'Where index.yaml lies, without it. It is https unless you write http://.'
                  : 'As host, host:port or a whole address. It is https unless you write http://.'
            }
            {...at('endpoint')}
          />
          <SelectField label="Sync every" className="sm:max-w-56" {...at('syncEveryMinutes')}>
            {intervalsWith(Number(stored?.syncEveryMinutes ?? NEW_REGISTRY.syncEveryMinutes)).map(
              (minutes) => (
                <option key={minutes} value={minutes}>
                  {formatMinutes(minutes)}
                </option>
              ),
            )}
          </SelectField>
        </Part>

        {now.kind === 'oci' ? (
          <Part name="Content">
            <SelectField label="Provider type" className="sm:max-w-56" {...at('providerType')}>
              <option value="pack">Pack</option>
              <option value="helm">Helm</option>
            </SelectField>
            <TextField
              label="Base content path"
              mono
              optional
              autoComplete="off"
              spellCheck={false}
              placeholder="team"
              hint={
                now.providerType === 'pack'
                  ? 'The project or folder before spectro-packs/archive, which is added by itself.'
                  : 'The project or folder that the charts lie under.'
              }
              {...at('baseContentPath')}
            />
            <TextAreaField
              label="Repositories"
              mono
              optional
              rows={3}
              spellCheck={false}
              placeholder={
                now.providerType === 'pack' ? 'team/spectro-packs/archive/nginx' : 'team/charts/nginx'
              }
              hint="Whole paths, one a line, where the registry does not list its repositories. Empty: it is asked for its list."
              {...at('repositories')}
            />
          </Part>
        ) : null}

        <Part name="Authentication">
          <SelectField label="Sign in with" className="sm:max-w-56" {...at('authType')}>
            <option value="basic">User name and password</option>
            <option value="token">Token</option>
          </SelectField>
          {now.authType === 'token' ? (
            <TextField
              label="Token"
              type="password"
              autoComplete="off"
              mono
              hint={secretHint}
              {...at('token')}
            />
          ) : (
            <div className="flex flex-col gap-1.5">
              <div className="grid items-start gap-4 sm:grid-cols-2">
                <TextField label="User name" autoComplete="off" spellCheck={false} {...at('username')} />
                <TextField
                  label="Password"
                  type="password"
                  autoComplete="new-password"
                  hint={secretHint}
                  {...at('password')}
                />
              </div>
              <p className="text-ink-faint text-xs">Leave both empty where everybody may read.</p>
            </div>
          )}
          {now.kind === 'oci' ? (
            <TextField
              label="Token server"
              mono
              optional
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://auth.example.com"
              hint="Only where the registry has you sign in at another server: credentials go to no other."
              {...at('tokenServer')}
            />
          ) : null}
        </Part>

        <Part name="TLS">
          <CaField {...pem('ca')} />
          <ClientCertificateFields
            certificate={pem('clientCertificate')}
            privateKey={pem('clientKey')}
            isKeyStored={stored !== undefined && !losesKey(now, stored)}
          />
          <CheckboxField
            label="Insecure skip TLS verify"
            hint="Takes any certificate, whoever shows it."
            {...register('insecureSkipVerify')}
          />
          {now.insecureSkipVerify ? (
            <Callout tone="warn" title="Nobody checks who answers">
              Whoever stands between the console and the registry can read the password and change packs. Use
              it to try things out. To stay, test the connection and trust the registry’s certificate.
            </Callout>
          ) : null}
        </Part>

        <details open={filterOpen} onToggle={(event) => setFilterOpen(event.currentTarget.open)}>
          <summary className="mb-4 cursor-pointer">
            <h2 className="inline text-lg">Packs to take</h2>
            <span className="ml-2 text-ink-soft">
              {isOpen(PackFilter.safeParse(toFilter(now)).data ?? PackFilter.parse({})) ? 'All' : 'Filtered'}
            </span>
          </summary>
          <FilterPart
            layers={now.filterLayers}
            onLayers={(layers) => setValue('filterLayers', layers, { shouldDirty: true })}
            at={at}
            ask={previewBody}
          />
        </details>

        {registry ? (
          <Part name="Syncing">
            <CheckboxField
              label="Paused"
              hint="Nothing is read from it, and nothing is tested. Its packs stay in the catalog."
              {...register('paused')}
            />
          </Part>
        ) : null}

        <div className="flex flex-col gap-4 border-t pt-5">
          {refusal ? (
            <Callout tone="bad" title={failedAt ? 'Not saved: the connection test failed' : 'Not saved'}>
              {refusal.message}
              {failedAt ? ' Nothing was changed. Mend it and confirm again, or save it paused.' : ''}
            </Callout>
          ) : null}
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" look="primary" busy={save.isPending} disabledReason={denied}>
              Confirm
            </Button>
            <Button busy={check.isPending} disabledReason={denied} onClick={() => !busy && void test()}>
              Test connection
            </Button>
            {failedAt ? (
              <Button busy={save.isPending} disabledReason={denied} onClick={confirm(true)}>
                Save paused
              </Button>
            ) : null}
            <Button
              look="quiet"
              onClick={() => router.push(registry ? `${LIST}/${registry.metadata.uid}` : LIST)}
            >
              Cancel
            </Button>
          </div>
          {failedAt ? (
            <p className="text-ink-faint text-xs">
              Saved paused it is not tested and not synced. Resume it when the registry can be reached.
            </p>
          ) : null}
        </div>
      </form>

      <section ref={ladder} aria-labelledby="test-title" className="scroll-mt-20 lg:sticky lg:top-20">
        <header className="mb-3 flex items-baseline justify-between gap-3 border-b pb-3">
          <h2 id="test-title" className="text-lg">
            Connection test
          </h2>
          <Verdict isRunning={busy} steps={tested?.steps ?? null} kind={now.kind} />
        </header>
        <CheckLadder
          steps={tested?.steps ?? null}
          kind={now.kind}
          endpoint={tested?.endpoint}
          isRunning={busy && !(save.isPending && now.paused)}
          onTrust={trust}
          onSwitchKind={registry ? undefined : switchKind}
        />
      </section>
    </div>
  )
}

/** A refused connection test says which step failed; null where something else was refused. */
function stepsOf(error: Error): CheckStep[] | null {
  if (!(error instanceof ApiError) || error.status !== 422) return null
  return (error.details as { steps?: CheckStep[] } | null)?.steps ?? null
}

const Part = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <fieldset className="flex min-w-0 flex-col gap-4">
    <legend className="mb-4 font-semibold text-lg">{name}</legend>
    {children}
  </fieldset>
)
