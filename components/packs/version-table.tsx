'use client'

import { GitCompareArrows } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'

import { ButtonLink } from '@/components/profiles/button-link'
import { Mono } from '@/components/ui/mono'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import { compareHref, versionsIn } from './compare-sides'
import { EndOfLifeText } from './life-cycle'
import type { PackVersions } from './queries'
import { PackStateBadge } from './state-badge'

/** Every version of a pack in one registry, newest first. Any two are compared. */
export function VersionTable({
  versions,
  chosen,
  onChoose,
  otherRegistryUid,
}: {
  versions: PackVersions
  chosen: string
  onChoose: (version: string) => void
  /** Another registry that carries the pack. */
  otherRegistryUid?: string
}) {
  const { tags, packValues, name, registryUid } = versions
  const [picked, setPicked] = useState<string[]>([])
  const own = versionsIn(versions)
  const details = new Map(packValues.map((one) => [one.packUid, one.packyard]))
  const at = (version: string) => ({ version, registryUid })
  // The older one is the one that an upgrade comes from.
  const [to, from] = own.map((one) => one.version).filter((version) => picked.includes(version))
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="mr-auto text-ink-soft" aria-live="polite">
          {to && from
            ? `${from} and ${to} are chosen.`
            : to
              ? `${to} is chosen. Choose one more to compare.`
              : 'Choose two versions to compare them.'}
        </p>
        {otherRegistryUid && chosen ? (
          <ButtonLink
            size="small"
            href={compareHref({
              ...{ name, from: at(chosen) },
              to: { version: chosen, registryUid: otherRegistryUid },
            })}
          >
            Compare {chosen} with another registry
          </ButtonLink>
        ) : null}
        <ButtonLink
          size="small"
          look={to && from ? 'primary' : 'plain'}
          icon={<GitCompareArrows aria-hidden />}
          href={to && from ? compareHref({ name, from: at(from), to: at(to) }) : ''}
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
            {own.map(({ version, packUid }, index) => {
              const detail = details.get(packUid)
              const others = tags.filter((one) => one.packUid === packUid && one.tag !== version)
              const before = own[index + 1]?.version
              const isPicked = picked.includes(version)
              return (
                <tr key={packUid} className={version === chosen ? 'bg-accent-soft/60' : undefined}>
                  <Td className="pr-0">
                    <input
                      type="checkbox"
                      aria-label={`Choose ${version}`}
                      checked={isPicked}
                      onChange={() =>
                        // Of three the one that was chosen first gives way.
                        setPicked(
                          isPicked ? picked.filter((one) => one !== version) : [...picked, version].slice(-2),
                        )
                      }
                      className="size-4 translate-y-0.5 accent-accent"
                    />
                  </Td>
                  <Td className="mono">
                    <button
                      type="button"
                      aria-current={version === chosen ? 'true' : undefined}
                      onClick={() => onChoose(version)}
                      className="underline-offset-3 hover:underline"
                    >
                      {version}
                    </button>
                  </Td>
                  <Td className="mono text-ink-soft text-xs">{others.map((one) => one.tag).join(', ')}</Td>
                  <Td>
                    {detail ? (
                      <PackStateBadge state={detail.state} gone={detail.goneTime !== null} eol={detail.eol} />
                    ) : null}
                  </Td>
                  <Td className="whitespace-nowrap text-ink-soft">
                    {detail ? <EndOfLifeText eol={detail.eol} /> : null}
                  </Td>
                  <Td className="text-ink-soft">
                    {detail ? <RelativeTime time={detail.addedTime} /> : null}
                  </Td>
                  <Td>{detail ? <Mono text={detail.digest} max={20} className="text-xs" /> : null}</Td>
                  <Td className="whitespace-nowrap text-xs">
                    {before ? (
                      <Link
                        href={compareHref({ name, from: at(before), to: at(version) })}
                        aria-label={`Compare ${version} with the previous version, ${before}`}
                        className="text-accent underline-offset-3 hover:underline"
                      >
                        Compare with previous
                      </Link>
                    ) : null}
                  </Td>
                </tr>
              )
            })}
          </tbody>
        </Table>
      </div>
    </div>
  )
}
