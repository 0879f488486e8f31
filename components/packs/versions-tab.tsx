'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { SearchText } from '@/components/shell/search-text'
import type { useAddress } from '@/components/shell/use-address'
import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { formatNumber } from '@/components/ui/numbers'
import { notHereHref } from '@/components/why/href'
import { type OnePack, type VersionDetail, versionPagesQuery } from './one-pack-queries'
import { VersionTable } from './version-table'

/** The versions of a pack over all registries, or of one: a page of them, and the next. */
export function VersionsTab({
  pack: { name, sources },
  chosen,
  address: { query, set },
}: {
  pack: OnePack
  chosen: VersionDetail | undefined
  address: ReturnType<typeof useAddress>
}) {
  const text = query.get('find') ?? ''
  const within = query.get('in') ?? ''
  const versions = useInfiniteQuery(versionPagesQuery(name, within, text))
  const rows = versions.data?.pages.flatMap((page) => page.items) ?? []
  const total = versions.data?.pages[0]?.listmeta.count ?? 0
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <SearchText
          text={text}
          onText={(find) => set({ find })}
          label="Find a version"
          placeholder="1.33"
          className="w-56"
        />
        {sources.length > 1 ? (
          <SelectField
            label="Listed by"
            value={within}
            onChange={(event) => set({ in: event.target.value })}
            className="w-56"
          >
            <option value="">All registries</option>
            {sources.map((one) => (
              <option key={one.registryUid} value={one.registryUid}>
                {one.registryName}
              </option>
            ))}
          </SelectField>
        ) : null}
      </div>
      {versions.isPending ? (
        <SkeletonRows label="Loading versions" rows={8} />
      ) : versions.isError ? (
        <LoadFailed what="The versions" error={versions.error} retry={() => void versions.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          title={`No version has “${text}” in it`}
          action={<Button onClick={() => set({ find: null, in: null })}>Show all versions</Button>}
        />
      ) : (
        <VersionTable
          name={name}
          versions={rows}
          chosen={chosen}
          otherRegistryUid={sources.find((one) => one.registryUid !== chosen?.registryUid)?.registryUid}
        />
      )}
      {versions.hasNextPage ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button busy={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
            Show more
          </Button>
          <span className="text-ink-soft text-xs">
            {formatNumber(rows.length)} of {formatNumber(total)} versions are shown.
          </span>
        </div>
      ) : null}
      <p className="text-ink-soft text-xs">
        A version is missing?{' '}
        <Link href={notHereHref(name, text)} className="text-accent underline underline-offset-3">
          Why is it not here?
        </Link>
      </p>
    </div>
  )
}
