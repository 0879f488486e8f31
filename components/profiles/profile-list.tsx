'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Ellipsis,
  Eye,
  FilePen,
  Pencil,
  Plus,
  Trash2,
  TriangleAlert,
} from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { PageHeader } from '@/components/shell/page-header'
import { SearchText } from '@/components/shell/search-text'
import { useAddress } from '@/components/shell/use-address'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu'
import { count } from '@/components/ui/numbers'
import { Panel } from '@/components/ui/panel'
import { Table, Td, Th } from '@/components/ui/table'
import { RelativeTime } from '@/components/ui/time'
import type { Session } from '@/lib/access/schema'
import { checkLayers } from '@/lib/profiles/rules/layers'
import type { ProfileType } from '@/lib/profiles/schema'
import { ButtonLink } from './button-link'
import { DeleteDialog } from './delete-dialog'
import { type ListedProfile, type ProfileOrder, profilesQuery } from './queries'
import { ALL_LAYERS, StackMark } from './stack-mark'
import { cloudName, PROFILE_TYPES, TYPE_LOOKS, typeName } from './words'

const ORDERS: Record<ProfileOrder, string> = { updated: 'Last changed', name: 'Name', type: 'Type' }
const select = 'h-9 rounded border border-line-strong bg-surface px-2'

/** Every cluster profile, one a name, by its newest version. */
export function ProfileList({ permissions }: { permissions: Session['permissions'] }) {
  const { query, set } = useAddress()
  const text = query.get('q') ?? ''
  const type = PROFILE_TYPES.find((one) => one === query.get('type'))
  const order = (Object.keys(ORDERS) as ProfileOrder[]).find((one) => one === query.get('sort')) ?? 'updated'
  const profiles = useInfiniteQuery(profilesQuery({ text, types: type ? [type] : [], order }))
  const [deleting, setDeleting] = useState<Parameters<typeof DeleteDialog>[0]['profile']>(null)

  const items = profiles.data?.pages.flatMap((page) => page.items) ?? []
  const total = profiles.data?.pages[0]?.listmeta.count ?? 0
  const isNarrowed = text !== '' || type !== undefined
  const isEmpty = profiles.isSuccess && items.length === 0 && !isNarrowed
  const add = (
    <ButtonLink
      look="primary"
      href="/profiles/new"
      icon={<Plus aria-hidden />}
      disabledReason={
        permissions.includes('clusterProfile.create')
          ? undefined
          : 'Your role does not allow this. Ask a tenant admin.'
      }
    >
      Add cluster profile
    </ButtonLink>
  )

  return (
    <>
      <PageHeader
        title="Cluster Profiles"
        description="What a cluster is made of, from the operating system up."
        actions={isEmpty ? undefined : add}
      />
      {isEmpty ? (
        <Panel>
          <Empty
            picture={<StackMark layers={ALL_LAYERS} width={96} slab={15} />}
            title="Stack the first one"
            action={add}
          >
            A cluster profile is a stack of packs: an operating system, Kubernetes, network and storage, and
            whatever goes on top. Compose it once, publish it, and build clusters from it.
          </Empty>
        </Panel>
      ) : (
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap items-center gap-2">
            <SearchText
              label="Search cluster profiles"
              placeholder="Search by name"
              text={text}
              onText={(q) => set({ q })}
              className="w-full sm:w-72"
            />
            <select
              aria-label="Type"
              className={select}
              value={type ?? ''}
              onChange={(event) => set({ type: event.target.value })}
            >
              <option value="">All types</option>
              {PROFILE_TYPES.map((one) => (
                <option key={one} value={one}>
                  {TYPE_LOOKS[one].name}
                </option>
              ))}
            </select>
            <select
              aria-label="Sort by"
              className={select}
              value={order}
              onChange={(event) =>
                set({ sort: event.target.value === 'updated' ? null : event.target.value })
              }
            >
              {Object.entries(ORDERS).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
            <p aria-live="polite" className="ml-auto text-ink-soft text-xs">
              {profiles.isSuccess ? count(total, 'profile') : ''}
            </p>
          </div>
          <Panel flush>
            {profiles.isPending ? (
              <SkeletonRows label="Loading cluster profiles" rows={5} height="h-12" />
            ) : profiles.isError && items.length === 0 ? (
              <div className="p-4">
                <LoadFailed
                  what="The cluster profiles"
                  error={profiles.error}
                  retry={() => void profiles.refetch()}
                />
              </div>
            ) : items.length === 0 ? (
              <Empty
                picture={<StackMark layers={[]} />}
                title="No profile fits"
                action={<Button onClick={() => set({ q: null, type: null })}>Clear search and filter</Button>}
              >
                Nothing has this name and type.
              </Empty>
            ) : (
              <ProfileTable
                items={items}
                permissions={permissions}
                isStale={profiles.isPlaceholderData}
                onDelete={setDeleting}
              />
            )}
          </Panel>
          {profiles.hasNextPage ? (
            <Button
              className="self-center"
              busy={profiles.isFetchingNextPage}
              onClick={() => void profiles.fetchNextPage()}
            >
              Show more
            </Button>
          ) : null}
        </div>
      )}
      <DeleteDialog profile={deleting} onClose={() => setDeleting(null)} />
    </>
  )
}

function ProfileTable({
  items,
  permissions,
  isStale,
  onDelete,
}: {
  items: ListedProfile[]
  permissions: Session['permissions']
  isStale: boolean
  onDelete: (profile: { uid: string; name: string; version: string; versions: number }) => void
}) {
  return (
    <Table label="Cluster profiles" className={cn(isStale && 'opacity-60')}>
      <thead>
        <tr>
          <Th>Profile</Th>
          <Th>Version</Th>
          <Th className="hidden lg:table-cell">Layers</Th>
          <Th className="hidden md:table-cell">Type</Th>
          <Th className="hidden sm:table-cell">State</Th>
          <Th className="hidden md:table-cell">Updated</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <ProfileRow key={one.metadata.uid} profile={one} permissions={permissions} onDelete={onDelete} />
        ))}
      </tbody>
    </Table>
  )
}

