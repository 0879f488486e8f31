'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Replace, Trash2 } from 'lucide-react'
import { useState } from 'react'

import { PackLogo } from '@/components/packs/pack-logo'
import { versionQuery } from '@/components/packs/queries'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { LoadFailed, Skeleton } from '@/components/ui/list-states'
import { ApiError } from '@/lib/client/call'
import type { ValueRule } from '@/lib/pack-format/value-schema'
import { enabledPresets } from '@/lib/profiles/enabled-presets'
import type { Finding, Fix } from '@/lib/profiles/rules/finding'
import type { Variable } from '@/lib/profiles/variable'
import { beside } from './beside'
import type { DraftLayer } from './draft'
import type { Spot } from './finding-places'
import { PresetChooser } from './preset-chooser'
import { packNameOf, packVersionsQuery, registryNamesQuery } from './queries'
import { ValuesEditor } from './values-editor'
import { type TagEntry, VersionField } from './version-field'

const UNREADABLE: ReadonlySet<string> = new Set([
  ...['ValuesNoMap', 'ValuesNoYaml', 'ValuesSameKey', 'ValuesTab', 'ValuesTooLarge', 'ValuesNotText'],
])
const NO_RULES: readonly ValueRule[] = []

/** One layer of the stack: its version or track, presets and values. */
export function LayerPanel({
  layer,
  canMove,
  findings,
  variables,
  packs,
  goTo,
  onFix,
  onChange,
  onReplace,
  onRemove,
  onMove,
}: {
  layer: DraftLayer
  canMove: { up: boolean; down: boolean }
  findings: readonly Finding[]
  variables: readonly Variable[]
  /** Names of the other packs of the profile. */
  packs: readonly string[]
  goTo?: Spot | undefined
  onFix: (fixes: readonly Fix[]) => void
  onChange: (change: Partial<DraftLayer>, key?: string) => void
  onReplace: () => void
  onRemove: () => void
  onMove: (by: 1 | -1) => void
}) {
  const registries = useQuery(registryNamesQuery())
  const registry = registries.data?.items.find((one) => one.uid === layer.registryUid)
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <PackLogo url={layer.logoUrl} name={layer.displayName} layer={layer.layer} size={36} />
        <div className="flex min-w-0 flex-1 flex-col">
          <span className="truncate font-medium">{layer.displayName}</span>
          <span className="truncate text-ink-soft text-xs">
            <span className="mono">{layer.name}</span>
            {registry ? ` · ${registry.name}` : ''}
          </span>
        </div>
        <div className="flex items-center gap-1.5">
          {canMove.up || canMove.down ? (
            <>
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
            </>
          ) : null}
          <Button size="small" icon={<Replace aria-hidden />} onClick={onReplace}>
            Change pack
          </Button>
          <Button size="small" look="quiet" icon={<Trash2 aria-hidden />} onClick={onRemove}>
            Remove
          </Button>
        </div>
      </div>
      {layer.invalidReason ? (
        <Callout tone="warn" title="This pack needs attention">
          {layer.invalidReason} The profile keeps its version and values.
        </Callout>
      ) : null}
      <PackFields {...{ layer, findings, variables, packs, goTo, onFix, onChange }} />
    </div>
  )
}

