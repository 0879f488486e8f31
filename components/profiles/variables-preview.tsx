'use client'

import { CircleDashed } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'

import { YamlView } from '@/components/packs/yaml-view'
import { SelectField, TextAreaField, TextField } from '@/components/ui/field'
import { resolveProfile } from '@/lib/profiles/preview'
import { problemOf } from '@/lib/profiles/rules/variables'
import { defaultOf, MASK, type Variable } from '@/lib/profiles/variable'
import type { Draft } from './draft'

/** What each layer says for given inputs. They are kept in this page alone. */
export default function VariablesPreview({ draft }: { draft: Draft }) {
  const { layers, variables } = draft
  const [inputs, setInputs] = useState<Record<string, string>>({})
  const [chosen, setChosen] = useState('')
  const given = useDeferredValue(inputs)
  const resolved = useMemo(() => resolveProfile(layers, variables, given), [layers, variables, given])
  const shown = resolved.map((one, index) => {
    const layer = layers.find((held) => held.name === one.layer)
    const name = layer?.displayName ?? one.layer
    return { ...one, key: String(index), title: one.manifest ? `${name}: ${one.manifest}` : name }
  })
  const withText = shown.filter((one) => one.text.trim() !== '')
  const open = withText.find((one) => one.key === chosen) ?? withText.at(-1)
  const asked = variables.filter((one) => !one.hidden)

  if (layers.length === 0) return <p className="text-ink-soft">The profile has no layers yet.</p>
  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(220px,300px)_minmax(0,1fr)]">
      <div className="flex flex-col gap-4">
        <h3 className="font-medium">Inputs</h3>
        {asked.length === 0 ? (
          <p className="text-ink-soft">This profile asks for nothing.</p>
        ) : (
          asked.map((one) => (
            <InputField
              key={one.name}
              variable={one}
              value={inputs[one.name] ?? ''}
              onChange={(value) => setInputs((held) => ({ ...held, [one.name]: value }))}
            />
          ))
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        {open ? (
          <>
            <SelectField
              label="Layer"
              className="max-w-sm"
              value={open.key}
              onChange={(event) => setChosen(event.target.value)}
            >
              {withText.toReversed().map(({ key, title }) => (
                <option key={key} value={key}>
                  {title}
                </option>
              ))}
            </SelectField>
            {open.open.length > 0 ? (
              <p className="flex items-start gap-2 text-ink-soft text-xs">
                <CircleDashed aria-hidden className="mt-px size-4 shrink-0" />
                <span>
                  Known when a cluster is made:{' '}
                  <span className="mono">
                    {[...new Set(open.open.map((one) => `${one.kind}.${one.name}`))].join(', ')}
                  </span>
                </span>
              </p>
            ) : null}
            <YamlView text={open.text} label={`Resolved values of ${open.title}`} />
          </>
        ) : (
          <p className="text-ink-soft">No layer has values.</p>
        )}
      </div>
    </div>
  )
}

function InputField({
  variable,
  value,
  onChange,
}: {
  variable: Variable
  value: string
  onChange: (value: string) => void
}) {
  const { name, displayName, description, inputType, isSensitive, immutable, options, required } = variable
  const standard = defaultOf(variable)
  const problem = value === '' ? null : problemOf(variable, value)
  const shared = {
    label: displayName || name,
    optional: !required,
    hint: description || undefined,
    error: problem ? `It has to be ${problem}.` : undefined,
    disabled: immutable,
    value,
  }
  const placeholder = standard === '' ? undefined : isSensitive ? MASK : standard
  if (inputType === 'dropdown')
    return (
      <SelectField {...shared} onChange={(event) => onChange(event.target.value)}>
        <option value="">{standard ? `Default: ${standard}` : 'Choose'}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label || one.value}
          </option>
        ))}
      </SelectField>
    )
  if (inputType === 'multiline')
    return (
      <TextAreaField
        {...shared}
        mono
        rows={3}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return (
    <TextField
      {...shared}
      mono
      type={isSensitive ? 'password' : 'text'}
      autoComplete={isSensitive ? 'new-password' : 'off'}
      placeholder={placeholder}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
