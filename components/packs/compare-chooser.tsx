import { ArrowLeftRight } from 'lucide-react'

import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import { type Side, versionsIn } from './compare-sides'
import type { PackCardData, PackVersions } from './queries'

/** What is set in the address: a version, or a registry. */
type Change = { from?: string; to?: string; fromRegistry?: string; toRegistry?: string }

interface Chosen {
  registryUid: string
  versions: PackVersions
  side: Side | null
  /** What the address asks for, where no version has it. */
  tag: string
}

/** The two versions that are compared. The registry is asked for where more than one carries the pack. */
export function CompareChooser({
  registries,
  left,
  right,
  set,
}: {
  registries: PackCardData['spec']['registries']
  left: Chosen
  right: Chosen
  set: (change: Change & { change: null }) => void
}) {
  const swap = () =>
    set({
      from: right.side?.version ?? right.tag,
      to: left.side?.version ?? left.tag,
      fromRegistry: right.registryUid,
      toRegistry: left.registryUid,
      change: null,
    })
  return (
    <div className="mb-6 grid items-end gap-3 lg:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
      <SideFields
        name="From"
        registries={registries}
        chosen={left}
        onVersion={(from) => set({ from, change: null })}
        onRegistry={(fromRegistry) => set({ fromRegistry, change: null })}
      />
      <Button
        size="icon"
        aria-label="Swap the sides"
        title="Swap the sides"
        onClick={swap}
        className="justify-self-center max-lg:rotate-90"
      >
        <ArrowLeftRight aria-hidden />
      </Button>
      <SideFields
        name="To"
        registries={registries}
        chosen={right}
        onVersion={(to) => set({ to, change: null })}
        onRegistry={(toRegistry) => set({ toRegistry, change: null })}
      />
    </div>
  )
}

function SideFields({
  name,
  registries,
  chosen: { registryUid, versions, side, tag },
  onVersion,
  onRegistry,
}: {
  name: string
  registries: PackCardData['spec']['registries']
  chosen: Chosen
  onVersion: (version: string) => void
  onRegistry: (uid: string) => void
}) {
  const all = versionsIn(versions)
  return (
    <fieldset className="grid min-w-0 grid-cols-2 gap-3">
      <legend className="sr-only">{name}</legend>
      <SelectField
        label={name}
        mono
        value={side?.version ?? ''}
        onChange={(event) => onVersion(event.target.value)}
        className={registries.length > 1 ? undefined : 'col-span-2'}
      >
        {side ? null : <option value="">{tag || 'None'}</option>}
        {all.map((one) => (
          <option key={one.packUid} value={one.version}>
            {one.version}
          </option>
        ))}
      </SelectField>
      {registries.length > 1 ? (
        <SelectField
          label={`Registry of “${name}”`}
          value={registryUid}
          onChange={(event) => onRegistry(event.target.value)}
        >
          {registries.map((one) => (
            <option key={one.uid} value={one.uid}>
              {one.name}
            </option>
          ))}
        </SelectField>
      ) : null}
    </fieldset>
  )
}