function ProfileRow({
  profile,
  permissions,
  onDelete,
}: {
  profile: ListedProfile
  permissions: Session['permissions']
  onDelete: (profile: { uid: string; name: string; version: string; versions: number }) => void
}) {
  const router = useRouter()
  const { metadata, specSummary, status } = profile
  const template = specSummary.draft ?? specSummary.published
  const packs = template?.packs ?? []
  const href = `/profiles/${metadata.uid}`
  const others = specSummary.versions.filter((one) => one.uid !== metadata.uid)
  const mayDelete = permissions.includes('clusterProfile.delete')
  const mayEdit = permissions.includes('clusterProfile.update')
  return (
    <tr className="hover:bg-sunken/60">
      <Td className="h-14">
        <Link href={href} className="flex min-w-0 items-center gap-3">
          <span className="flex w-11 shrink-0 justify-center">
            <StackMark layers={packs.map((one) => one.layer)} />
          </span>
          <span className="flex min-w-0 flex-col">
            <span className="font-medium [overflow-wrap:anywhere]">{metadata.name}</span>
            {metadata.annotations?.description ? (
              <span className="line-clamp-1 max-w-80 text-ink-soft text-xs">
                {metadata.annotations.description}
              </span>
            ) : null}
          </span>
        </Link>
      </Td>
      <Td className="whitespace-nowrap">
        <span className="mono text-xs">{specSummary.version}</span>
        <span className="block text-ink-soft text-xs sm:hidden">
          {status.isPublished ? 'Published' : 'Draft'}
        </span>
        {others.length > 0 ? (
          <span className="block text-ink-soft text-xs" title={others.map((one) => one.version).join(', ')}>
            and {others.length} older
          </span>
        ) : null}
      </Td>
      <Td className="hidden lg:table-cell">
        <span className="line-clamp-2 max-w-72 text-ink-soft text-xs">
          {packs.length > 0
            ? packs.map((one) => [one.displayName, one.tag].filter(Boolean).join(' ')).join(' · ')
            : 'No layers yet'}
        </span>
      </Td>
      <Td className="hidden whitespace-nowrap md:table-cell">
        {typeName(template?.type ?? '')}
        <span className="block text-ink-soft text-xs">
          {template?.cloudType === 'all' ? 'Any cloud' : cloudName(template?.cloudType ?? '')}
        </span>
      </Td>
      <Td className="hidden sm:table-cell">
        <span className="flex flex-wrap gap-1.5 xl:flex-nowrap">
          {status.isPublished ? (
            <Badge tone="good" icon={<CircleCheck aria-hidden />}>
              Published
            </Badge>
          ) : (
            <Badge icon={<FilePen aria-hidden />}>Draft</Badge>
          )}
          <Problems profile={profile} />
        </span>
      </Td>
      <Td className="hidden whitespace-nowrap text-ink-soft md:table-cell">
        <RelativeTime time={metadata.lastModifiedTimestamp} />
      </Td>
      <Td className="w-10">
        <Menu
          trigger={
            <Button look="quiet" size="small-icon" aria-label={`Actions for ${metadata.name}`}>
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem icon={<Eye aria-hidden />} onSelect={() => router.push(href)}>
            Open
          </MenuItem>
          {status.isPublished ? (
            <MenuItem
              icon={<Plus aria-hidden />}
              disabled={!permissions.includes('clusterProfile.create')}
              onSelect={() => router.push(`/profiles/new?from=${metadata.uid}`)}
            >
              Make a new version
            </MenuItem>
          ) : (
            <MenuItem
              icon={<Pencil aria-hidden />}
              disabled={!mayEdit}
              onSelect={() => router.push(`${href}/edit`)}
            >
              Edit draft
            </MenuItem>
          )}
          <MenuLine />
          <MenuItem
            tone="bad"
            icon={<Trash2 aria-hidden />}
            disabled={!mayDelete}
            onSelect={() =>
              onDelete({
                uid: metadata.uid,
                name: metadata.name,
                version: specSummary.version,
                versions: specSummary.versions.length,
              })
            }
          >
            Delete {specSummary.version}
          </MenuItem>
        </Menu>
      </Td>
    </tr>
  )
}

/** What a list can tell: places that are empty, and packs that are going or gone. */
function Problems({ profile }: { profile: ListedProfile }) {
  const template = profile.specSummary.draft ?? profile.specSummary.published
  const { deprecated, disabled, deleted } = profile.status.pack
  const errors = checkLayers({
    type: (template?.type ?? 'cluster') as ProfileType,
    layers: template?.packs ?? [],
  })
  const empty = errors.filter((one) => one.code === 'CoreLayerMissing' || one.code === 'NoLayers').length
  const problems = errors.length - empty + deleted
  const notes = deprecated + disabled
  if (problems > 0)
    return (
      <Badge tone="bad" icon={<CircleAlert aria-hidden />}>
        {count(problems, 'problem')}
      </Badge>
    )
  if (notes > 0)
    return (
      <Badge tone="warn" icon={<TriangleAlert aria-hidden />}>
        {deprecated > 0 ? `${deprecated} deprecated` : `${disabled} disabled`}
      </Badge>
    )
  return empty > 0 ? <Badge icon={<CircleDashed aria-hidden />}>{count(empty, 'place')} empty</Badge> : null
}
