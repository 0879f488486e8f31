'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import type { ReactNode } from 'react'

import { FeedButton } from '@/components/changes/feed-dialog'
import { PackChanges } from '@/components/changes/pack-changes'
import { PageHeader } from '@/components/shell/page-header'
import { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Empty, LoadFailed, Skeleton, SkeletonRows } from '@/components/ui/list-states'
import { Mono } from '@/components/ui/mono'
import { formatBytes, formatNumber } from '@/components/ui/numbers'
import { Tabs } from '@/components/ui/tabs'
import { notHereHref } from '@/components/why/href'
import { ChangelogTab } from './changelog-tab'
import { ConstraintsTab } from './constraints-tab'
import { FilesTab } from './files-tab'
import { ImagesTab } from './images-tab'
import { LayerChip } from './layer-chip'
import { LifeCycleNotices } from './life-cycle'
import {
  chosenQuery,
  type OnePack,
  onePackQuery,
  type VersionDetail,
  versionDetailQuery,
} from './one-pack-queries'
import { PackFacts } from './pack-facts'
import { packHref } from './pack-href'
import { PackLogo } from './pack-logo'
import { UsesTab } from './uses-tab'
import { ValuesTab } from './values-tab'
import { VersionFields } from './version-fields'
import { VersionsTab } from './versions-tab'

const Readme = dynamic(() => import('./readme'), { loading: () => <SkeletonRows label="Loading" rows={4} /> })

/** One pack over all registries: its versions, and what the chosen one holds. */
export function PackPage({ name }: { name: string }) {
  const pack = useQuery(onePackQuery(name))
  const trail = [{ href: '/packs', name: 'Packs' }]
  if (pack.isPending)
    return (
      <>
        <PageHeader trail={trail} title={name} />
        <div role="status" aria-label="Loading the pack">
          <Skeleton className="h-96" />
        </div>
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
          <div className="flex flex-wrap justify-center gap-2">
            <Button asChild>
              <Link href="/packs">Go to the catalog</Link>
            </Button>
            <Button asChild>
              <Link href={notHereHref(name)}>Why is it not here?</Link>
            </Button>
          </div>
        }
      >
        It may have been removed from its registry, or the name is spelled otherwise. Profiles that hold it
        keep it.
      </Empty>
    )
  return <KnownPack pack={pack.data} />
}

function KnownPack({ pack }: { pack: OnePack }) {
  const address = useAddress()
  const { query } = address
  const chosen = useQuery(chosenQuery(pack, query.get('registry') ?? '', query.get('version') ?? ''))
  const detail = useQuery(versionDetailQuery(chosen.data ?? ''))
  const [newest] = pack.sources
  return (
    <>
      <PageHeader
        trail={[{ href: '/packs', name: 'Packs' }]}
        picture={
          <PackLogo
            url={detail.data?.logoUrl ?? newest?.logoUrl ?? ''}
            name={pack.displayName}
            layer={pack.layer}
            size={56}
          />
        }
        title={pack.displayName}
        actions={<FeedButton name={pack.name} />}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Mono text={pack.name} />
            <LayerChip layer={pack.layer} />
            {pack.addonType ? <span className="text-xs">{pack.addonType}</span> : null}
            {newest ? (
              <span className="text-xs">
                Newest <span className="mono">{newest.version}</span>
              </span>
            ) : null}
          </span>
        }
      />
      {pack.description ? <p className="-mt-2 mb-6 max-w-184 text-ink-soft">{pack.description}</p> : null}
      {chosen.data === null ? (
        <NoSuchVersion pack={pack} version={query.get('version') ?? ''} />
      ) : (
        <Parts
          pack={pack}
          detail={detail.data}
          failed={
            chosen.isError || detail.isError ? (
              <LoadFailed
                what="This version"
                error={(chosen.error ?? detail.error) as Error}
                retry={() => void (chosen.isError ? chosen.refetch() : detail.refetch())}
              />
            ) : null
          }
          address={address}
        />
      )}
    </>
  )
}

