'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Check, CircleSlash, TriangleAlert } from 'lucide-react'
import Link from 'next/link'

import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { count, formatNumber } from '@/components/ui/numbers'
import { Table, Td, Th } from '@/components/ui/table'
import type { Answer } from '@/lib/client/call'
import { rangeText } from '@/lib/pack-format/version-range'
import { LayerChip } from './layer-chip'
import { constraintsQuery, dependentsQuery, type VersionDetail } from './one-pack-queries'
import { packHref } from './pack-href'

type Requirement = Answer<'readPackConstraints'>['requirements'][number]
type Dependent = Answer<'listPackDependents'>['items'][number]

const KINDS: Record<Requirement['type'], string> = {
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

/** What a version asks of others, with what of this catalog fulfils it; and who asks for this pack. */
export function ConstraintsTab({ version }: { version: VersionDetail }) {
  return (
    <div className="flex flex-col gap-10">
      <Requirements version={version} />
      <Dependents version={version} />
    </div>
  )
}

function Requirements({ version: { packUid, version } }: { version: VersionDetail }) {
  const asked = useQuery(constraintsQuery(packUid))
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg">What {version} asks for</h2>
      {asked.isPending ? (
        <SkeletonRows label="Loading what it asks for" rows={3} />
      ) : asked.isError ? (
        <LoadFailed what="What it asks for" error={asked.error} retry={() => void asked.refetch()} />
      ) : asked.data.requirements.length + asked.data.resources.length === 0 ? (
        <p className="text-ink-soft">Nothing: it goes with any pack, on any machine.</p>
      ) : (
        <>
          {asked.data.requirements.length > 0 ? <RequirementTable rows={asked.data.requirements} /> : null}
          {asked.data.resources.length > 0 ? (
            <ul aria-label="Of the machines" className="flex flex-wrap gap-x-8 gap-y-2">
              {asked.data.resources.map(({ type, minLimit }) => (
                <li key={type}>
                  <span className="text-ink-soft">{RESOURCES[type].name}: </span>
                  {minLimit === null
                    ? 'as its parts ask'
                    : `at least ${formatNumber(minLimit)} ${RESOURCES[type].unit}`}
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </section>
  )
}

const RequirementTable = ({ rows }: { rows: Requirement[] }) => (
  <div className="overflow-hidden rounded-lg border bg-surface">
    <Table label="What it asks for">
      <thead>
        <tr>
          <Th>Pack</Th>
          <Th>Layer</Th>
          <Th>Versions</Th>
          <Th>Rule</Th>
          <Th>In this catalog</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={`${one.type} ${one.layer} ${one.packName} ${one.minVersion} ${one.maxVersion}`}>
            <Td className="mono">
              {one.isThere ? (
                <Link href={packHref(one.packName)} className="underline-offset-3 hover:underline">
                  {one.packName}
                </Link>
              ) : (
                one.packName
              )}
            </Td>
            <Td>
              <LayerChip layer={one.layer} />
            </Td>
            <Td className="mono whitespace-nowrap text-xs">{rangeText(one)}</Td>
            <Td className="text-ink-soft">{KINDS[one.type]}</Td>
            <Td>
              <Fulfilled requirement={one} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  </div>
)

/** Which versions are in the range; and whether that is good. */
function Fulfilled({ requirement }: { requirement: Requirement }) {
  const { packName, type, isThere, count: found, isMore, versions } = requirement
  if (found === 0) {
    if (type === 'notSupported' || (type === 'optional' && !isThere))
      return <span className="text-ink-soft">{isThere ? 'None in the range' : 'No such pack'}</span>
    return (
      <Badge tone="warn" icon={<TriangleAlert aria-hidden />}>
        {isThere ? 'No version in the range' : 'No pack of this name'}
      </Badge>
    )
  }
  const shown = [...new Map(versions.map((one) => [one.version, one])).values()].slice(0, 3)
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      {type === 'notSupported' ? (
        <Badge tone="warn" icon={<CircleSlash aria-hidden />}>
          Ruled out
        </Badge>
      ) : (
        <Badge tone="good" icon={<Check aria-hidden />}>
          {count(found, 'version')}
          {isMore ? ' and more' : ''}
        </Badge>
      )}
      {shown.map((one) => (
        <Link
          key={one.packUid}
          href={packHref(packName, one)}
          title={`${packName} ${one.version} in ${one.registryName}`}
          className="mono text-xs underline-offset-3 hover:underline"
        >
          {one.version}
        </Link>
      ))}
      {found > shown.length && !isMore ? (
        <span className="text-ink-faint text-xs">and {formatNumber(found - shown.length)} more</span>
      ) : null}
    </span>
  )
}

function Dependents({ version: { name, version } }: { version: VersionDetail }) {
  const packs = useInfiniteQuery(dependentsQuery(name, version))
  const rows = packs.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg">Packs that ask for it</h2>
      {packs.isPending ? (
        <SkeletonRows label="Loading the packs that ask for it" rows={3} />
      ) : packs.isError ? (
        <LoadFailed what="The packs that ask for it" error={packs.error} retry={() => void packs.refetch()} />
      ) : rows.length === 0 ? (
        <p className="text-ink-soft">None in this catalog.</p>
      ) : (
        <div className="overflow-hidden rounded-lg border bg-surface">
          <Table label="Packs that ask for it">
            <thead>
              <tr>
                <Th>Pack</Th>
                <Th>Layer</Th>
                <Th>Newest that asks</Th>
                <Th>Registry</Th>
                <Th>Versions of {name}</Th>
                <Th>Rule</Th>
                <Th>With {version}</Th>
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.packUid}>
                  <Td>
                    <Link
                      href={packHref(one.packName, one)}
                      className="font-medium underline-offset-3 hover:underline"
                    >
                      {one.displayName}
                    </Link>
                  </Td>
                  <Td>
                    <LayerChip layer={one.layer} />
                  </Td>
                  <Td className="mono text-xs">{one.version}</Td>
                  <Td className="text-ink-soft">{one.registryName}</Td>
                  <Td className="mono whitespace-nowrap text-xs">{rangeText(one)}</Td>
                  <Td className="text-ink-soft">{KINDS[one.type]}</Td>
                  <Td>
                    <Fits dependent={one} />
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {packs.hasNextPage ? (
        <Button
          className="self-start"
          busy={packs.isFetchingNextPage}
          onClick={() => void packs.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </section>
  )
}

function Fits({ dependent: { type, isInRange } }: { dependent: Dependent }) {
  const isGood = type === 'notSupported' ? !isInRange : isInRange
  return isGood ? (
    <Badge tone="good" icon={<Check aria-hidden />}>
      Goes together
    </Badge>
  ) : (
    <Badge tone="warn" icon={<TriangleAlert aria-hidden />}>
      {type === 'notSupported' ? 'Ruled out' : 'Not in the range'}
    </Badge>
  )
}
