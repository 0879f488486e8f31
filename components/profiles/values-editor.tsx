'use client'

import { RotateCcw } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useMemo, useState } from 'react'

import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/list-states'
import { Tabs } from '@/components/ui/tabs'
import type { ValueRule } from '@/lib/pack-format/value-schema'
import type { Finding, Fix } from '@/lib/profiles/rules/finding'
import type { Variable } from '@/lib/profiles/variable'
import { beside } from './beside'
import type { DraftLayer } from './draft'
import { YamlEditor } from './editor/yaml-editor'
import type { Spot } from './finding-places'
import { ValueRules } from './value-rules'
import { ValuesForm } from './values-form'

const DiffSurface = dynamic(() => import('./editor/diff-surface'), {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full rounded-none" />,
})

/** A layer's values as text, as the form that the pack's schema makes of them, and as what differs from the pack's own. */
export function ValuesEditor({
  layer,
  own,
  rules,
  findings,
  variables,
  packs,
  goTo,
  isReadable,
  onFix,
  onChange,
  onReset,
}: {
  layer: DraftLayer
  /** The pack's own values; null where they are not known. */
  own: string | null
  rules: readonly ValueRule[]
  findings: readonly Finding[]
  variables: readonly Variable[]
  packs: readonly string[]
  goTo?: Spot | undefined
  isReadable: boolean
  onFix: (fixes: readonly Fix[]) => void
  onChange: (values: string) => void
  onReset: () => void
}) {
  const { query, set } = useAddress()
  const [line, setLine] = useState<Spot>()
  const view = query.get('view') ?? 'text'
  const isOwn = own !== null && layer.values.trimEnd() === own.trimEnd()
  const ofValues = useMemo(() => findings.filter((one) => one.manifest === undefined), [findings])
  const known = useMemo(() => {
    let asked: Promise<ReadonlyMap<string, string>> | undefined
    const outline = () => {
      asked ??= own ? beside('outline', own).then((found) => new Map(found)) : Promise.resolve(new Map())
      return asked
    }
    return { rules, variables, packs, outline }
  }, [rules, variables, packs, own])

  // A line is shown in the text.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each jump
  useEffect(() => {
    if (goTo?.line !== undefined && view !== 'text') set({ view: null })
  }, [goTo])

  const goToPath = async (path: string) => {
    const found = await beside('line', { text: layer.values, path })
    if (found !== null) setLine({ line: found, at: Date.now() })
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">Values</h3>
        <Button
          size="small"
          look="quiet"
          icon={<RotateCcw aria-hidden />}
          disabledReason={
            own === null
              ? 'The pack’s own values are not known.'
              : isOwn
                ? 'These are the pack’s own values.'
                : undefined
          }
          onClick={onReset}
        >
          Reset to the pack’s own values
        </Button>
      </div>
      <Tabs
        label="Values as"
        open={view}
        onOpen={(next) => set({ view: next === 'text' ? null : next })}
        tabs={[
          {
            id: 'text',
            label: 'Text',
            content: (
              <div className="flex flex-col gap-5">
                <YamlEditor
                  label={`Values of ${layer.displayName}`}
                  value={layer.values}
                  goTo={line && (!goTo || line.at > goTo.at) ? line : goTo}
                  findings={ofValues}
                  known={known}
                  onFix={onFix}
                  onChange={onChange}
                />
                <ValueRules rules={rules} onGo={(path) => void goToPath(path)} />
              </div>
            ),
          },
          {
            id: 'form',
            label: 'Form',
            content: (
              <ValuesForm
                text={layer.values}
                rules={rules}
                findings={ofValues}
                variables={variables}
                isReadable={isReadable}
                onChange={onChange}
              />
            ),
          },
          {
            id: 'changes',
            label: 'Changes',
            content:
              own === null ? (
                <p className="text-ink-soft">The pack’s own values are not known.</p>
              ) : isOwn ? (
                <p className="text-ink-soft">Nothing differs from the pack’s own values.</p>
              ) : (
                <div
                  className="overflow-hidden rounded border border-line-strong bg-surface"
                  style={{ height: '28rem' }}
                >
                  <DiffSurface
                    label={`What differs from the values of ${layer.displayName}`}
                    before={own}
                    after={layer.values}
                    onChange={onChange}
                  />
                </div>
              ),
          },
        ]}
      />
    </div>
  )
}