const NoSuchVersion = ({ pack, version }: { pack: OnePack; version: string }) => (
  <Callout
    tone="warn"
    title={`There is no version ${version}`}
    action={
      <Button size="small" asChild>
        <Link href={packHref(pack.name)}>Show the newest</Link>
      </Button>
    }
  >
    No registry listed it under this name, or a filter leaves it out.
  </Callout>
)

function Parts({
  pack,
  detail,
  failed,
  address,
}: {
  pack: OnePack
  detail: VersionDetail | undefined
  failed: ReactNode
  address: ReturnType<typeof useAddress>
}) {
  const { query, set } = address
  const total = pack.sources.reduce((sum, one) => sum + one.versions, 0)
  const whenLoaded = (show: (version: VersionDetail) => ReactNode) =>
    detail ? show(detail) : (failed ?? <SkeletonRows label="Loading" />)
  const fileHref = (file: string) =>
    packHref(pack.name, {
      ...{ version: detail?.version, registryUid: detail?.registryUid },
      ...{ tab: 'files', file },
    })
  const onFile = (file: string) => set({ tab: 'files', file })
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_280px] lg:grid-rows-[auto_1fr]">
      <div className="order-2 min-w-0 lg:order-none lg:row-span-2">
        <LifeCycleNotices packUid={detail?.packUid ?? ''} />
        <Tabs
          label="Pack"
          open={query.get('tab') ?? 'readme'}
          onOpen={(id) => set({ tab: id === 'readme' ? null : id })}
          tabs={[
            {
              id: 'readme',
              label: 'README',
              content: whenLoaded((one) => <ReadmeTab version={one} hrefOf={fileHref} />),
            },
            { id: 'values', label: 'Values', content: whenLoaded((one) => <ValuesTab values={one} />) },
            {
              id: 'versions',
              label: `Versions (${formatNumber(total)})`,
              content: <VersionsTab pack={pack} chosen={detail} address={address} />,
            },
            { id: 'changes', label: 'Changes', content: <PackChanges name={pack.name} /> },
            {
              id: 'constraints',
              label: 'Constraints',
              content: whenLoaded((one) => <ConstraintsTab version={one} />),
            },
            {
              id: 'files',
              label: 'Files',
              content: whenLoaded(({ packUid }) => (
                <FilesTab uid={packUid} path={query.get('file') ?? ''} onPath={(file) => set({ file })} />
              )),
            },
            {
              id: 'images',
              label: 'Images',
              content: whenLoaded(({ packUid }) => <ImagesTab uid={packUid} onFile={onFile} />),
            },
            {
              id: 'changelog',
              label: 'Changelog',
              content: whenLoaded(({ packUid }) => <ChangelogTab uid={packUid} hrefOf={fileHref} />),
            },
            {
              id: 'uses',
              label: 'Used by',
              content: <UsesTab name={pack.name} chosenUid={detail?.packUid ?? ''} />,
            },
          ]}
        />
      </div>
      <VersionFields
        pack={pack}
        version={detail}
        onRegistry={(registry) => set({ registry, version: null, file: null })}
        onVersion={(version) => set({ version, registry: detail?.registryUid ?? null, file: null })}
      />
      <PackFacts
        pack={pack}
        version={detail}
        onChoose={(version, registry) => set({ version, registry, file: null })}
      />
    </div>
  )
}

function ReadmeTab({
  version: { readme, readmeBytes, packUid },
  hrefOf,
}: {
  version: VersionDetail
  hrefOf: (path: string) => string
}) {
  if (!readme.trim())
    return <Empty title="This version has no README">Its values and constraints tell what it does.</Empty>
  const shown = new TextEncoder().encode(readme).length
  return (
    <div className="flex flex-col gap-6">
      <Readme text={readme} packUid={packUid} hrefOf={hrefOf} />
      {shown < readmeBytes ? (
        <Callout title="The README goes on">
          Its first {formatBytes(shown)} of {formatBytes(readmeBytes)} are shown.
        </Callout>
      ) : null}
    </div>
  )
}
