'use client'

import { useQuery } from '@tanstack/react-query'

import { LayerChip } from '@/components/packs/layer-chip'
import { Table, Td, Th } from '@/components/ui/table'
import type { Finding, Fix } from '@/lib/profiles/rules/finding'
import type { Draft, Place } from './draft'
import type { Spot } from './finding-places'
import { Findings } from './findings'
import { registryNamesQuery } from './queries'

/** Everything at a glance before it is published: what was found, and each layer from the top down. */
export function ReviewPanel({
  draft,
  findings,
  isChecked,
  onGo,
  onFix,
}: {
  draft: Draft
  findings: readonly Finding[]
  isChecked: boolean
  onGo: (place: Place, spot?: Spot) => void
  onFix: (fixes: readonly Fix[]) => void
}) {
  const registries = useQuery(registryNamesQuery())
  const nameOf = (uid: string) => registries.data?.items.find((one) => one.uid === uid)?.name ?? '–'
  return (
    <div className="flex flex-col gap-5">
      <Findings findings={findings} isChecked={isChecked} draft={draft} onGo={onGo} onFix={onFix} />
      {draft.description ? <p className="text-ink-soft">{draft.description}</p> : null}
      {draft.layers.length > 0 ? (
        <div className="overflow-hidden rounded border">
          <Table label="Layers">
            <thead>
              <tr>
                <Th>Layer</Th>
                <Th>Pack</Th>
                <Th>Version</Th>
                <Th>Registry</Th>
              </tr>
            </thead>
            <tbody>
              {draft.layers.toReversed().map((one) => (
                <tr key={one.name}>
                  <Td>
                    <LayerChip layer={one.layer} />
                  </Td>
                  <Td>
                    <button
                      type="button"
                      className="text-left font-medium text-accent underline-offset-3 hover:underline"
                      onClick={() => onGo(`layer:${one.name}`)}
                    >
                      {one.displayName}
                    </button>
                  </Td>
                  <Td className="mono whitespace-nowrap text-xs">
                    {one.type === 'manifest' ? 'manifest' : one.tag}
                    {one.tag && one.tag !== one.version ? (
                      <span className="text-ink-soft"> → {one.version}</span>
                    ) : null}
                  </Td>
                  <Td>{one.type === 'manifest' ? '–' : nameOf(one.registryUid)}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
    </div>
  )
}