function PackFields({
  layer,
  findings,
  variables,
  packs,
  goTo,
  onFix,
  onChange,
}: Omit<Parameters<typeof LayerPanel>[0], 'canMove' | 'onReplace' | 'onRemove' | 'onMove'>) {
  const client = useQueryClient()
  const versions = useQuery(packVersionsQuery(packNameOf(layer.name), layer.registryUid))
  const pack = useQuery(versionQuery(layer.packUid))
  const [asked, setAsked] = useState<{ entry: TagEntry; own: string; next: string } | null>(null)
  const [failure, setFailure] = useState<{ title: string; error: Error } | null>(null)
  const [isChanging, setChanging] = useState(false)

  const content = pack.data?.packValues[0]
  const own = content?.values ?? ''
  const presets = content?.presets ?? []
  // A text that cannot be read is not changed by what reads it.
  const problem = findings.find((one) => UNREADABLE.has(one.code) && one.manifest === undefined)
  const enabled = enabledPresets(layer.values)
  const isOwn = layer.values.trimEnd() === own.trimEnd()

  /** What the pack brings with the presets that are chosen: nothing of a person's own. */
  const isUntouched = async () => {
    if (isOwn || problem) return isOwn
    return layer.values.trimEnd() === (await beside('presets', { own, enabled, presets })).trimEnd()
  }

  async function choosePreset(group: string, name: string | null) {
    setFailure(null)
    try {
      onChange({ values: await beside('preset', { values: layer.values, group, name, presets, own }) })
    } catch (error) {
      setFailure({ title: 'The preset could not be put in', error: error as Error })
    }
  }

  async function chooseTag(entry: TagEntry) {
    setFailure(null)
    if (entry.packUid === layer.packUid) return onChange({ tag: entry.tag })
    setChanging(true)
    try {
      const { packValues, logoUrl } = await client.fetchQuery(versionQuery(entry.packUid))
      const target = packValues[0]
      const next = target
        ? await beside('presets', { own: target.values, enabled, presets: target.presets })
        : ''
      if (await isUntouched()) take(entry, next, target?.packyard.digest, logoUrl)
      else setAsked({ entry, own: target?.packyard.digest ?? '', next })
    } catch (error) {
      setFailure({ title: 'The version could not be loaded', error: error as Error })
    } finally {
      setChanging(false)
    }
  }

  function take(entry: TagEntry, values: string | null, digest = '', logoUrl = layer.logoUrl) {
    onChange({
      packUid: entry.packUid,
      tag: entry.tag,
      version: entry.version,
      digest,
      logoUrl,
      invalidReason: '',
      ...(values !== null && { values }),
    })
    setAsked(null)
  }

  const isGone = pack.error instanceof ApiError && pack.error.status === 404
  return (
    <>
      {versions.isPending && layer.registryUid ? (
        <Skeleton className="h-15 max-w-sm" />
      ) : (
        <VersionField
          tags={versions.data?.tags ?? []}
          packValues={versions.data?.packValues ?? []}
          tag={layer.tag}
          version={layer.version}
          busy={isChanging}
          onChoose={chooseTag}
        />
      )}
      {failure ? (
        <Callout tone="bad" title={failure.title}>
          {failure.error.message}
        </Callout>
      ) : null}
      {pack.isError && !isGone ? (
        <LoadFailed what="The pack" error={pack.error} retry={() => void pack.refetch()} />
      ) : null}
      <PresetChooser
        presets={presets}
        values={layer.values}
        problem={problem ? `Mend line ${problem.line ?? 1} of the values first.` : ''}
        onChoose={(group, name) => void choosePreset(group, name)}
      />
      <ValuesEditor
        key={layer.name}
        layer={layer}
        own={content ? own : null}
        rules={content?.schema ?? NO_RULES}
        {...{ findings, variables, packs, goTo, onFix }}
        isReadable={problem === undefined}
        onChange={(values) => onChange({ values }, `values ${layer.name}`)}
        onReset={() => onChange({ values: own })}
      />
      <Dialog
        open={asked !== null}
        onClose={() => setAsked(null)}
        title="You changed these values"
        description={
          <>
            Version <span className="mono">{asked?.entry.version}</span> brings values of its own, for
            instance other images. Keep yours, or take those of the new version with the presets that are
            chosen.
          </>
        }
        footer={
          <>
            <Button onClick={() => asked && take(asked.entry, null, asked.own)}>Keep my values</Button>
            <Button look="primary" onClick={() => asked && take(asked.entry, asked.next, asked.own)}>
              Take the new values
            </Button>
          </>
        }
      />
    </>
  )
}
