'use client'

import { SelectField, TextAreaField, TextField } from '@/components/ui/field'
import type { Draft } from './draft'
import { TagsField } from './tags-field'
import { CLOUDS, PROFILE_TYPES, TYPE_LOOKS } from './words'

const GROUPS = [...new Set(CLOUDS.map((one) => one.group))]

/** What a profile is called, what it is, and where it runs. */
export function BasicsPanel({
  draft,
  errors,
  isStored,
  onChange,
}: {
  draft: Draft
  errors: { name?: string; version?: string }
  /** Where a profile runs is set when it is made. */
  isStored: boolean
  onChange: (change: Partial<Draft>) => void
}) {
  const known = CLOUDS.some((one) => one.value === draft.cloudType)
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_10rem]">
        <TextField
          label="Name"
          value={draft.name}
          error={errors.name}
          maxLength={63}
          autoComplete="off"
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <TextField
          label="Version"
          mono
          value={draft.version}
          error={errors.version}
          autoComplete="off"
          onChange={(event) => onChange({ version: event.target.value })}
        />
      </div>
      <TextAreaField
        label="Description"
        optional
        rows={2}
        maxLength={4096}
        value={draft.description}
        onChange={(event) => onChange({ description: event.target.value })}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 font-medium">Type</legend>
        <div className="grid gap-2 sm:grid-cols-3">
          {PROFILE_TYPES.map((type) => (
            <label
              key={type}
              className="flex cursor-pointer items-start gap-2.5 rounded border border-line-strong px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="type"
                value={type}
                checked={draft.type === type}
                aria-labelledby={`type-${type}-name`}
                aria-describedby={`type-${type}`}
                onChange={() =>
                  onChange({ type, ...(type === 'add-on' && !isStored && { cloudType: 'all' }) })
                }
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span className="flex flex-col gap-0.5">
                <span id={`type-${type}-name`} className="font-medium">
                  {TYPE_LOOKS[type].name}
                </span>
                <span id={`type-${type}`} className="text-ink-soft text-xs">
                  {TYPE_LOOKS[type].hint}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Cloud type"
          value={draft.cloudType}
          disabled={isStored || draft.type === 'add-on'}
          hint={
            isStored
              ? 'Set when the profile was made. Make a new version for another cloud.'
              : draft.type === 'add-on'
                ? 'Add-ons run on any cloud.'
                : 'Only packs made for it are offered.'
          }
          onChange={(event) => onChange({ cloudType: event.target.value })}
        >
          {known ? null : <option value={draft.cloudType}>{draft.cloudType}</option>}
          {GROUPS.map((group) => (
            <optgroup key={group} label={group}>
              {CLOUDS.filter((one) => one.group === group).map(({ value, name }) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
        </SelectField>
        <TagsField tags={draft.tags} onChange={(tags) => onChange({ tags })} />
      </div>
    </div>
  )
}
