import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'

import { apiHere } from '@/app/api-here'
import { PackList } from '@/components/packs/pack-list'
import { facetsQuery, packsQuery, readChoice } from '@/components/packs/queries'
import { PageHeader } from '@/components/shell/page-header'

export const metadata = { title: 'Packs' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function PacksPage({ searchParams }: Props) {
  const query = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([key, value]) =>
      value === undefined ? [] : [value].flat().map((one) => [key, one]),
    ),
  )
  const choice = readChoice(query)
  const api = await apiHere()
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  // What fails here is tried again by the browser, and told there.
  await Promise.all([
    client.prefetchInfiniteQuery(packsQuery(choice, api)),
    client.prefetchQuery(facetsQuery(choice, api)),
  ])
  return (
    <>
      <PageHeader title="Packs" description="Everything that your registries offer, kept in sync." />
      <HydrationBoundary state={dehydrate(client)}>
        <PackList />
      </HydrationBoundary>
    </>
  )
}
