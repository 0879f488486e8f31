'use client'

import { CircleAlert, TriangleAlert } from 'lucide-react'

import { Badge } from '@/components/ui/badge'
import { SelectField } from '@/components/ui/field'
import { compareVersions, isTrack } from '@/lib/pack-format/tag'
import type { PackVersions } from './queries'

export type TagEntry = PackVersions['tags'][number]

/** Which version: one for good, or a track that follows the newest in it. */
export function VersionField({
  tags,
  packValues,
  tag,
  version,
  busy,
  onChoose,
}: {
  tags: readonly TagEntry[]
  packValues: PackVersions['packValues']
  tag: string
  /** What the tag stands for in the profile. */
  version: string
  busy: boolean
  onChoose: (entry: TagEntry) => void
}) {
  const newestFirst = [...tags].sort((a, b) => compareVersions(b.version, a.version))
  const groups = [
    { label: 'Versions', entries: newestFirst.filter((one) => one.tag === one.version) },
    { label: 'Tracks, which follow the newest', entries: newestFirst.filter((one) => isTrack(one.tag)) },
    {
      label: 'Other tags',
      entries: newestFirst.filter((one) => one.tag !== one.version && !isTrack(one.tag)),
    },
  ].filter((one) => one.entries.length > 0)
  const held = tags.find((one) => one.tag === tag)
  const state = packValues.find((one) => one.packUid === held?.packUid)?.packyard
  const moved = held && held.version !== version
  return (
    <div className="flex flex-wrap items-end gap-3">
      <SelectField
        label="Version"
        mono
        className="w-full max-w-sm"
        value={tag}
        aria-busy={busy || undefined}
        hint={
          moved
            ? `The profile holds ${version}. Choose it again to take what it stands for now.`
            : isTrack(tag)
              ? `Follows the newest of the track: ${held?.version ?? version} now.`
              : undefined
        }
        onChange={(event) => {
          const entry = tags.find((one) => one.tag === event.target.value)
          if (entry) onChoose(entry)
        }}
      >
        {held ? null : <option value={tag}>{tag || version} (not in the registry)</option>}
        {groups.map(({ label, entries }) => (
          <optgroup key={label} label={label}>
            {entries.map((one) => (
              <option key={one.tag} value={one.tag}>
                {one.tag === one.version ? one.tag : `${one.tag} → ${one.version}`}
              </option>
            ))}
          </optgroup>
        ))}
      </SelectField>
      {state?.state === 'deprecated' ? (
        <Badge tone="warn" icon={<TriangleAlert aria-hidden />} className="mb-2">
          Deprecated
        </Badge>
      ) : null}
      {state?.goneTime ? (
        <Badge tone="bad" icon={<CircleAlert aria-hidden />} className="mb-2">
          Gone from its registry
        </Badge>
      ) : null}
    </div>
  )
}
