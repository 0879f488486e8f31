'use client'

import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '@/components/ui/cn'
import { Skeleton } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { count } from '@/components/ui/numbers'
import { RelativeTime } from '@/components/ui/time'
import { EndOfLifeText } from './life-cycle'
import type { OnePack, VersionDetail } from './one-pack-queries'
import { PackStateBadge } from './state-badge'

const SHOWN_TRACKS = 12

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex flex-col gap-0.5">
    <dt className="text-ink-faint text-xs">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)

/** Where a pack is, what its tracks stand for, and who the chosen version is. */
export function PackFacts({
  pack,
  version,
  onChoose,
}: {
  pack: OnePack
  version: VersionDetail | undefined
  onChoose: (version: string, registryUid: string) => void
}) {
  const tags = [...pack.tracks, ...pack.labels].filter((one) => one.registryUid === version?.registryUid)
  return (
    <aside aria-label="Facts" className="order-3 flex flex-col gap-6 lg:order-none">
      {pack.sources.length > 1 ? (
        <section className="flex flex-col gap-2">
          <h2 className="text-ink-faint text-xs">{count(pack.sources.length, 'registry', 'registries')}</h2>
          <ul className="flex flex-col divide-y rounded-lg border bg-surface">
            {pack.sources.map((one) => {
              const isHere = one.registryUid === version?.registryUid
              return (
                <li key={one.registryUid}>
                  <button
                    type="button"
                    aria-current={isHere ? 'true' : undefined}
                    onClick={() => onChoose('', one.registryUid)}
                    className={cn(
                      'flex w-full items-center gap-2 px-3 py-1.5 text-left hover:bg-sunken',
                      isHere && 'bg-accent-soft/60',
                    )}
                  >
                    <span className="min-w-0 flex-1 truncate" title={one.registryName}>
                      {one.registryName}
                    </span>
                    <PackStateBadge state={one.state} gone={one.goneTime !== null} />
                    <span className="mono text-xs">{one.version}</span>
                  </button>
                </li>
              )
            })}
          </ul>
        </section>
      ) : null}
      {tags.length > 0 ? (
        <section className="flex flex-col gap-2">
          <h2 className="text-ink-faint text-xs">Tracks and labels stand for</h2>
          <ul className="flex flex-col divide-y rounded-lg border bg-surface">
            {tags.slice(0, SHOWN_TRACKS).map((one) => (
              <li key={one.tag}>
                <button
                  type="button"
                  title={`Show ${one.version}`}
                  onClick={() => onChoose(one.version, one.registryUid)}
                  className={cn(
                    'mono flex w-full items-center gap-2 px-3 py-1.5 text-left text-xs hover:bg-sunken',
                    one.packUid === version?.packUid && 'bg-accent-soft/60',
                  )}
                >
                  <span className="min-w-0 flex-1 truncate text-ink-soft">{one.tag}</span>
                  <span aria-hidden className="text-ink-faint">
                    →
                  </span>
                  <span>{one.version}</span>
                </button>
              </li>
            ))}
          </ul>
          {tags.length > SHOWN_TRACKS ? (
            <p className="text-ink-faint text-xs">And {tags.length - SHOWN_TRACKS} more, under Versions.</p>
          ) : null}
        </section>
      ) : null}
      {version ? <VersionFacts version={version} /> : <Skeleton className="h-40" />}
    </aside>
  )
}

function VersionFacts({ version }: { version: VersionDetail }) {
  const { name, digest, registryName, annotations, cloudTypes, addedTime } = version
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-1">
      <Fact name="This version">
        <Mono text={`${name}@${version.version}@${registryName}`} max={34} className="text-ink text-xs" />
      </Fact>
      <Fact name="Digest">
        <Mono text={digest} max={26} className="text-xs" />
      </Fact>
      <Fact name="In the catalog">
        <RelativeTime time={addedTime} />
      </Fact>
      {version.eol ? (
        <Fact name="End of life">
          <EndOfLifeText eol={version.eol} />
        </Fact>
      ) : null}
      {cloudTypes.length > 0 ? (
        <Fact name="Clouds">{cloudTypes.includes('all') ? 'All' : cloudTypes.join(', ')}</Fact>
      ) : null}
      {annotations.contributor ? <Fact name="Contributor">{annotations.contributor}</Fact> : null}
      {/^https?:\/\//i.test(annotations.docsURL ?? '') && URL.canParse(annotations.docsURL ?? '') ? (
        <Fact name="Documentation">
          <a
            href={annotations.docsURL}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="inline-flex items-center gap-1.5 text-accent underline-offset-3 [overflow-wrap:anywhere] hover:underline"
          >
            {new URL(annotations.docsURL ?? '').host}
            <ExternalLink aria-hidden className="size-3.5" />
          </a>
        </Fact>
      ) : null}
    </dl>
  )
}
