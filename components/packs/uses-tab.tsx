'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'

import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Empty, LoadFailed, SkeletonRows } from '@/components/ui/list-states'
import { Table, Td, Th } from '@/components/ui/table'
import { ApiError } from '@/lib/client/call'
import { usesQuery } from './one-pack-queries'
import { packHref } from './pack-href'

/** The cluster profiles that hold a pack, each with the version that it holds. */
export function UsesTab({ name, chosenUid }: { name: string; chosenUid: string }) {
  const uses = useInfiniteQuery(usesQuery(name))
  const rows = uses.data?.pages.flatMap((page) => page.items) ?? []
  if (uses.isPending) return <SkeletonRows label="Loading the profiles" rows={5} />
  if (uses.error instanceof ApiError && uses.error.status === 403)
    return <Callout title="Your role does not show cluster profiles">{uses.error.message}</Callout>
  if (uses.isError)
    return <LoadFailed what="The profiles" error={uses.error} retry={() => void uses.refetch()} />
  if (rows.length === 0)
    return (
      <Empty
        title="No cluster profile uses this pack"
        action={
          <Button asChild>
            <Link href="/profiles/new">Compose a profile</Link>
          </Button>
        }
      >
        Profiles that hold any version of it are listed here.
      </Empty>
    )
  return (
    <div className="flex flex-col gap-3">
      <div className="overflow-hidden rounded-lg border bg-surface">
        <Table label="Profiles that use it">
          <thead>
            <tr>
              <Th>Profile</Th>
              <Th>Profile version</Th>
              <Th>State</Th>
              <Th>Project</Th>
              <Th>Holds</Th>
              <Th>Registry</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr
                key={`${one.profileUid} ${one.version} ${one.registryUid}`}
                className={one.packUid && one.packUid === chosenUid ? 'bg-accent-soft/60' : undefined}
              >
                <Td>
                  <Link
                    href={`/profiles/${one.profileUid}`}
                    className="font-medium underline-offset-3 hover:underline"
                  >
                    {one.profileName}
                  </Link>
                </Td>
                <Td className="mono text-xs">{one.profileVersion}</Td>
                <Td>
                  <Badge tone={one.isPublished ? 'good' : 'neutral'}>
                    {one.isPublished ? 'Published' : 'Draft'}
                  </Badge>
                </Td>
                <Td className="text-ink-soft">{one.projectName || 'Whole tenant'}</Td>
                <Td className="whitespace-nowrap">
                  <Link
                    href={packHref(name, one)}
                    className="mono text-xs underline-offset-3 hover:underline"
                  >
                    {one.version}
                  </Link>
                  {one.tag !== one.version ? (
                    <span className="text-ink-faint text-xs">
                      {' '}
                      follows <span className="mono">{one.tag}</span>
                    </span>
                  ) : null}
                </Td>
                <Td className="text-ink-soft">{one.registryName}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      {uses.hasNextPage ? (
        <Button
          className="self-start"
          busy={uses.isFetchingNextPage}
          onClick={() => void uses.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </div>
  )
}
