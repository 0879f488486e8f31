'use client'

import { Trash2 } from 'lucide-react'

import { Button } from '@/components/ui/button'
import { CheckboxField, SelectField, TextAreaField, TextField } from '@/components/ui/field'
import { Mono } from '@/components/ui/mono'
import type { Use } from '@/lib/profiles/preview'
import { type Finding, sentenceOf } from '@/lib/profiles/rules/finding'
import {
  MASK,
  referenceTo,
  VARIABLE_FORMATS,
  VARIABLE_INPUTS,
  type Variable,
  type VariableFormat,
  type VariableInputType,
} from '@/lib/profiles/variable'
import type { DraftLayer, Place } from './draft'
import type { Spot } from './finding-places'
import { OptionsField } from './options-field'
import { FORMAT_HINTS, FORMAT_NAMES, INPUT_NAMES } from './variable-words'

/** Which field a finding is told at. */
const FIELDS: Record<string, 'name' | 'displayName' | 'regex' | 'defaultValue' | 'options' | 'inputType'> = {
  VariableName: 'name',
  VariableTwice: 'name',
  VariableDisplayName: 'displayName',
  VariableRegex: 'regex',
  VariableOptions: 'options',
  VariableInput: 'inputType',
  VariableDefault: 'defaultValue',
  VariableNested: 'defaultValue',
  VariableNeedsDefault: 'defaultValue',
}

