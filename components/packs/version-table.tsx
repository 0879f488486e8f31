'use client'

import { GitCompareArrows } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'

import { ButtonLink } from '@/components/profiles/button-link'
import { Mono } from '@/components/ui/mono'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import { compareHref } from './compare-sides'
import { EndOfLifeText } from './life-cycle'
import type { ListedVersion, VersionDetail } from './one-pack-queries'
import { packHref } from './pack-href'
import { PackStateBadge } from './state-badge'

/** Versions of a pack, newest first. Any two are compared. */
export function VersionTable({
  name,
  versions,
  chosen,
  otherRegistryUid,
}: {
  name: string
  versions: ListedVersion[]
  /** The one that the page is about. */
  chosen: VersionDetail | undefined
  /** Another registry that carries the pack. */
  otherRegistryUid?: string
}) {
  const [picked, setPicked] = useState<string[]>([])
  // The older one is the one that an upgrade comes from.
  const [to, from] = versions.filter((one) => picked.includes(one.packUid))
  const isOneRegistry = new Set(versions.map((one) => one.registryUid)).size < 2
  const call = (one: ListedVersion) => (isOneRegistry ? one.version : `${one.version} of ${one.registryName}`)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="mr-auto text-ink-soft" aria-live="polite">
          {to && from
            ? `${call(from)} and ${call(to)} are chosen.`
            : to
              ? `${call(to)} is chosen. Choose one more to compare.`
              : 'Choose two versions to compare them.'}
        </p>
        {otherRegistryUid && chosen ? (
          <ButtonLink
            size="small"
            href={compareHref({
              ...{ name, from: chosen },
              to: { version: chosen.version, registryUid: otherRegistryUid },
            })}
          >
            Compare {chosen.version} with another registry
          </ButtonLink>
        ) : null}
        <ButtonLink
          size="small"
          look={to && from ? 'primary' : 'plain'}
          icon={<GitCompareArrows aria-hidden />}
          href={to && from ? compareHref({ name, from, to }) : ''}
          disabledReason={to && from ? undefined : 'Choose two versions in the list.'}
        >
          Compare chosen
        </ButtonLink>
      </div>
      <div className="overflow-hidden rounded-lg border bg-surface">
        <Table label="Versions">
          <thead>
            <tr>
              <Th>
                <span className="sr-only">Choose</span>
              </Th>
              <Th>Version</Th>
              <Th>Registry</Th>
              <Th>Tracks and labels</Th>
              <Th>State</Th>
              <Th>End of life</Th>
              <Th>In the catalog</Th>
              <Th>Digest</Th>
              <Th>
                <span className="sr-only">Compare</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {versions.map((one, index) => (
              <Row
                key={one.packUid}
                name={name}
                one={one}
                called={call(one)}
                before={versions.slice(index + 1).find((other) => other.registryUid === one.registryUid)}
                isChosen={one.packUid === chosen?.packUid}
                isPicked={picked.includes(one.packUid)}
                onPick={(isPicked) =>
                  // Of three the one that was chosen first gives way.
                  setPicked(
                    isPicked
                      ? [...picked, one.packUid].slice(-2)
                      : picked.filter((other) => other !== one.packUid),
                  )
                }
              />
            ))}
          </tbody>
        </Table>
      </div>
    </div>
  )
}

function Row({
  name,
  one,
  called,
  before,
  isChosen,
  isPicked,
  onPick,
}: {
  name: string
  one: ListedVersion
  called: string
  /** The version before it in the same registry. */
  before: ListedVersion | undefined
  isChosen: boolean
  isPicked: boolean
  onPick: (isPicked: boolean) => void
}) {
  const { version, digest, tags, state, goneTime, repushes, repushedTime } = one
  return (
    <tr className={isChosen ? 'bg-accent-soft/60' : undefined}>
      <Td className="pr-0">
        <input
          type="checkbox"
          aria-label={`Choose ${called}`}
          checked={isPicked}
          onChange={(event) => onPick(event.target.checked)}
          className="size-4 translate-y-0.5 accent-accent"
        />
      </Td>
      <Td className="mono whitespace-nowrap">
        <Link
          href={packHref(name, one)}
          aria-current={isChosen ? 'true' : undefined}
          className="underline-offset-3 hover:underline"
        >
          {version}
        </Link>
      </Td>
      <Td className="whitespace-nowrap text-ink-soft">{one.registryName}</Td>
      <Td className="mono text-ink-soft text-xs">{tags.join(', ')}</Td>
      <Td>
        <span className="flex flex-col items-start gap-0.5 text-ink-faint text-xs">
          <PackStateBadge state={state} gone={goneTime !== null} eol={one.eol} />
          {goneTime ? <RelativeTime time={goneTime} /> : null}
        </span>
      </Td>
      <Td className="whitespace-nowrap text-ink-soft text-xs">
        <EndOfLifeText eol={one.eol} />
      </Td>
      <Td className="text-ink-soft">
        <RelativeTime time={one.addedTime} />
      </Td>
      <Td>
        <span className="flex flex-col items-start gap-0.5">
          <Mono text={digest} max={20} className="text-xs" />
          {repushes > 0 ? (
            <span className="whitespace-nowrap text-warn text-xs">
              Pushed again <RelativeTime time={repushedTime} />
            </span>
          ) : null}
        </span>
      </Td>
      <Td className="whitespace-nowrap text-xs">
        {before ? (
          <Link
            href={compareHref({ name, from: before, to: one })}
            aria-label={`Compare ${called} with the previous version, ${before.version}`}
            className="text-accent underline-offset-3 hover:underline"
          >
            Compare with previous
          </Link>
        ) : null}
      </Td>
    </tr>
  )
}
