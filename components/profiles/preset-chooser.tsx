'use client'

import { SelectField } from '@/components/ui/field'
import type { Preset } from '@/lib/pack-format/presets'
import { enabledPresets } from '@/lib/profiles/enabled-presets'

/** One choice for each group of presets. What is chosen stands in the values' first line. */
export function PresetChooser({
  presets,
  values,
  problem,
  onChoose,
}: {
  presets: readonly Preset[]
  values: string
  /** Why no preset can be put into the values now. */
  problem: string
  onChoose: (group: string, name: string | null) => void
}) {
  if (presets.length === 0) return null
  const enabled = enabledPresets(values)
  const groups = [...new Set(presets.map((one) => one.group))]
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium">Presets</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {groups.map((group) => {
          const held = enabled.find((one) => one.group === group)?.name ?? ''
          const ofGroup = presets.filter((one) => one.group === group)
          const isKnown = held === '' || ofGroup.some((one) => one.name === held)
          return (
            <SelectField
              key={group}
              label={group || 'Preset'}
              value={held}
              disabled={problem !== ''}
              hint={problem || undefined}
              onChange={(event) => onChoose(group, event.target.value || null)}
            >
              <option value="">None</option>
              {isKnown ? null : <option value={held}>{held} (not in this version)</option>}
              {ofGroup.map(({ name, displayName }) => (
                <option key={name} value={name}>
                  {displayName}
                </option>
              ))}
            </SelectField>
          )
        })}
      </div>
    </fieldset>
  )
}
