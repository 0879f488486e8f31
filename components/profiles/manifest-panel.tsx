'use client'

import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'

import { YamlEditor } from '@/components/packs/yaml-editor'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import type { DraftLayer } from './draft'

/** A layer that is no pack: manifests written here. */
export function ManifestPanel({
  layer,
  canMove,
  onChange,
  onRemove,
  onMove,
}: {
  layer: DraftLayer
  canMove: { up: boolean; down: boolean }
  onChange: (change: Partial<DraftLayer>) => void
  onRemove: () => void
  onMove: (by: 1 | -1) => void
}) {
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
            documents="many"
            value={manifest.content}
            onChange={(content) =>
              onChange({ manifests: layer.manifests.with(index, { ...manifest, content }) })
            }
          />
        </div>
      ))}
    </div>
  )
}
