'use client'

import { CircleAlert, Plus, X } from 'lucide-react'

import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import type { VariableOption } from '@/lib/profiles/variable'

/** What a dropdown offers, each with its own words. */
export function OptionsField({
  options,
  error,
  onChange,
}: {
  options: readonly VariableOption[]
  error: string | undefined
  onChange: (options: VariableOption[], key?: string) => void
}) {
  const change = (index: number, next: Partial<VariableOption>, key: string) =>
    onChange(
      options.map((one, at) => (at === index ? { ...one, ...next } : one)),
      `option ${index} ${key}`,
    )
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 font-medium">Options</legend>
      {options.map((option, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a value is edited, and its field stays
          key={index}
          className="grid items-end gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.4fr)_auto]"
        >
          <TextField
            label={`Value ${index + 1}`}
            mono
            value={option.value}
            autoComplete="off"
            onChange={(event) => change(index, { value: event.target.value }, 'value')}
          />
          <TextField
            label={`Label ${index + 1}`}
            optional
            value={option.label}
            placeholder={option.value}
            onChange={(event) => change(index, { label: event.target.value }, 'label')}
          />
          <TextField
            label={`Description ${index + 1}`}
            optional
            value={option.description}
            onChange={(event) => change(index, { description: event.target.value }, 'description')}
          />
          <Button
            look="quiet"
            size="icon"
            aria-label={`Remove option ${index + 1}`}
            icon={<X aria-hidden />}
            onClick={() => onChange(options.toSpliced(index, 1))}
          />
        </div>
      ))}
      {error ? (
        <p className="flex items-start gap-1.5 text-bad text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </p>
      ) : null}
      <Button
        size="small"
        className="self-start"
        icon={<Plus aria-hidden />}
        onClick={() => onChange([...options, { value: '', label: '', description: '', default: false }])}
      >
        Add option
      </Button>
    </fieldset>
  )
}
