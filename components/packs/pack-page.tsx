'use client'

import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import type { ReactNode } from 'react'

import { FeedButton } from '@/components/changes/feed-dialog'
import { PackChanges } from '@/components/changes/pack-changes'
import { PageHeader } from '@/components/shell/page-header'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import { Empty, LoadFailed, Skeleton, SkeletonRows } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { count } from '@/components/ui/numbers'
import { Tabs } from '@/components/ui/tabs'
import { RelativeTime } from '@/components/ui/time'
import { ConstraintList } from './constraint-list'
import { LayerChip } from './layer-chip'
import { EndOfLifeText, LifeCycleNotices } from './life-cycle'
import { PackLogo } from './pack-logo'
import { type PackCardData, type PackVersions, packQuery, versionQuery, versionsQuery } from './queries'
import { ValuesTab } from './values-tab'
import { VersionTable } from './version-table'

const Readme = dynamic(() => import('./readme'), { loading: () => <SkeletonRows label="Loading" rows={4} /> })

/** One pack: which registries carry it, its versions, and what the chosen one holds. */
export function PackPage({ name }: { name: string }) {
  const pack = useQuery(packQuery(name))
  const trail = [{ href: '/packs', name: 'Packs' }]
  if (pack.isPending)
    return (
      <>
        <PageHeader trail={trail} title={name} />
        <Skeleton className="h-96" />
      </>
    )
  if (pack.isError)
    return (
      <>
        <PageHeader trail={trail} title={name} />
        <LoadFailed what="The pack" error={pack.error} retry={() => void pack.refetch()} />
      </>
    )
  if (!pack.data)
    return (
      <Empty
        heading="h1"
        title={`No registry carries “${name}”`}
        action={
          <Button asChild>
            <Link href="/packs">Go to the catalog</Link>
          </Button>
        }
      >
        It may have been removed from its registry, or the name is spelled otherwise. Profiles that hold it
        keep it.
      </Empty>
    )
  return <KnownPack pack={pack.data} />
}

function KnownPack({ pack }: { pack: PackCardData }) {
  const { spec } = pack
  const { query, set } = useAddress()
  const source = spec.registries.find((one) => one.uid === query.get('registry')) ?? spec.registries[0]
  const versions = useQuery(versionsQuery(spec.name, source?.uid ?? ''))
  return (
    <>
      <PageHeader
        trail={[{ href: '/packs', name: 'Packs' }]}
        picture={
          <PackLogo url={source?.logoUrl ?? ''} name={spec.displayName} layer={spec.layer} size={56} />
        }
        title={spec.displayName}
        actions={<FeedButton name={spec.name} />}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Mono text={spec.name} />
            <LayerChip layer={spec.layer} />
            {spec.addonType ? <span className="text-xs">{spec.addonType}</span> : null}
          </span>
        }
      />
      {versions.isPending ? (
        <SkeletonRows label="Loading versions" rows={8} />
      ) : versions.isError ? (
        <LoadFailed what="The versions" error={versions.error} retry={() => void versions.refetch()} />
      ) : (
        <Versions
          pack={pack}
          registryUid={source?.uid ?? ''}
          versions={versions.data}
          chosen={query.get('version') ?? ''}
          tab={query.get('tab') ?? 'readme'}
          set={set}
        />
      )}
    </>
  )
}

/** The tags that are versions themselves, newest first as the API lists them. */
const ownTags = ({ tags }: PackVersions) => tags.filter((one) => one.tag === one.version)

