import Link from 'next/link'

import { Empty } from '@/components/ui/list-states'
import { formatNumber } from '@/components/ui/numbers'
import { Table, Td, Th } from '@/components/ui/table'
import { rangeText } from '@/lib/pack-format/version-range'
import { LayerChip } from './layer-chip'
import type { PackValues } from './queries'

type Constraints = PackValues['packyard']['constraints']

const KINDS: Record<Constraints['dependencies'][number]['type'], string> = {
  required: 'Must be in the profile',
  optional: 'Version counts when it is in the profile',
  notSupported: 'Must not be in the profile',
  upgrade: 'Can be upgraded to this from',
}

const RESOURCES = {
  cpu: { name: 'CPU', unit: 'millicores' },
  memory: { name: 'Memory', unit: 'MiB' },
  diskSize: { name: 'Disk', unit: 'GB' },
} as const

/** What a pack asks of the rest of the profile, and of the machines. */
export function ConstraintList({ dependencies, resources }: Constraints) {
  if (dependencies.length + resources.length === 0)
    return <Empty title="No constraints">This version goes with any pack.</Empty>
  return (
    <div className="flex flex-col gap-6">
      {dependencies.length > 0 ? (
        <div className="overflow-hidden rounded-lg border bg-surface">
          <Table label="Other packs">
            <thead>
              <tr>
                <Th>Pack</Th>
                <Th>Layer</Th>
                <Th>Versions</Th>
                <Th>Rule</Th>
              </tr>
            </thead>
            <tbody>
              {dependencies.map((one) => (
                <tr key={`${one.type} ${one.packName} ${one.minVersion} ${one.maxVersion}`}>
                  <Td className="mono">
                    <Link
                      href={`/packs/${encodeURIComponent(one.packName)}`}
                      className="underline-offset-3 hover:underline"
                    >
                      {one.packName}
                    </Link>
                  </Td>
                  <Td>
                    <LayerChip layer={one.layer} />
                  </Td>
                  <Td className="mono text-xs">{rangeText(one)}</Td>
                  <Td className="text-ink-soft">{KINDS[one.type]}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
      {resources.length > 0 ? (
        <section className="flex flex-col gap-2">
          <h2 className="text-lg">Machines</h2>
          <ul className="flex flex-wrap gap-x-8 gap-y-2">
            {resources.map(({ type, minLimit }) => (
              <li key={type}>
                <span className="text-ink-soft">{RESOURCES[type].name}: </span>
                {minLimit === null
                  ? 'as its parts ask'
                  : `at least ${formatNumber(minLimit)} ${RESOURCES[type].unit}`}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  )
}