/** All that a variable has. */
export function VariableForm({
  variable,
  findings,
  uses,
  layers,
  onChange,
  onGo,
  onRemove,
}: {
  variable: Variable
  findings: readonly Finding[]
  uses: readonly Use[]
  layers: readonly DraftLayer[]
  onChange: (change: Partial<Variable>, key?: string) => void
  onGo: (place: Place, spot?: Spot) => void
  onRemove: () => void
}) {
  const errorOf = (field: string) => {
    const found = findings.find((one) => FIELDS[one.code] === field)
    return found && sentenceOf(found)
  }
  const isDropdown = variable.inputType === 'dropdown'
  return (
    <div className="flex flex-col gap-4 border-t bg-sunken/40 px-3 py-4 sm:pl-10">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          mono
          value={variable.name}
          error={errorOf('name')}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          hint={<Mono text={referenceTo(variable.name || 'name')} max={48} />}
          onChange={(event) =>
            // What is masked is kept under its name: under another it is entered anew.
            onChange(
              {
                name: event.target.value,
                ...(variable.defaultValue === MASK && { defaultValue: '' }),
              },
              'name',
            )
          }
        />
        <TextField
          label="Display name"
          optional
          value={variable.displayName}
          error={errorOf('displayName')}
          maxLength={256}
          onChange={(event) => onChange({ displayName: event.target.value }, 'displayName')}
        />
      </div>
      <TextAreaField
        label="Description"
        optional
        rows={2}
        maxLength={4096}
        value={variable.description}
        onChange={(event) => onChange({ description: event.target.value }, 'description')}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Input type"
          value={variable.inputType}
          error={errorOf('inputType')}
          onChange={(event) => onChange({ inputType: event.target.value as VariableInputType })}
        >
          {VARIABLE_INPUTS.map((one) => (
            <option key={one} value={one}>
              {INPUT_NAMES[one]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Format"
          value={variable.format}
          hint={FORMAT_HINTS[variable.format]}
          onChange={(event) => onChange({ format: event.target.value as VariableFormat })}
        >
          {VARIABLE_FORMATS.map((one) => (
            <option key={one} value={one}>
              {FORMAT_NAMES[one]}
            </option>
          ))}
        </SelectField>
      </div>
      {isDropdown ? (
        <OptionsField
          options={variable.options}
          error={errorOf('options')}
          onChange={(options, key) => onChange({ options }, key)}
        />
      ) : null}
      <TextField
        label="Custom validation"
        optional
        mono
        value={variable.regex}
        error={errorOf('regex')}
        maxLength={1024}
        autoComplete="off"
        spellCheck={false}
        placeholder="^[a-z]+-[0-9]+$"
        hint="A regular expression of RE2 that inputs have to match."
        onChange={(event) => onChange({ regex: event.target.value }, 'regex')}
      />
      <DefaultField variable={variable} error={errorOf('defaultValue')} onChange={onChange} />
      <fieldset className="grid gap-3 sm:grid-cols-2">
        <legend className="sr-only">Behaviour</legend>
        <CheckboxField
          label="Required"
          hint="Nobody makes a cluster without it."
          checked={variable.required}
          onChange={(event) => onChange({ required: event.target.checked })}
        />
        <CheckboxField
          label="Mask value"
          hint="Sealed when saved. Nobody reads it again, in no answer and no export."
          checked={variable.isSensitive}
          onChange={(event) =>
            onChange({
              isSensitive: event.target.checked,
              ...(variable.defaultValue === MASK && { defaultValue: '' }),
            })
          }
        />
        <CheckboxField
          label="Hidden"
          hint="Not shown to who makes a cluster: the default counts."
          checked={variable.hidden}
          onChange={(event) => onChange({ hidden: event.target.checked })}
        />
        <CheckboxField
          label="Read-only"
          hint="Shown, and not to be changed: the default counts."
          checked={variable.immutable}
          onChange={(event) => onChange({ immutable: event.target.checked })}
        />
      </fieldset>
      <div className="flex flex-wrap items-start justify-between gap-3 border-t pt-3">
        <Uses uses={uses} layers={layers} onGo={onGo} />
        <Button size="small" look="danger" icon={<Trash2 aria-hidden />} onClick={onRemove}>
          Remove variable
        </Button>
      </div>
    </div>
  )
}

function DefaultField({
  variable,
  error,
  onChange,
}: {
  variable: Variable
  error: string | undefined
  onChange: (change: Partial<Variable>, key?: string) => void
}) {
  const { defaultValue, inputType, isSensitive, options, format } = variable
  const set = (value: string) => onChange({ defaultValue: value }, 'defaultValue')
  if (isSensitive && defaultValue === MASK)
    return (
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          label="Default value"
          className="w-full max-w-xs"
          readOnly
          mono
          value={MASK}
          error={error}
        />
        <Button onClick={() => set('')}>Enter another</Button>
      </div>
    )
  const shared = { label: 'Default value', optional: true, error }
  if (inputType === 'dropdown' || (format === 'boolean' && inputType === 'text'))
    return (
      <SelectField {...shared} value={defaultValue} onChange={(event) => set(event.target.value)}>
        <option value="">None</option>
        {inputType === 'dropdown'
          ? options.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: values may be there twice, which is told
              <option key={at} value={one.value}>
                {one.label || one.value}
              </option>
            ))
          : ['true', 'false'].map((one) => <option key={one}>{one}</option>)}
        {defaultValue && inputType === 'dropdown' && !options.some((one) => one.value === defaultValue) ? (
          <option value={defaultValue}>{defaultValue} (not in the list)</option>
        ) : null}
      </SelectField>
    )
  if (inputType === 'multiline')
    return (
      <TextAreaField
        {...shared}
        mono
        rows={4}
        value={defaultValue}
        spellCheck={false}
        onChange={(event) => set(event.target.value)}
      />
    )
  return (
    <TextField
      {...shared}
      mono
      type={isSensitive ? 'password' : 'text'}
      autoComplete={isSensitive ? 'new-password' : 'off'}
      spellCheck={false}
      value={defaultValue}
      onChange={(event) => set(event.target.value)}
    />
  )
}

function Uses({
  uses,
  layers,
  onGo,
}: {
  uses: readonly Use[]
  layers: readonly DraftLayer[]
  onGo: (place: Place, spot?: Spot) => void
}) {
  if (uses.length === 0) return <p className="text-ink-soft text-xs">Used nowhere yet.</p>
  const nameOf = (name: string) => layers.find((one) => one.name === name)?.displayName ?? name
  const byLayer = new Map<string, Use[]>()
  for (const use of uses) byLayer.set(use.layer, [...(byLayer.get(use.layer) ?? []), use])
  return (
    <ul aria-label="Used in" className="flex flex-col gap-1 text-xs">
      {[...byLayer].map(([layer, ofLayer]) => (
        <li key={layer} className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="text-ink-soft">{nameOf(layer)}</span>
          {ofLayer.map(({ manifest, line }, at) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: one line may use it twice
              key={at}
              type="button"
              className="text-accent underline underline-offset-3"
              onClick={() => onGo(`layer:${layer}`, { line, manifest, at: Date.now() })}
            >
              {manifest ? `${manifest}, ` : ''}line {line}
            </button>
          ))}
        </li>
      ))}
    </ul>
  )
}