function Versions({
  pack: { spec },
  registryUid,
  versions,
  chosen,
  tab,
  set,
}: {
  pack: PackCardData
  registryUid: string
  versions: PackVersions
  chosen: string
  tab: string
  set: ReturnType<typeof useAddress>['set']
}) {
  const own = ownTags(versions)
  const version = own.find((one) => one.version === chosen) ?? own[0]
  const uid = version?.packUid ?? ''
  const listed = versions.packValues.find((one) => one.packUid === uid)
  // Only the newest versions come with their contents; an older one is asked for when it is chosen.
  const older = useQuery({ ...versionQuery(uid), enabled: uid !== '' && !listed })
  const values = listed ?? older.data?.packValues[0]
  const tracks = versions.tags.filter((one) => one.packUid === uid && one.tag !== one.version)

  const whenLoaded = (show: (loaded: NonNullable<typeof values>) => ReactNode) =>
    values ? (
      show(values)
    ) : older.isError ? (
      <LoadFailed what="This version" error={older.error} retry={() => void older.refetch()} />
    ) : (
      <SkeletonRows label="Loading" />
    )

  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_260px] lg:grid-rows-[auto_1fr]">
      <div className="order-2 min-w-0 lg:order-none lg:row-span-2">
        <LifeCycleNotices packUid={uid} />
        <Tabs
          label="Pack"
          open={tab}
          onOpen={(id) => set({ tab: id === 'readme' ? null : id })}
          tabs={[
            {
              id: 'readme',
              label: 'README',
              content: whenLoaded(({ readme }) =>
                readme.trim() ? (
                  <Readme text={readme} />
                ) : (
                  <Empty title="This version has no README">
                    Its values and constraints tell what it does.
                  </Empty>
                ),
              ),
            },
            { id: 'values', label: 'Values', content: whenLoaded((loaded) => <ValuesTab values={loaded} />) },
            {
              id: 'versions',
              label: `Versions (${own.length})`,
              content: (
                <VersionTable
                  versions={versions}
                  chosen={version?.version ?? ''}
                  onChoose={(next) => set({ version: next, tab: null })}
                  otherRegistryUid={spec.registries.find((one) => one.uid !== registryUid)?.uid}
                />
              ),
            },
            { id: 'changes', label: 'Changes', content: <PackChanges name={spec.name} /> },
            {
              id: 'constraints',
              label: 'Constraints',
              content: whenLoaded(({ packyard }) => <ConstraintList {...packyard.constraints} />),
            },
          ]}
        />
      </div>
      <div className="order-1 grid grid-cols-2 gap-4 lg:order-none lg:grid-cols-1">
        <SelectField
          label="Registry"
          value={registryUid}
          onChange={(event) => set({ registry: event.target.value, version: null })}
        >
          {spec.registries.map((one) => (
            <option key={one.uid} value={one.uid}>
              {one.name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Version"
          mono
          value={version?.version}
          onChange={(event) => set({ version: event.target.value })}
        >
          {own.map((one) => (
            <option key={one.packUid} value={one.version}>
              {one.version}
            </option>
          ))}
        </SelectField>
      </div>
      <aside aria-label="Facts" className="order-3 lg:order-none">
        <dl className="grid grid-cols-2 gap-3 lg:grid-cols-1">
          {tracks.length > 0 ? (
            <Fact name="Tracks and labels">
              <span className="mono text-xs">{tracks.map((one) => one.tag).join(', ')}</span>
            </Fact>
          ) : null}
          {values ? (
            <>
              <Fact name="Digest">
                <Mono text={values.packyard.digest} max={26} className="text-xs" />
              </Fact>
              <Fact name="In the catalog">
                <RelativeTime time={values.packyard.addedTime} />
              </Fact>
              {values.packyard.eol.trim() ? (
                <Fact name="End of life">
                  <EndOfLifeText eol={values.packyard.eol} />
                </Fact>
              ) : null}
              {spec.cloudTypes.length > 0 ? (
                <Fact name="Clouds">
                  {spec.cloudTypes.includes('all') ? 'All' : spec.cloudTypes.join(', ')}
                </Fact>
              ) : null}
              {values.annotations.contributor ? (
                <Fact name="Contributor">{values.annotations.contributor}</Fact>
              ) : null}
              {/^https?:\/\//i.test(values.annotations.docsURL ?? '') ? (
                <Fact name="Documentation">
                  <a
                    href={values.annotations.docsURL}
                    target="_blank"
                    rel="noopener noreferrer nofollow"
                    className="inline-flex items-center gap-1.5 text-accent underline-offset-3 [overflow-wrap:anywhere] hover:underline"
                  >
                    {new URL(values.annotations.docsURL ?? '').host}
                    <ExternalLink aria-hidden className="size-3.5" />
                  </a>
                </Fact>
              ) : null}
            </>
          ) : (
            <Skeleton className="h-24" />
          )}
          <Fact name="Carried by">{count(spec.registries.length, 'registry', 'registries')}</Fact>
        </dl>
      </aside>
    </div>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex flex-col gap-0.5">
    <dt className="text-ink-faint text-xs">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)
