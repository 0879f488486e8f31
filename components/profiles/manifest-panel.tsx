'use client'

import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { useMemo } from 'react'

import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import type { Finding, Fix } from '@/lib/profiles/rules/finding'
import type { Variable } from '@/lib/profiles/variable'
import type { DraftLayer } from './draft'
import { NOTHING } from './editor/knowledge'
import { YamlEditor } from './editor/yaml-editor'
import type { Spot } from './finding-places'

/** A layer that is no pack: manifests written here. */
export function ManifestPanel({
  layer,
  canMove,
  findings,
  variables,
  goTo,
  onFix,
  onChange,
  onRemove,
  onMove,
}: {
  layer: DraftLayer
  canMove: { up: boolean; down: boolean }
  findings: readonly Finding[]
  variables: readonly Variable[]
  goTo?: Spot | undefined
  onFix: (fixes: readonly Fix[]) => void
  onChange: (change: Partial<DraftLayer>, key?: string) => void
  onRemove: () => void
  onMove: (by: 1 | -1) => void
}) {
  const known = useMemo(() => ({ ...NOTHING, variables }), [variables])
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <TextField
          label="Shown as"
          className="w-full max-w-sm"
          value={layer.displayName}
          readOnly
          mono
          hint="The name of the layer. Remove the layer and add it anew for another one."
        />
        <div className="flex items-center gap-1.5">
          <Button
            look="quiet"
            size="small-icon"
            aria-label="Move up"
            disabledReason={canMove.up ? undefined : 'It is the topmost add-on.'}
            icon={<ArrowUp aria-hidden />}
            onClick={() => onMove(1)}
          />
          <Button
            look="quiet"
            size="small-icon"
            aria-label="Move down"
            disabledReason={canMove.down ? undefined : 'It is the lowest add-on.'}
            icon={<ArrowDown aria-hidden />}
            onClick={() => onMove(-1)}
          />
          <Button size="small" look="quiet" icon={<Trash2 aria-hidden />} onClick={onRemove}>
            Remove
          </Button>
        </div>
      </div>
      {layer.manifests.map((manifest, index) => (
        <div key={manifest.name} className="flex flex-col gap-2">
          <h3 className="font-medium">{layer.manifests.length > 1 ? manifest.name : 'Manifest'}</h3>
          <YamlEditor
            label={`Manifest ${manifest.name}`}
            value={manifest.content}
            goTo={goTo?.manifest === manifest.name ? goTo : undefined}
            findings={findings.filter((one) => one.manifest === manifest.name)}
            onFix={onFix}
            known={known}
            onChange={(content) =>
              onChange(
                { manifests: layer.manifests.with(index, { ...manifest, content }) },
                `manifest ${layer.name} ${manifest.name}`,
              )
            }
          />
        </div>
      ))}
    </div>
  )
}
