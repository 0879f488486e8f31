import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'

import { apiHere } from '@/app/api-here'
import { chosenQuery, onePackQuery, versionDetailQuery } from '@/components/packs/one-pack-queries'
import { PackPage } from '@/components/packs/pack-page'

interface Props {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props) {
  return { title: decodeURIComponent((await params).name) }
}

const one = (value: string | string[] | undefined) => [value].flat()[0] ?? ''

/** What the page begins with. What fails here is tried again by the browser, and told there. */
async function begin(client: QueryClient, name: string, registryUid: string, version: string): Promise<void> {
  const api = await apiHere()
  const pack = await client.fetchQuery(onePackQuery(name, api))
  const uid = pack && (await client.fetchQuery(chosenQuery(pack, registryUid, version, api)))
  if (uid) await client.prefetchQuery(versionDetailQuery(uid, api))
}

export default async function Page({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name)
  const { registry, version } = await searchParams
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  await begin(client, name, one(registry), one(version)).catch(() => {})
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <PackPage name={name} />
    </HydrationBoundary>
  )
}
